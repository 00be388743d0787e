"""Standardised differences, worked out by hand and from their sources."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.counts.distribution import Distribution
from analysis.estimates.description.standardised import number_difference, share_difference


def difference(*groups: np.ndarray) -> float:
    return number_difference([Distribution.of(numbers) for numbers in groups])


def test_differences_in_means() -> None:
    # Means 2 and 5, variances 1 and 1
    assert number_difference([Distribution.of([1.0, 2, 3]), Distribution.of([4.0, 5, 6])]) == pytest.approx(3)
    # Variances 2 and 8: root of 5
    assert number_difference([Distribution.of([0.0, 2]), Distribution.of([2.0, 6])]) == pytest.approx(3 / np.sqrt(5))


def test_two_levels_equal_a_proportion() -> None:
    # Austin 2009: (p1 - p2) / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2)
    expected = 0.2 / np.sqrt((0.3 * 0.7 + 0.5 * 0.5) / 2)
    assert share_difference([np.array([0.3, 0.7]), np.array([0.5, 0.5])]) == pytest.approx(expected)


def test_three_levels() -> None:
    # By hand: T - C = (0.2, 0), S = [[0.23, -0.12], [-0.12, 0.21]]; 0.04 x 0.21 / (0.23 x 0.21 - 0.12^2)
    found = share_difference([np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.3, 0.4])])
    assert found == pytest.approx(np.sqrt(0.04 * 0.21 / (0.23 * 0.21 - 0.12**2)))


def test_the_largest_of_several_pairs() -> None:
    groups = [Distribution.of([1.0, 2, 3]), Distribution.of([2.0, 3, 4]), Distribution.of([11.0, 12, 13])]
    assert number_difference(groups) == pytest.approx(10)


def test_undefined_differences_are_missing() -> None:
    assert number_difference([Distribution.of([1.0, 1]), Distribution.of([1.0, 1])]) == 0
    assert number_difference([Distribution.of([0.1] * 3), Distribution.of([0.1] * 7)]) == 0
    assert np.isnan(number_difference([Distribution.of([0.1] * 3), Distribution.of([0.2] * 3)]))
    assert np.isnan(number_difference([Distribution.of([1.0]), Distribution.of([2.0, 3])]))
    assert np.isnan(number_difference([Distribution.of([1.0, 2])]))
    assert share_difference([np.array([1.0, 0]), np.array([1.0, 0])]) == 0
    assert np.isnan(share_difference([np.array([1.0, 0]), np.array([0.0, 1])]))
    assert np.isnan(share_difference([np.array([1.0, 0, 0]), np.array([0.0, 0.5, 0.5])]))
    assert np.isnan(share_difference([np.array([np.nan, np.nan]), np.array([0.5, 0.5])]))


COUNTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


@given(COUNTS, COUNTS, st.permutations([0, 1, 2]))
def test_the_order_of_groups_and_levels_does_not_matter(a: list[int], b: list[int], order: list[int]) -> None:
    first, second = (np.array(counts) / sum(counts) for counts in (a, b))
    expected = share_difference([first, second])
    assert share_difference([second[order], first[order]]) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=9), st.lists(st.integers(0, 50), min_size=2, max_size=9))
def test_the_unit_does_not_matter(a: list[int], b: list[int]) -> None:
    first, second = np.array(a, dtype=float), np.array(b, dtype=float)
    found, other = difference(first, second), difference(8 * first + 16, 8 * second + 16)
    assert (np.isnan(found) and np.isnan(other)) or found == pytest.approx(other, abs=1e-9)
