"""Small counts of risk sets by year stay hidden from somebody who knows the rules and all that is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import yearly_relapse, yearly_remission
from analysis.cohort.arrays import Integers
from analysis.counts.groups import Groups
from analysis.disclosure.shared_years import disclosed_numbers, shared_yearly
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.yearly_numbers import Numbers
from tests.analysis.disclosure.test_masking import Disclosed_, given_away, ways
from tests.analysis.made import SAMPLE

PATIENTS = 9
Table = tuple[Integers, Integers]  # denominators and numerators by year, of one group of 9 patients


@cache
def of_the_sample(estimand: str, years: int) -> Numbers:
    return yearly_relapse(SAMPLE, estimand=estimand, years=range(1, 1 + years)).numbers


def numbers_of(estimand: str, table: Table) -> Numbers:
    """Return the numbers of one group of whom nobody was seen in any year."""
    patients, events = table
    made = of_the_sample(estimand, len(patients))
    all_patients = np.full((1, len(patients)), PATIENTS)
    return replace(
        made,
        groups=Groups(None, ("All",), np.array([PATIENTS])),
        enrolled=all_patients,
        places={name: all_patients * (name == "visit_missing") for name in made.places},
        patients=patients[None],
        events=events[None],
    )


def told_of(estimand: str, table: Table, least: int) -> Disclosed_:
    """Return the denominators and numerators that are told, or None."""
    told = disclosed_numbers(numbers_of(estimand, table), choose_estimand("relapse", estimand).disclosure, least)
    both = np.concatenate([told.patients, told.events], axis=None)
    return tuple(None if np.isnan(number) else int(number) for number in both)


def of_one_year() -> Iterator[Table]:
    """Return every number of patients in a denominator, and of those who count."""
    for patients in range(PATIENTS + 1):
        for events in range(patients + 1):
            yield np.array([patients]), np.array([events])


def who_leave() -> Iterator[Table]:
    """Return every way to leave within three years, by the event or otherwise."""
    for way in ways(PATIENTS, 7):
        events, left = np.array(way[:6]).reshape(2, 3)
        yield PATIENTS - np.cumsum([0, *(events + left)[:-1]]), events


def who_had_it() -> Iterator[Table]:
    """Return every way to have the event by the end of four years."""
    for way in ways(PATIENTS, 5):
        yield np.full(4, PATIENTS), np.cumsum(way[:4])


def rest_of_one_year(table: Table) -> list[int]:
    patients, events = table
    return np.concatenate([patients, events, patients - events, PATIENTS - patients]).tolist()


def changes_between_years(table: Table) -> list[int]:
    """Return how many leave, with the event or without it, in any stretch of years."""
    patients, events = table
    gone = np.append(patients[:-1] - patients[1:], [events[-1]])
    leaving = [np.cumsum(np.append(0, each)) for each in (events, (gone - events)[:-1], gone[:-1])]
    return [*(int(b - a) for each in leaving for a, b in itertools.combinations(each, 2)), *patients.tolist()]


def added_between_years(table: Table) -> list[int]:
    sums = [0, *table[1].tolist(), PATIENTS]
    return [after - before for before, after in itertools.combinations(sums, 2)]


@pytest.mark.parametrize("least", [3, 4])
@pytest.mark.parametrize(
    ("estimand", "tables", "secrets"),
    [
        ("at_risk", of_one_year, rest_of_one_year),
        ("rate", who_leave, changes_between_years),
        ("cumulative", who_had_it, added_between_years),
    ],
)
def test_no_hidden_small_count_has_one_possible_value(
    estimand: str, tables: Callable[[], Iterator[Table]], secrets: Callable[[Table], list[int]], least: int
) -> None:
    assert not given_away(tables(), lambda table: told_of(estimand, table, least), secrets, least)


def test_the_attack_finds_what_is_not_hidden() -> None:
    assert given_away(who_leave(), lambda table: tuple(table[0].tolist()), changes_between_years, 3)


def test_a_rate_does_not_tell_the_times_that_it_rests_on() -> None:
    """The rate at all its digits, and the events, would tell the patient-years to the day."""
    exact = yearly_relapse(SAMPLE, estimand="rate")
    safe = shared_yearly(exact, 5)
    told = safe.bars.dropna(subset=["share"])
    assert not told.empty
    assert (100 * told["events"] / told["share"]).astype(float).round(6).tolist() == told["person_years"].tolist()
    assert not np.isclose(exact.bars["person_years"], exact.bars["person_years"].round(1)).all()


def test_a_number_that_is_not_told_is_in_no_attribute() -> None:
    safe = shared_yearly(yearly_remission(SAMPLE, estimand="deaths_counted"), 5)
    held = (*safe.numbers.places.values(), safe.numbers.patients, safe.numbers.events, *safe.numbers.beside.values())
    counts = np.concatenate(held, axis=None)
    assert not ((counts > 0) & (counts < 5)).any()
    assert set(safe.numbers.mentioned.values()) <= {0, None}
    assert safe.numbers.number_of_patients == 87
    with pytest.raises(TypeError, match="hidden already"):
        shared_yearly(safe, 5)
