"""The values of a visit measure, and which scheduled month each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats
from analysis.cohort.columns import Columns
from analysis.cohort.grouping import Members
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import by_patient, halfway_limits, nearest_visits

SCHEDULE = (0, 1, 3, 6, 12, 24, 36, 48)
NO_VALUE = "no value at any visit"


def rising_months(schedule: Sequence[float]) -> list[float]:
    """Return the scheduled months as numbers.

    Raises
    ------
    ValueError
        If there is none, or they do not rise.
    """
    months = [float(month) for month in schedule]
    if not months or not np.isfinite(months).all() or (np.diff(months) <= 0).any():
        raise ValueError("A schedule is one or more months, each later than the one before.")
    return months


def scheduled_values(
    cohort: Cohort, members: Members, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    """Return every visit with a value of a patient in a group, sorted by group, patient and time.

    Parameters
    ----------
    cohort, members
        The patients, and their groups; the visits of one who is in two groups are there twice.
    measure
        A numeric column of the visits.
    schedule
        Scheduled months, rising.
    window_months
        How far from a scheduled month a visit may lie; without it half-way to the next one.

    Returns
    -------
    DataFrame with group, row (the place of the patient among the patients), months, value, scheduled (the month that
    the visit stands for, missing where it stands for none), change (from the patient's value at the first scheduled
    month, missing without one).

    Raises
    ------
    ValueError
        If the visits have no such measure, or the window is below 0.
    """
    check_measure(cohort, measure, window_months)
    group, columns = of_groups(members, visits_with_value(cohort, measure, schedule, window_months))
    return pd.DataFrame({"group": group, **columns}, copy=False)


def check_measure(cohort: Cohort, measure: str, window_months: float | None) -> None:
    """Raise a ValueError if the visits have no such measure, or the window is below 0."""
    if measure not in cohort.visit_columns:
        raise ValueError(f"The visits have no column {measure!r}.")
    if window_months is not None and not window_months >= 0:
        raise ValueError("A window is 0 months or more.")


def of_groups(members: Members, columns: Columns) -> tuple[pd.Categorical, Columns]:
    """Return the rows of patients, by ``row``, that are in a group, and the group of each; they are sorted by it."""
    row = columns["row"]
    number, groups = row.max(initial=-1) + 1, len(members.group.categories)
    if groups == 1 and len(members.rows) >= number and not len(members.without):
        return members.group.take(np.zeros(len(row), dtype=np.intp)), columns
    lines = []
    for group in range(groups):
        inside = np.zeros(number, dtype=bool)
        rows = members.rows[members.group.codes == group]
        inside[rows[rows < number]] = True
        lines.append(np.flatnonzero(inside[row]))
    codes = np.repeat(np.arange(groups, dtype=np.int16), [len(each) for each in lines])
    of_lines = pd.Categorical.from_codes(codes, dtype=members.group.dtype)
    return of_lines, columns.rows(np.concatenate([np.empty(0, dtype=np.intp), *lines]))


def visits_with_value(cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None) -> Columns:
    """Return the columns of `scheduled_values` without group, sorted by patient and time."""
    return _visits_with_value(cohort, measure, tuple(schedule), window_months)


@per_patient
def _visits_with_value(
    cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None
) -> dict[str, NDArray[Any]]:
    values = cohort.visits[measure].to_numpy(dtype=float, na_value=np.nan)
    row, months = cohort.visit_rows, cohort.visits["months"].to_numpy(dtype=float)
    unknown = np.isnan(values)
    if unknown.any():
        values, row, months = values[~unknown], row[~unknown], months[~unknown]
    order = by_patient(row, months)
    values, row, months = values[order], row[order], months[order]
    limits = (
        halfway_limits(schedule)
        if window_months is None
        else [(month - window_months, month + window_months) for month in schedule]
    )
    scheduled = nearest_visits(row, months, schedule, limits)
    start = np.full(len(cohort), np.nan)
    at_first = scheduled == schedule[0]
    start[row[at_first]] = values[at_first]
    # Differences carry no more decimals than the values: 8.0 - 7.7 and 7.7 - 7.4 are one change.
    change = np.round(values - start[row], _decimals(values))
    return {"row": row, "months": months, "value": values, "scheduled": scheduled, "change": change}


def with_ids(ids: pd.Series, lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with the patient_id in the place of the row of each patient."""
    return lines.rename(columns={"row": "patient_id"}).assign(patient_id=ids.to_numpy()[lines["row"]])


def changes_since_first(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with their change as the value; those of patients without a first value are gone."""
    held = lines[lines["change"].notna()].reset_index(drop=True)
    return held.assign(value=held["change"])


def percent_since(cohort: Cohort, lines: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the lines as changes in percent of each patient's first value; those without one above 0 are gone."""
    start = np.full(len(cohort), np.nan)
    at_first = lines[lines["scheduled"] == first]
    start[at_first["row"]] = at_first["value"]
    held = changes_since_first(lines)
    of_each = start[held["row"]]
    above = of_each > 0
    return held[above].assign(value=100 * held["value"][above] / of_each[above]).reset_index(drop=True)


def _decimals(values: Floats) -> int:
    """Return how many decimals the values are written with."""
    for decimals in range(9):
        if (np.abs(values - values.round(decimals)) <= 1e-10).all():
            return decimals
    return 9


def grouped_table(rows: Sequence[tuple[object, ...]], columns: list[str], groups: pd.Categorical) -> pd.DataFrame:
    """Return rows as a table whose group is a categorical like these."""
    values = dict(zip(columns, zip(*rows, strict=True) if rows else [()] * len(columns), strict=True))
    places = {name: place for place, name in enumerate(groups.categories)}
    group = pd.Categorical.from_codes([places[name] for name in values["group"]], dtype=groups.dtype)
    arrays = {name: np.array(column) for name, column in values.items()} | {"group": group}
    return pd.DataFrame(arrays, pd.RangeIndex(len(rows)), copy=False)
