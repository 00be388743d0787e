"""Values at scheduled months by whether a later value follows, and reasons why none does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import Cells, added_cells, count_codes
from analysis.counts.distribution import Distribution
from analysis.counts.groups import Groups, membership, spread
from analysis.counts.joining import join_names
from analysis.facts.afterwards import AFTERWARDS, REASONS, afterwards
from analysis.facts.scheduled_values import VALUE, coded_values
from analysis.facts.scheduled_visits import ScheduledMeasure


@dataclass(frozen=True, eq=False)
class Leavers:
    """Numbers of patients by group, whether they come again, scheduled month (but the last) and value.

    Attributes
    ----------
    asked
        The measure and its schedule.
    groups
        The groups.
    group, afterwards, month
        For each row the index of the group, in `AFTERWARDS`, and of the scheduled month.
    value, patients
        The value of each row, and the number of patients; sorted by group, afterwards, month and value.
    reasons
        Numbers of patients without a later value: groups by `REASONS`.
    """

    asked: ScheduledMeasure
    groups: Groups
    group: Rows
    afterwards: Rows
    month: Rows
    value: Floats
    patients: Integers
    reasons: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, asked: ScheduledMeasure, by: By | None) -> Leavers:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the visits have no such measure, or the patients no such grouping column.
        """
        return _leavers(cohort, asked, by)

    def __add__(self, other: Leavers) -> Leavers:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their measures or groupings differ.
        """
        if self.asked != other.asked:
            raise ValueError("Counts add up where they are of the same measure at the same months.")
        names, *places = join_names(self.groups.names, other.groups.names)
        keys = [
            (place[each.group], each.afterwards, each.month, each.value)
            for each, place in zip((self, other), places, strict=True)
        ]
        first, second = (
            spread(each.reasons, place, len(names)) for each, place in zip((self, other), places, strict=True)
        )
        (group, after, month, value), patients = added_cells(keys[0], keys[1], self.patients, other.patients)
        return replace(
            self,
            groups=self.groups + other.groups,
            group=group,
            afterwards=after,
            month=month,
            value=value,
            patients=patients,
            reasons=first + second,
        )

    def at(self, group: int, month: int, after: int) -> Distribution:
        """Return the values at a month (by index) in a group, of those with an outcome of `AFTERWARDS`."""
        cell = (group * len(AFTERWARDS) + after) * len(self.asked.months) + month
        start, end = np.searchsorted(self._cell, [cell, cell + 1])
        return Distribution(self.value[start:end], self.patients[start:end])

    @cached_property
    def _cell(self) -> Rows:
        cell: Rows = (self.group * len(AFTERWARDS) + self.afterwards) * len(self.asked.months) + self.month
        return cell

    def to_table(self) -> pd.DataFrame:
        """Return group, afterwards, months, value, reason, patients.

        Rows of values have no reason. Rows of reasons, one per group and reason, have no afterwards, months or value.
        """
        groups, names = len(self.groups.names), list(self.groups.names)
        values = {
            "group": np.array(names, dtype=object)[self.group],
            "afterwards": np.array(AFTERWARDS, dtype=object)[self.afterwards],
            "months": np.array(self.asked.months)[self.month],
            "value": self.value,
            "patients": self.patients,
        }
        reasons = {
            "group": np.repeat(np.array(names, dtype=object), len(REASONS)),
            "reason": np.tile(np.array(REASONS, dtype=object), groups),
            "patients": self.reasons.ravel(),
        }
        table = pd.concat([pd.DataFrame(values), pd.DataFrame(reasons)], ignore_index=True)
        return table[["group", "afterwards", "months", "value", "reason", "patients"]]

    @classmethod
    def from_table(cls, table: pd.DataFrame, *, asked: ScheduledMeasure, groups: Groups) -> Leavers:
        """Return the counts in a table of `to_table`; the other arguments say what was counted."""
        place = {name: number for number, name in enumerate(groups.names)}
        valued, counted = (table[table["reason"].isna() == of_values] for of_values in (True, False))
        after = valued["afterwards"].map({words: number for number, words in enumerate(AFTERWARDS)})
        return cls(
            asked,
            groups,
            valued["group"].map(place).to_numpy(dtype=np.intp),
            after.to_numpy(dtype=np.intp),
            np.searchsorted(asked.months, valued["months"]),
            valued["value"].to_numpy(dtype=float),
            valued["patients"].to_numpy(dtype=np.int64),
            counted["patients"].to_numpy(dtype=np.int64).reshape(len(groups.names), len(REASONS)),
        )


@cached
def _leavers(cohort: Cohort, asked: ScheduledMeasure, by: By | None) -> Leavers:
    who, coded, after = membership(cohort, by), coded_values(cohort, asked, VALUE), afterwards(cohort, asked)
    groups, levels = len(who.names), len(coded.value)
    # One code for both the value and what comes afterwards.
    both = np.where(coded.code[:-1] < 0, -1, after["afterwards"][:-1].astype(np.int64) * levels + coded.code[:-1])
    cells = _own(count_codes(who, both, levels * len(AFTERWARDS)), groups)
    then, level = np.divmod(cells.code, max(levels, 1))
    counted = _own(count_codes(who, after["reason"], len(REASONS)), groups)
    reasons = np.zeros((groups, len(REASONS)), dtype=np.int64)
    reasons[counted.group, counted.code] = counted.patients
    month, value = coded.month[level], coded.value[level]
    return Leavers(asked, who.groups(), cells.group, then, month, value, cells.patients, reasons)


def _own(cells: Cells, groups: int) -> Cells:
    """Return the cells of the groups, without the extra cells of patients in two groups."""
    own = cells.group < groups
    return cells if own.all() else Cells(*(column[own] for column in cells))
