"""Positions of texts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.common.rows import spread_out


@given(st.lists(st.floats(0, 300), max_size=8))
def test_names_keep_their_distance_order_and_limits(positions: list[float]) -> None:
    moved = spread_out(positions, 15, 0, 300)
    order = sorted(range(len(positions)), key=lambda place: positions[place])
    assert all(moved[after] - moved[before] >= 15 - 1e-9 for before, after in pairwise(order))
    assert all(0 <= place <= 300 for place in moved)


def test_positions_with_enough_room_stay() -> None:
    assert spread_out([200, 10, 100], 15, 0, 300) == [200, 10, 100]


def test_two_at_one_place_are_moved_apart_at_the_bottom() -> None:
    assert spread_out([300, 300], 15, 0, 300) == pytest.approx([285, 300])
