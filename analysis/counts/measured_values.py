"""Values of a visit measure at scheduled months, or their changes: numbers of patients by group and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import added_cells, count_codes
from analysis.counts.distribution import Distribution
from analysis.counts.groups import Groups, membership
from analysis.counts.joining import join_names
from analysis.facts.scheduled_values import START, VALUE, Has, What, coded_values, has_values
from analysis.facts.scheduled_visits import ScheduledMeasure


@dataclass(frozen=True, eq=False)
class Values:
    """Numbers of patients by group, scheduled month and value.

    Attributes
    ----------
    asked
        The measure and its schedule.
    what
        The value, its change from the first scheduled month, that in percent, or the value at the first scheduled month
        for patients with a later one.
    same_patients
        Whether only patients with a value at every scheduled month are counted.
    groups
        The groups.
    group, month
        For each row the index of the group (after the last one: patients in two groups) and of the scheduled month.
    value, patients
        The value of each row, and the number of patients; sorted by group, month and value.
    """

    asked: ScheduledMeasure
    what: What
    same_patients: bool
    groups: Groups
    group: Rows
    month: Rows
    value: Floats
    patients: Integers

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, asked: ScheduledMeasure, by: By | None, what: What = VALUE, same_patients: bool = False
    ) -> Values:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the visits have no such measure, or the patients no such grouping column.
        """
        return _values(cohort, asked, by, what, same_patients)

    def __add__(self, other: Values) -> Values:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their values or groupings differ.
        """
        if (self.asked, self.what, self.same_patients) != (other.asked, other.what, other.same_patients):
            raise ValueError("Counts add up where they are of the same values of a measure.")
        _, *places = join_names(self.groups.names, other.groups.names)
        groups = self.groups + other.groups
        keys = [
            (np.append(place, len(groups.names))[each.group], each.month, each.value)
            for each, place in zip((self, other), places, strict=True)
        ]
        (group, month, value), patients = added_cells(keys[0], keys[1], self.patients, other.patients)
        return replace(self, groups=groups, group=group, month=month, value=value, patients=patients)

    @property
    def months(self) -> tuple[float, ...]:
        """The scheduled months."""
        return self.asked.months[:1] if self.what == START else self.asked.months

    def where(self, kept: Flags) -> Values:
        """Return the rows for which a flag holds."""
        return replace(
            self,
            group=self.group[kept],
            month=self.month[kept],
            value=self.value[kept],
            patients=self.patients[kept],
        )

    def at_months(self, places: Sequence[int]) -> Values:
        """Return the values at the months at these places alone, in order."""
        held = self.where(np.isin(self.month, places))
        months = tuple(self.months[place] for place in places)
        asked = replace(self.asked, months=months)
        return replace(held, asked=asked, month=np.searchsorted(places, held.month))

    def at(self, group: int, month: int) -> Distribution:
        """Return the values in a group at a month, both by index."""
        start, end = self._edges[group, month : month + 2]
        return Distribution(self.value[start:end], self.patients[start:end])

    def in_two_groups(self, month: int) -> Distribution:
        """Return the values at a month (by index) of the patients in two groups."""
        return self.at(len(self.groups.names), month)

    def of_patients(self, month: int) -> list[Distribution]:
        """Return the values at a month (by index) of each group, and last of the patients in two groups."""
        return [self.at(group, month) for group in range(len(self.groups.names) + 1)]

    @cached_property
    def _edges(self) -> Rows:
        """Positions at which the rows of each month begin, and at which those of the last one end: groups by months."""
        groups, months = len(self.groups.names) + 1, len(self.months)
        edges = np.searchsorted(self.group * months + self.month, np.arange(groups * months + 1))
        return np.column_stack([edges[:-1].reshape(groups, months), edges[months::months]])

    def to_table(self) -> pd.DataFrame:
        """Return group, months, value, patients; rows without a group are of patients in two groups."""
        names = pd.Categorical.from_codes(
            np.where(self.group < len(self.groups.names), self.group, -1), self.groups.names, ordered=True
        )
        months = np.array(self.asked.months)[self.month]
        return pd.DataFrame({"group": names, "months": months, "value": self.value, "patients": self.patients})

    @classmethod
    def from_table(
        cls, table: pd.DataFrame, *, asked: ScheduledMeasure, what: What, same_patients: bool, groups: Groups
    ) -> Values:
        """Return the counts in a table of `to_table`; the other arguments say what was counted."""
        place = {name: number for number, name in enumerate(groups.names)}
        group = table["group"].astype(object).map(place).fillna(len(place)).to_numpy(dtype=np.intp)
        month = np.searchsorted(asked.months, table["months"])
        numbers = table["value"].to_numpy(dtype=float), table["patients"].to_numpy(dtype=np.int64)
        return cls(asked, what, same_patients, groups, group, month, *numbers)


@cached
def _values(cohort: Cohort, asked: ScheduledMeasure, by: By | None, what: What, same_patients: bool) -> Values:
    who = membership(cohort, by)
    coded = coded_values(cohort, asked, what)
    every = has_values(cohort, asked)["has"] & Has.EVERY > 0 if same_patients else None
    cells = count_codes(who, coded.code, len(coded.value), every)
    month, value = coded.month[cells.code], coded.value[cells.code]
    return Values(asked, what, same_patients, who.groups(), cells.group, month, value, cells.patients)
