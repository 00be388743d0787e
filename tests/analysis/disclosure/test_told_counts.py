"""What is hidden in an answer stays hidden from somebody who knows the rule, also after one more patient."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.told_counts import ToldCurve, told_beside, told_curve, told_part, told_years
from tests.analysis.disclosure.test_masking import ways

pytestmark = pytest.mark.newest  # which whole numbers are hidden: sums and comparisons, the same on any version

Table = tuple[int, ...]  # how many leave in each month, with the event and without in turns


def cumulated(table: Table) -> tuple[list[int], list[int]]:
    events, others = table[::2], table[1::2]
    both = [first + second for first, second in zip(events, others, strict=True)]
    return list(itertools.accumulate(both)), list(itertools.accumulate(events))


def told_of(table: Table, least: int) -> ToldCurve:
    return told_curve(*cumulated(table), least)


def secrets_of(table: Table) -> list[int]:
    """Return how many left between any two months: with the event, without it, and together; and who remains."""
    left, events = cumulated(table)
    kinds = ([0, *left], [0, *events], [0, *(both - one for both, one in zip(left, events, strict=True))])
    found = [after - before for kind in kinds for before, after in itertools.combinations(kind, 2)]
    return found + [left[-1] - gone for gone in left]


def pinned(cases: Iterable[tuple[object, list[int]]], least: int) -> int:
    """Return in how many cases a number from 1 to below the threshold can have only one value, given what is told."""
    lowest: dict[object, np.ndarray] = {}
    highest: dict[object, np.ndarray] = {}
    for told, secrets in cases:
        now = np.array(secrets)
        lowest[told] = np.minimum(lowest[told], now) if told in lowest else now
        highest[told] = np.maximum(highest[told], now) if told in highest else now
    return sum(
        bool(((lowest[told] == highest[told]) & (lowest[told] > 0) & (lowest[told] < least)).any()) for told in lowest
    )


@pytest.mark.parametrize(("patients", "months", "least"), [(9, 2, 3), (14, 3, 3), (9, 4, 3), (20, 2, 4)])
def test_no_step_of_a_curve_can_be_worked_out(patients: int, months: int, least: int) -> None:
    assert not pinned(((told_of(table, least), secrets_of(table)) for table in ways(patients, 2 * months)), least)


@pytest.mark.parametrize(("patients", "months"), [(9, 2), (14, 2), (9, 3)])
@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
def test_no_step_can_be_worked_out_from_the_answers_before_and_after_a_new_patient(
    patients: int, months: int, known: bool
) -> None:
    """Not even by somebody who knows when and how the new patient left."""
    least = 3

    def cases() -> Iterator[tuple[object, list[int]]]:
        for table in ways(patients, 2 * months):
            for new in range(2 * months):
                later = tuple(number + (place == new) for place, number in enumerate(table))
                told = told_of(table, least), told_of(later, least), new if known else None
                yield told, secrets_of(table) + secrets_of(later)

    assert not pinned(cases(), least)


@pytest.mark.parametrize("size", [7, 8])
@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
def test_no_part_of_a_year_can_be_worked_out(size: int, known: bool) -> None:
    """Assessed with and without a known state, in remission, with a relapse: alone, and before and after one more."""
    least = 3
    not_seen, unknown, unknown_relapse, neither, relapse, remission, both = range(7)

    def told(table: Table) -> object:
        seen = sum(table[neither:])
        with_state = told_years([seen], [table[remission] + table[both]], sum(table), least)
        any_seen = [sum(table) - table[not_seen]]
        relapsed = [table[unknown_relapse] + table[relapse] + table[both]]
        return with_state, told_beside(any_seen, relapsed, with_state, sum(table), least)

    def secrets(table: Table) -> list[int]:
        seen, without = sum(table[neither:]), table[unknown] + table[unknown_relapse]
        well = table[remission] + table[both]
        relapsed = table[unknown_relapse] + table[relapse] + table[both]
        return [
            seen,
            sum(table) - seen,
            without,
            table[not_seen],
            well,
            seen - well,
            relapsed,
            seen + without - relapsed,
        ]

    def cases() -> Iterator[tuple[object, list[int]]]:
        for table in ways(size, 7):
            yield ("alone", told(table)), secrets(table)
            for new in range(7):
                later = tuple(number + (place == new) for place, number in enumerate(table))
                yield (told(table), told(later), new if known else None), secrets(table) + secrets(later)

    assert not pinned(cases(), least)


def test_the_attack_finds_what_is_told_from_the_threshold_on() -> None:
    """A count of 3 that is told once it is 3, and not before, was 2."""

    def told(number: int) -> int | None:
        return number if number >= 3 else None

    cases = [((told(number), told(number + new)), [number]) for number in range(6) for new in (0, 1)]
    assert pinned(cases, 3)
    assert not pinned([((told_part(number, 20, 3), told_part(number + 1, 21, 3)), [number]) for number in range(6)], 3)


@given(st.integers(11, 60), st.data())
def test_what_is_hidden_lies_between_the_limits_and_may_be_any_of_them(of: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, of))
    low, high = told_part(number, of, 5)
    assert low <= number <= high
    assert {told_part(each, of, 5) for each in range(low, high + 1)} == {(low, high)}
    assert low == high or (low, high) in ((0, 5), (of - 5, of))
