"""Presence of values of a visit measure: numbers of patients by group, and who is left out of an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers
from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.measurement_limits import LEFT_OUT, has_limits
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import count_codes
from analysis.counts.groups import IN_A_GROUP, IN_NONE, IN_TWO, Groups, Membership, membership, spread
from analysis.counts.joining import join_names
from analysis.counts.reasons import Absence, LeftOut
from analysis.facts.scheduled_values import CHANGE, PERCENT, Has, What, has_values
from analysis.facts.scheduled_visits import ScheduledMeasure, values_at_limit

Steps = Sequence[tuple[Has, str]]  # successive requirements, and why patients who do not meet one are left out

NO_VALUE = "no value at any visit"
NO_VALUE_WITHIN_LIMITS = "no value within the limits of measurement"
NO_SCHEDULED_VALUE = "no value at any scheduled month"
AT_LIMIT = ("values_below_limit", "values_above_limit")
WAYS = 2 ** len(Has)  # combinations of the flags of `Has`


@dataclass(frozen=True, eq=False)
class Presence:
    """Numbers of patients by group and presence of values.

    Attributes
    ----------
    asked
        The measure and its schedule.
    groups
        The groups.
    patients
        Groups (last: patients in two groups) by combinations of `Has`, as its integer value.
    without_group
        Number of patients without a group.
    at_limit
        Numbers of values at scheduled months that are limits of measurement, below and above which the true ones lie:
        groups (last: patients in two groups) by combinations of `Has` by 2.
    """

    asked: ScheduledMeasure
    groups: Groups
    patients: Integers
    without_group: int
    at_limit: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, asked: ScheduledMeasure, by: By | None) -> Presence:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the visits have no such measure, or the patients no such grouping column.
        """
        return _presence(cohort, asked, by)

    def __add__(self, other: Presence) -> Presence:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their measures or groupings differ.
        """
        if self.asked != other.asked:
            raise ValueError("Counts add up where they are of the same measure at the same months.")
        names, *places = join_names(self.groups.names, other.groups.names)
        first, second = (
            spread(np.dstack([each.patients, each.at_limit]), np.append(place, len(names)), len(names) + 1)
            for each, place in zip((self, other), places, strict=True)
        )
        patients, at_limit = (first + second)[..., 0], (first + second)[..., 1:]
        without = self.without_group + other.without_group
        return replace(
            self, groups=self.groups + other.groups, patients=patients, without_group=without, at_limit=at_limit
        )

    def number(self, has: Has) -> int:
        """Return the number of distinct patients in any group with these values."""
        of_groups = self.patients[:, _ways(has)].sum(axis=1)
        return int(of_groups[:-1].sum() - of_groups[-1])

    def values_at_limit(self, has: Has) -> tuple[int, int]:
        """Return the numbers of values at a limit, below and above it, of distinct patients in any group.

        Parameters
        ----------
        has
            The values that a patient needs to be counted. Where values at a limit are left out, a patient may have no
            other, and those of all patients count.
        """
        of_groups = self.at_limit[:, _ways(Has(0) if self.asked.at_limit == LEFT_OUT else has)].sum(axis=1)
        below, above = (of_groups[:-1].sum(axis=0) - of_groups[-1]).tolist()
        return below, above

    def by_group(self, has: Has) -> pd.DataFrame:
        """Return group, patients (with these values), members (all in the group), for the groups shown."""
        shown = self.groups.shown
        patients = self.patients[:, _ways(has)].sum(axis=1)[shown]
        members = self.groups.members[shown]
        return pd.DataFrame({"group": self.groups.column(shown), "patients": patients, "members": members})

    def left_out(self, steps: Steps) -> LeftOut:
        """Return the numbers of patients left out, by reason."""
        numbers, required = [self.number(Has(0))], Has(0)
        for has, _ in steps:
            required |= has
            numbers.append(self.number(required))
        reasons = (NO_GROUP, *(reason for _, reason in steps))
        return LeftOut(reasons, (self.without_group, *(int(number) for number in -np.diff(numbers))))

    def to_table(self) -> pd.DataFrame:
        """Return counted, group, a flag for each of `Has`, patients, values_below_limit, values_above_limit.

        `counted` is "in a group", "in two groups" or "in no group"; the last two have no group. Every group has a row
        for patients without any value.
        """
        rows = [
            (
                IN_TWO if place == len(self.groups.names) else IN_A_GROUP,
                *(name, *_flags(way), number, *self.at_limit[place, way].tolist()),
            )
            for place, name in enumerate((*self.groups.names, None))
            for way, number in enumerate(self.patients[place].tolist())
            if number or not way
        ]
        rows.append((IN_NONE, None, *_flags(0), self.without_group, 0, 0))
        return pd.DataFrame(rows, columns=["counted", "group", *_names(), "patients", *AT_LIMIT])

    @classmethod
    def from_table(cls, table: pd.DataFrame, *, asked: ScheduledMeasure, by: By | None) -> Presence:
        """Return the counts in a table of `to_table`; the other arguments say what was counted."""
        names = tuple(dict.fromkeys(table.loc[table["counted"] == IN_A_GROUP, "group"]))
        place = {name: number for number, name in enumerate(names)}
        in_group = table[table["counted"] != IN_NONE]
        row = in_group["group"].map(place).fillna(len(names)).to_numpy(dtype=np.intp)
        way = in_group[_names()].to_numpy(dtype=np.int64) @ np.array([int(has) for has in Has])
        patients = np.zeros((len(names) + 1, WAYS), dtype=np.int64)
        patients[row, way] = in_group["patients"]
        at_limit = np.zeros((*patients.shape, 2), dtype=np.int64)
        at_limit[row, way] = in_group[[*AT_LIMIT]]
        sizes = patients.sum(axis=1)
        groups = Groups(by, names, sizes[:-1], int(sizes[-1]))
        return cls(asked, groups, patients, int(table.loc[table["counted"] == IN_NONE, "patients"].sum()), at_limit)


@cached
def _presence(cohort: Cohort, asked: ScheduledMeasure, by: By | None) -> Presence:
    who = membership(cohort, by)
    cells = count_codes(who, has_values(cohort, asked)["has"], WAYS)
    patients = np.zeros((len(who.names) + 1, WAYS), dtype=np.int64)
    patients[cells.group, cells.code] = cells.patients
    return Presence(asked, who.groups(), patients, len(who.without), _at_limit(cohort, asked, who))


def _at_limit(cohort: Cohort, asked: ScheduledMeasure, who: Membership) -> Integers:
    """Return the numbers of values at a limit: groups by combinations of `Has` by below and above."""
    found = np.zeros((len(who.names) + 1, WAYS, 2), dtype=np.int64)
    if has_limits(cohort, asked.measure):
        group, rows = who.members_and_shared()
        has, numbers = has_values(cohort, asked)["has"], values_at_limit(cohort, asked)
        for place, name in enumerate(("below", "above")):
            np.add.at(found[..., place], (group, has[rows]), numbers[name][rows])
    return found


def no_value(asked: ScheduledMeasure) -> str:
    """Return why a patient without a value is left out."""
    return NO_VALUE_WITHIN_LIMITS if asked.at_limit == LEFT_OUT else NO_VALUE


def steps_of_values(
    asked: ScheduledMeasure, what: What, *, same_patients: bool = False, above_0: bool = False
) -> list[tuple[Has, str]]:
    """Return the values that a patient needs to be in a trajectory, with the reasons for being left out.

    Parameters
    ----------
    asked, what, same_patients
        As in `analysis.counts.measured_values.Values`.
    above_0
        Whether only values above 0 are used, as in a geometric mean.
    """
    first = f"{asked.months[0]:g}"
    return [
        (Has.ANY, no_value(asked)),
        *([(Has.EVERY, "no value at every scheduled month")] if same_patients else []),
        *([(Has.FIRST, f"no value at month {first}")] if what in (CHANGE, PERCENT) else []),
        *([(Has.FIRST_ABOVE_0, f"0 at month {first}")] if what == PERCENT else []),
        *([(Has.ABOVE_0, "no value above 0")] if above_0 else []),
    ]


def absence_of_values(cohort: Cohort, asked: ScheduledMeasure, by: By | None, steps: Steps) -> Absence:
    """Return why patients are left out; `Presence.left_out` has their numbers."""
    who, has = membership(cohort, by), has_values(cohort, asked)["has"]
    without = np.zeros(len(cohort), dtype=bool)
    without[who.without] = True
    return Absence.of(who.asked, [(NO_GROUP, without), *((reason, has & step == 0) for step, reason in steps)])


def required(steps: Steps) -> Has:
    """Return all values that these steps require."""
    every = Has(0)
    for has, _ in steps:
        every |= has
    return every


def _ways(has: Has) -> Flags:
    return np.arange(WAYS) & int(has) == int(has)


def _flags(way: int) -> list[bool]:
    return [bool(way & has) for has in Has]


def _names() -> list[str]:
    return [str(has.name).lower() for has in Has]
