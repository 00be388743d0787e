"""Whether the numbers of a masked sum can be counts of patients: one that was changed mostly cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from analysis.centres.centre_question import CentreQuestion
from analysis.centres.masked_layout import (
    HALF_WORD,
    LARGEST,
    PATIENTS,
    STATES,
    SUMS,
    WHAT,
    ZEROS,
    endpoints_of,
    ways,
)
from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import By
from analysis.counts.leaving import Leaving
from analysis.counts.possible import ImpossibleCountsError, check_possible
from analysis.facts.endpoints import AnyEndpoint
from analysis.facts.scheduled_values import VALUE, What

MOST_PATIENTS = 1_000_000_000
NOT_OF_PATIENTS = (*SUMS[1:], "at limit")  # numbers of values, and sums of them


class Sum(Protocol):
    """A masked sum, as far as it is checked."""

    @property
    def question(self) -> CentreQuestion:
        """The question."""

    @property
    def by(self) -> By | None:
        """The groups; None without a comparison."""

    @property
    def centres(self) -> tuple[str, ...]:
        """The names of the centres."""

    @property
    def tables(self) -> Mapping[str, Integers]:
        """The sums by what they count."""

    def table(self, by: By | None, name: str) -> Integers:
        """Return a table of all patients, or by groups."""

    def leaving(self, endpoint: AnyEndpoint, by: By | None) -> Leaving:
        """Return the counts of times to an endpoint."""

    def potential(self, by: By | None) -> Leaving:
        """Return the counts of potential follow-up."""


def check_sum(total: Sum) -> None:
    """Raise an ImpossibleCountsError if the numbers of a masked sum cannot be counts of patients.

    What fits together is not found, such as one death more and one patient less who is followed on.
    """
    patients = int(total.tables[PATIENTS])
    _require(0 < patients <= MOST_PATIENTS, "the number of patients is impossible")
    _require(0 <= int(total.tables[STATES]) <= len(total.centres), "the number of centres that know states is not")
    for name, table in total.tables.items():
        if name != ZEROS and not name.endswith(NOT_OF_PATIENTS):
            _require(bool(((table >= 0) & (table <= patients)).all()), f"a number of {name} is impossible")
    for by in dict.fromkeys((None, total.by)):
        members = total.table(by, "members")
        counted = int(members.sum()) + int(total.table(by, "without a group"))
        _require(counted == patients, f"the members of groups do not add up to {patients:,}")
        for times in (*(total.leaving(each, by) for each in endpoints_of(total.question)), total.potential(by)):
            check_possible(times, patients)
        _check_shares(total, by, members)
        for measure in total.question.measures:
            _check_values(total, by, measure, members, patients)


def _check_shares(total: Sum, by: By | None, members: Integers) -> None:
    for outcome, way in ways():
        name = f"{outcome}, {way.name}"
        enrolled = total.table(by, f"{name}, places").sum(axis=0)
        counted, events = (total.table(by, f"{name}, {part}") for part in ("patients", "events"))
        _require(bool((enrolled <= members[:, None]).all()), "a year has more patients than there are")
        _require(bool((counted <= enrolled).all()), "more are counted in a year than are enrolled")
        _require(bool((events <= counted).all()), "more have an event than are counted")


def _check_values(total: Sum, by: By | None, measure: str, members: Integers, patients: int) -> None:
    below, above = total.table(by, f"{measure}, at limit").tolist()
    most = patients * len(total.question.schedule)
    _require(min(below, above) >= 0 and below <= most and above <= most, "more values are at a limit than there are")
    for what in WHAT:
        number = total.table(by, f"{measure}, {what}, number")
        _require(bool((number <= members[:, None]).all()), "more patients have a value than a group has")
        for moments in _moments(total, by, measure, what):
            _require(_can_be(moments, LARGEST if what == VALUE else 2 * LARGEST), f"a mean of {measure} is impossible")


def _moments(total: Sum, by: By | None, measure: str, what: What) -> Iterator[list[int]]:
    """Yield number, sum and the two parts of the squares of each group and month, as numbers without a limit."""
    parts = np.stack([total.table(by, f"{measure}, {what}, {part}") for part in SUMS], axis=-1)
    yield from parts.reshape(-1, len(SUMS)).tolist()


def _can_be(moments: list[int], largest: int) -> bool:
    """Return whether so many values, none beyond the largest, can have this sum and these squares."""
    number, added, high, low = moments
    squares = (high << HALF_WORD) + low
    parts = high >= 0 and 0 <= low < max(1, number) << HALF_WORD
    return parts and abs(added) <= number * largest and added * added <= number * squares <= (number * largest) ** 2


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise ImpossibleCountsError(fault)
