"""Small counts stay hidden from somebody who knows the rule and everything told: all possible counts are tried."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from analysis.disclosure.masking import (
    POOLED_FIRST,
    Disclosed,
    disclosed_of_curves,
    disclosed_times,
    hidden_of,
    hidden_parts,
)

pytestmark = pytest.mark.newest  # which whole numbers are hidden: sums and comparisons, the same on any version

GONE = 3  # the first parts of a year can only become more
Disclosed_ = tuple[Hashable, ...]


def ways(number: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which a number is the sum of so many parts."""
    for bars in itertools.combinations(range(number + parts - 1), parts - 1):
        ends = (-1, *bars, number + parts - 1)
        yield tuple(after - before - 1 for before, after in itertools.pairwise(ends))


def given_away(
    inputs: Iterable[Any], told: Callable[[Any], Disclosed_], secrets: Callable[[Any], list[int]], least: int
) -> int:
    """Return in how many cases a small number can have only one value, seeing what is told and knowing the rule."""
    seen: dict[Disclosed_, list[list[int]]] = defaultdict(list)
    for each in inputs:
        seen[told(each)].append(secrets(each))
    cases = [np.array(possible) for possible in seen.values()]
    return sum(
        bool(((possible == possible[0]).all(axis=0) & (possible[0] > 0) & (possible[0] < least)).any())
        for possible in cases
    )


def ledger_disclosed(cells: Any, least: int) -> Disclosed_:
    """Return what is told of a ledger: by group and year a number, or None."""
    pools = hidden_parts(cells, least)
    return tuple(
        None if part < pools[year] else int(cells[group, year, part]) for group, year, part in np.ndindex(*cells.shape)
    )


@pytest.mark.parametrize(("patients", "least"), [(7, 3), (9, 3), (10, 4), (10, 5)])
def test_no_part_of_a_year_can_be_worked_out(patients: int, least: int) -> None:
    rows = [np.array([[row]]) for row in ways(patients, len(POOLED_FIRST))]
    assert not given_away(rows, lambda row: ledger_disclosed(row, least), lambda row: list(row.ravel()), least)


def test_no_part_can_be_worked_out_from_the_years_before_and_after() -> None:
    rows = list(ways(5, len(POOLED_FIRST)))
    pairs = [
        np.array([[first, second]])
        for first, second in itertools.product(rows, rows)
        if all(before <= after for before, after in zip(first[:GONE], second[:GONE], strict=True))
    ]
    assert not given_away(pairs, lambda pair: ledger_disclosed(pair, 3), lambda pair: list(pair.ravel()), 3)


def test_no_part_of_a_group_can_be_worked_out_from_the_figure_of_all_patients() -> None:
    rows = list(ways(4, len(POOLED_FIRST)))
    groups = [np.array([[first], [second]]) for first, second in itertools.product(rows, rows)]

    def told(cells: Any) -> Disclosed_:
        return ledger_disclosed(cells, 3) + ledger_disclosed(cells.sum(axis=0, keepdims=True), 3)

    assert not given_away(groups, told, lambda cells: [*cells.ravel(), *cells.sum(axis=0).ravel()], 3)


def test_hiding_only_the_small_parts_would_give_them_away() -> None:
    """The attack of these tests finds what it should: one hidden part is the total less the others."""
    rows = list(ways(9, 6))
    naive = [tuple(None if 0 < part < 3 else part for part in row) for row in rows]
    told = dict(zip(rows, naive, strict=True))
    assert given_away(rows, lambda row: told[row], list, 3)


@pytest.mark.parametrize("least", [3, 4, 5])
def test_events_of_two_groups_cannot_be_worked_out_from_the_sum(least: int) -> None:
    sizes = np.array([[7], [6]])
    pairs = [np.array([[first], [second]]) for first in range(8) for second in range(7)]

    def told(events: Any) -> Disclosed_:
        alone, together = (
            hidden_of(events, sizes, least)[0],
            hidden_of(events.sum(axis=0)[None], sizes.sum()[None, None], least)[0],
        )
        return (None if alone else tuple(events.ravel()), None if together else int(events.sum()))

    assert not given_away(pairs, told, lambda events: [*events.ravel(), *(sizes - events).ravel()], least)


