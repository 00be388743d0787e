"""A measure of each patient at each scheduled month: what is averaged and compared, a column a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.columns import Columns
from analysis.cohort.grouping import Members
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import first_of_each
from analysis.estimates.scores.scheduled import check_measure, of_groups, visits_with_value

VALUE, CHANGE, PERCENT = "value", "change", "percent"


@dataclass(frozen=True, eq=False)
class AtMonths:
    """A measure, or its change, at each scheduled month, of the patients in a group who have any value.

    Attributes
    ----------
    group
        The group of each patient; one who is in two groups is there twice.
    columns
        row (the place of the patient among the patients), visits (with a value), last_month, and of value and change
        the "lowest", the "highest" and those at the scheduled months, a row a month.
    months
        The scheduled months.
    what
        Whether it is the value, its change from the first scheduled month, or that in percent.
    """

    group: pd.Categorical
    columns: Columns
    months: tuple[float, ...]
    what: str = VALUE

    @property
    def row(self) -> Rows:
        """The place of each patient among the patients."""
        rows: Rows = self.columns["row"]
        return rows

    @property
    def start(self) -> Floats:
        """The value of each patient at the first scheduled month, missing where there is none."""
        values: Floats = self.columns[VALUE][0]
        return values

    @property
    def visits(self) -> Integers:
        """How many visits with a value each patient has."""
        visits: Integers = self.columns["visits"]
        return visits

    @property
    def last_month(self) -> Floats:
        """The last month of each patient with a value."""
        months: Floats = self.columns["last_month"]
        return months

    @property
    def lowest(self) -> Floats:
        """The lowest of each patient, over all visits."""
        return self._in_percent(self.columns[f"lowest {self._kept}"])

    @property
    def highest(self) -> Floats:
        """The highest of each patient, over all visits."""
        return self._in_percent(self.columns[f"highest {self._kept}"])

    def at(self, month: float) -> Floats:
        """Return that of each patient at a scheduled month, missing where there is none."""
        return self._in_percent(self.columns[self._kept][self.months.index(month)])

    @property
    def _kept(self) -> str:
        return CHANGE if self.what == PERCENT else self.what

    def _in_percent(self, change: Floats) -> Floats:
        return 100 * change / self.start if self.what == PERCENT else change

    def only(self, held: Flags) -> AtMonths:
        """Return some of the patients."""
        if held.all():
            return self
        places = np.flatnonzero(held)
        return replace(self, group=self.group[places], columns=self.columns.rows(places))

    def changes(self) -> AtMonths:
        """Return the changes from the first scheduled month, of those who have a value there."""
        return replace(self.only(~np.isnan(self.start)), what=CHANGE)

    def percent(self) -> AtMonths:
        """Return the changes in percent of the value at the first scheduled month, of those who have one above 0."""
        return replace(self.only(self.start > 0), what=PERCENT)

    def measured(self, months: Sequence[float]) -> list[Flags]:
        """Return who has it at each of these months."""
        return [~np.isnan(self.at(month)) for month in months]

    def by_month(self, months: Sequence[float]) -> list[tuple[str, float, Floats]]:
        """Return group, month and all that is there, of every group and month."""
        codes, categories = self.group.codes, self.group.categories
        members = [slice(None)] if len(categories) == 1 else [codes == code for code in range(len(categories))]
        cells = [
            (group, month, self.at(month)[inside])
            for group, inside in zip(categories, members, strict=True)
            for month in months
        ]
        return [(group, month, values[~np.isnan(values)]) for group, month, values in cells]


def at_months(
    cohort: Cohort, members: Members, measure: str, schedule: Sequence[float], window_months: float | None
) -> AtMonths:
    """Return a measure of the patients in a group at the scheduled months; arguments are those of `scheduled_values`.

    Raises
    ------
    ValueError
        If the visits have no such measure, or the window is below 0.
    """
    check_measure(cohort, measure, window_months)
    months = tuple(schedule)
    return AtMonths(*of_groups(members, _at_months(cohort, measure, months, window_months)), months)


@per_patient
def _at_months(
    cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None
) -> dict[str, NDArray[Any]]:
    """Return the columns of `AtMonths`, of every patient with a value at any visit."""
    lines = visits_with_value(cohort, measure, schedule, window_months)
    row, scheduled, months = (lines[name] for name in ("row", "scheduled", "months"))
    begins = first_of_each(row)
    first, number = np.flatnonzero(begins), np.cumsum(begins) - 1
    last = np.append(first[1:], len(row))[: len(first)] - 1
    columns: dict[str, NDArray[Any]] = {"row": row[first], "visits": last + 1 - first, "last_month": months[last]}
    for what in (VALUE, CHANGE):
        for name, extreme in (("lowest", np.minimum), ("highest", np.maximum)):
            columns[f"{name} {what}"] = extreme.reduceat(lines[what], first) if len(first) else lines[what]
        columns[what] = np.full((len(schedule), len(first)), np.nan)
    for place, month in enumerate(schedule):
        stands = np.flatnonzero(scheduled == month)
        for what in (VALUE, CHANGE):
            columns[what][place, number[stands]] = lines[what][stands]
    return columns
