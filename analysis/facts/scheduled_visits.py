"""The values of a visit measure, each with the scheduled month that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats
from analysis.cohort.measurement_limits import USED, WAYS, AtLimit, marks_of, values_used
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import by_patient, first_of_each, halfway_limits, nearest_visits

SCHEDULE = (0, 1, 3, 6, 12, 24, 36, 48)


@dataclass(frozen=True)
class ScheduledMeasure:
    """A numeric visit column and its schedule.

    Attributes
    ----------
    measure
        The column.
    months
        Scheduled months since transplantation, increasing.
    window_months
        The greatest distance of a visit from its scheduled month; None for half-way to the neighbouring months.
    at_limit
        How values at a limit of measurement are used: "used", "halved" or "left out".
    """

    measure: str
    months: tuple[float, ...] = SCHEDULE
    window_months: float | None = None
    at_limit: AtLimit = USED

    @classmethod
    def of(
        cls, measure: str, schedule: Sequence[float], window_months: float | None, at_limit: AtLimit = USED
    ) -> ScheduledMeasure:
        """Return a measure at the months of a schedule.

        Raises
        ------
        ValueError
            If the schedule is empty or not increasing, the window is below 0, or the use of limits is unknown.
        """
        months = tuple(float(month) for month in schedule)
        if not months or not np.isfinite(months).all() or (np.diff(months) <= 0).any():
            raise ValueError("A schedule is one or more months, each later than the one before.")
        if window_months is not None and not window_months >= 0:
            raise ValueError("A window is 0 months or more.")
        if at_limit not in WAYS:
            raise ValueError(f"Values at a limit are {', '.join(WAYS[:-1])} or {WAYS[-1]}, not {at_limit!r}.")
        return cls(measure, months, window_months, at_limit)

    @property
    def limits(self) -> list[tuple[float, float]]:
        """For each scheduled month, the earliest and latest month of a visit that may stand for it."""
        if self.window_months is None:
            return halfway_limits(self.months)
        return [(month - self.window_months, month + self.window_months) for month in self.months]


@per_patient
def scheduled_visits(cohort: Cohort, asked: ScheduledMeasure) -> dict[str, NDArray[Any]]:
    """Return every visit with a value, sorted by patient and time.

    Returns
    -------
    row (position of the patient in ``cohort.patients``), months, value, scheduled (the month that the visit stands for,
    missing if none), change (from the patient's value at the first scheduled month, missing without that value), mark
    (0, or for a value at a limit 1 if the true one lies below it, 2 if above).

    Raises
    ------
    ValueError
        If the visits have no such measure.
    """
    if asked.measure not in cohort.visit_columns:
        raise ValueError(f"The visits have no column {asked.measure!r}.")
    values = values_used(cohort.visits, asked.measure, asked.at_limit)
    row, months = cohort.visit_rows, cohort.visits["months"].to_numpy(dtype=float)
    mark = marks_of(cohort.visits, asked.measure)
    unknown = np.isnan(values)
    if unknown.any():
        values, row, months, mark = values[~unknown], row[~unknown], months[~unknown], mark[~unknown]
    order = by_patient(row, months)
    values, row, months, mark = values[order], row[order], months[order], mark[order]
    scheduled = nearest_visits(row, months, asked.months, asked.limits)
    start = np.full(len(cohort), np.nan)
    at_first = scheduled == asked.months[0]
    start[row[at_first]] = values[at_first]
    # Rounded to the decimals of the values, so that 8.0 - 7.7 and 7.7 - 7.4 are equal changes.
    change = np.round(values - start[row], _decimals(values))
    return {"row": row, "months": months, "value": values, "scheduled": scheduled, "change": change, "mark": mark}


@per_patient
def values_at_limit(cohort: Cohort, asked: ScheduledMeasure) -> dict[str, NDArray[Any]]:
    """Return the number of each patient's values at scheduled months that are limits of measurement.

    The number is that where such values are used, also if they are asked to be left out.

    Returns
    -------
    A row for each patient: below (values below which the true one lies), above.
    """
    lines = scheduled_visits(cohort, replace(asked, at_limit=USED))
    scheduled, rows = ~np.isnan(lines["scheduled"]), len(cohort)
    below, above = (np.bincount(lines["row"][scheduled & (lines["mark"] == mark)], minlength=rows) for mark in (1, 2))
    return {"below": below, "above": above}


@per_patient
def visit_extremes(cohort: Cohort, asked: ScheduledMeasure) -> dict[str, NDArray[Any]]:
    """Return each patient's lowest and highest values and changes.

    Returns
    -------
    A row for each patient: visits (the number with a value), last_month (of those visits), lowest_value, highest_value,
    lowest_change, highest_change, lowest_percent, highest_percent (change in percent of start), start (the value at
    the first scheduled month, if above 0). Missing where there is none.
    """
    lines = scheduled_visits(cohort, asked)
    row = lines["row"]
    first = np.flatnonzero(first_of_each(row))
    who, last = row[first], np.append(first[1:], len(row))[: len(first)] - 1

    def of_patients(numbers: Floats) -> Floats:
        found = np.full(len(cohort), np.nan)
        found[who] = numbers
        return found

    columns: dict[str, NDArray[Any]] = {
        "visits": np.bincount(row, minlength=len(cohort)),
        "last_month": of_patients(lines["months"][last]),
    }
    for what in ("value", "change"):
        for name, extreme in (("lowest", np.minimum), ("highest", np.maximum)):
            numbers = extreme.reduceat(lines[what], first) if len(first) else lines[what]
            columns[f"{name}_{what}"] = of_patients(numbers)
    start = np.full(len(cohort), np.nan)
    at_first = lines["scheduled"] == asked.months[0]
    start[row[at_first]] = lines["value"][at_first]
    start[~(start > 0)] = np.nan
    percent = {f"{name}_percent": 100 * columns[f"{name}_change"] / start for name in ("lowest", "highest")}
    return {**columns, **percent, "start": start}


def _decimals(values: Floats) -> int:
    """Return the number of decimals that the values have, at most 9."""
    for decimals in range(9):
        if (np.abs(values - values.round(decimals)) <= 1e-10).all():
            return decimals
    return 9