@pytest.mark.parametrize("least", [3, 4])
def test_what_is_added_to_a_rising_number_cannot_be_worked_out(least: int) -> None:
    added = list(ways(9, 4))

    def told(each: tuple[int, ...]) -> Disclosed_:
        rising = np.cumsum(each[:-1])[None]
        known = disclosed_times(rising, np.array([9]), least)
        return tuple(int(number) if tell else None for number, tell in zip(rising[0], known, strict=True))

    def secrets(each: tuple[int, ...]) -> list[int]:
        sums = [0, *itertools.accumulate(each)]
        return [after - before for before, after in itertools.combinations(sums, 2)]

    assert not given_away(added, told, secrets, least)


def curve_disclosed(left: Any, patients: Any, least: int) -> Disclosed_:
    """Return what is told of curves: at risk, events, competing and other ends by group and time, or None."""
    told = disclosed_of_curves(left, patients, least)
    return tuple(
        tuple(
            int(number) if tell >= needed else None
            for number, needed in zip(
                (size - now.sum(), *now),
                (Disclosed.AT_RISK, Disclosed.EVENTS, Disclosed.EVERYTHING, Disclosed.EVERYTHING),
                strict=True,
            )
        )
        for group, size in zip(left, patients, strict=True)
        for tell, now in zip(told, group, strict=True)
    )


def curve_secrets(left: Any, patients: Any) -> list[int]:
    """Return how many left between any two times, of each kind and of two or three kinds together, and who remains."""
    found: list[int] = []
    for group, size in zip(left, patients, strict=True):
        kinds = [
            group[:, list(which)].sum(axis=1)
            for count in (1, 2, 3)
            for which in itertools.combinations(range(3), count)
        ]
        found += [
            int(kind[after] - kind[before])
            for kind in kinds
            for before, after in itertools.combinations(range(len(kind)), 2)
        ]
        found += list(size - group.sum(axis=1))
    return found


@pytest.mark.parametrize(
    ("patients", "times", "kinds", "least"),
    [
        (9, 3, (0, 2), 3),
        (14, 2, (0, 2), 3),
        (8, 4, (0, 2), 3),
        (10, 3, (0, 2), 4),
        (8, 3, (0, 1, 2), 3),
        (10, 2, (0, 1, 2), 4),
    ],
)
def test_no_step_of_a_curve_can_be_worked_out(patients: int, times: int, kinds: tuple[int, ...], least: int) -> None:
    size = np.array([patients])
    curves = []
    for way in ways(patients, times * len(kinds) + 1):
        added = np.zeros((1, times + 1, 3), dtype=int)
        added[0, 1:, list(kinds)] = np.array(way[:-1]).reshape(times, len(kinds)).T
        curves.append(added.cumsum(axis=1))
    assert not given_away(
        curves, lambda left: curve_disclosed(left, size, least), lambda left: curve_secrets(left, size), least
    )


def test_no_step_of_a_group_can_be_worked_out_from_the_curve_of_all_patients() -> None:
    sizes, both = np.array([4, 4]), np.array([8])
    one = [np.array(way[:-1]).reshape(2, 2) for way in ways(4, 5)]
    curves = []
    for first, second in itertools.product(one, one):
        added = np.zeros((2, 3, 3), dtype=int)
        added[0, 1:, [0, 2]], added[1, 1:, [0, 2]] = first.T, second.T
        curves.append(added.cumsum(axis=1))

    def told(left: Any) -> Disclosed_:
        return curve_disclosed(left, sizes, 3) + curve_disclosed(left.sum(axis=0, keepdims=True), both, 3)

    assert not given_away(curves, told, lambda left: curve_secrets(left, sizes), 3)


def test_a_year_by_hand() -> None:
    """39 assessed, 12 without a visit, 26 not due are told; 3 dead, 7 lost and 0 others only together."""
    assert hidden_parts(np.array([[[3, 7, 0, 12, 26, 39]]]), 5) == [3]
    assert hidden_parts(np.array([[[2, 1, 0, 1, 0, 83]]]), 5) == [6]  # 83 of 87 would tell that 4 were not assessed
    assert hidden_parts(np.array([[[5, 18, 0, 0, 58, 6]]]), 5) == [0]
