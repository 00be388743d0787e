"""A measure of each patient at each scheduled month: what is averaged and compared, a column a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort, Rows
from analysis.cohort.times import first_of_each
from analysis.estimates.scheduled import Floats, check_measure, of_groups, visits_with_value

Flags = NDArray[np.bool_]

VALUE, CHANGE, PERCENT = "value", "change", "percent"


@dataclass(frozen=True, eq=False)
class AtMonths:
    """A measure, or its change, at each scheduled month, of the patients in a group who have any value.

    Attributes
    ----------
    table
        group, row (the place of the patient among the patients; one who is in two groups is there twice), visits (with
        a value), last_month, and of value and change the "lowest", the "highest" and that of each month, by its number.
    months
        The scheduled months.
    place
        The rows of the table that are meant; None for all.
    what
        Whether it is the value, its change from the first scheduled month, or that in percent.
    """

    table: pd.DataFrame
    months: tuple[float, ...]
    place: Rows | None = None
    what: str = VALUE

    @property
    def row(self) -> Rows:
        """The place of each patient among the patients."""
        return self._column("row")

    @property
    def group(self) -> pd.Categorical:
        """The group of each patient."""
        group: pd.Categorical = self.table["group"].array
        return group if self.place is None else group[self.place]

    @property
    def start(self) -> Floats:
        """The value of each patient at the first scheduled month, missing where there is none."""
        return self._column(f"{VALUE} 0")

    @property
    def visits(self) -> NDArray[np.int64]:
        """How many visits with a value each patient has."""
        return self._column("visits")

    @property
    def last_month(self) -> Floats:
        """The last month of each patient with a value."""
        return self._column("last_month")

    @property
    def lowest(self) -> Floats:
        """The lowest of each patient, over all visits."""
        return self._in_percent(self._column(f"lowest {self._kept}"))

    @property
    def highest(self) -> Floats:
        """The highest of each patient, over all visits."""
        return self._in_percent(self._column(f"highest {self._kept}"))

    def at(self, month: float) -> Floats:
        """Return that of each patient at a scheduled month, missing where there is none."""
        return self._in_percent(self._column(f"{self._kept} {self.months.index(month)}"))

    @property
    def _kept(self) -> str:
        return CHANGE if self.what == PERCENT else self.what

    def _in_percent(self, change: Floats) -> Floats:
        return 100 * change / self.start if self.what == PERCENT else change

    def _column(self, name: str) -> NDArray[Any]:
        values = self.table[name].to_numpy()
        return values if self.place is None else values[self.place]

    def only(self, held: Flags) -> AtMonths:
        """Return some of the patients."""
        if held.all():
            return self
        return replace(self, place=np.flatnonzero(held) if self.place is None else self.place[held])

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
        group = self.group
        codes, categories = group.codes, group.categories
        members = [slice(None)] if len(categories) == 1 else [codes == code for code in range(len(categories))]
        cells = [
            (group, month, self.at(month)[inside])
            for group, inside in zip(categories, members, strict=True)
            for month in months
        ]
        return [(group, month, values[~np.isnan(values)]) for group, month, values in cells]


def at_months(
    cohort: Cohort, labels: pd.Series, measure: str, schedule: Sequence[float], window_months: float | None
) -> AtMonths:
    """Return a measure of the patients in a group at the scheduled months; arguments are those of `scheduled_values`.

    Raises
    ------
    ValueError
        If the visits have no such measure, or the window is below 0.
    """
    check_measure(cohort, measure, window_months)
    months = tuple(schedule)
    return AtMonths(of_groups(cohort, labels, cohort.derived(_at_months, measure, months, window_months)), months)


def _at_months(cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None) -> pd.DataFrame:
    """Return the columns of `AtMonths.table` without group, of every patient with a value at any visit."""
    lines = visits_with_value(cohort, measure, schedule, window_months)
    row, scheduled, months = (lines[name].to_numpy() for name in ("row", "scheduled", "months"))
    begins = first_of_each(row)
    first, number = np.flatnonzero(begins), np.cumsum(begins) - 1
    last = np.append(first[1:], len(row))[: len(first)] - 1
    columns: dict[str, NDArray[np.generic]] = {
        "row": row[first],
        "visits": last + 1 - first,
        "last_month": months[last],
    }
    for what in (VALUE, CHANGE):
        of_visits = lines[what].to_numpy()
        for name, extreme in (("lowest", np.minimum), ("highest", np.maximum)):
            columns[f"{name} {what}"] = extreme.reduceat(of_visits, first) if len(first) else of_visits
        for place, month in enumerate(schedule):
            stands = np.flatnonzero(scheduled == month)
            at_month = np.full(len(first), np.nan)
            at_month[number[stands]] = of_visits[stands]
            columns[f"{what} {place}"] = at_month
    return pd.DataFrame(columns, copy=False)
