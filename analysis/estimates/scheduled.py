"""The values of a visit measure, and which scheduled month each stands for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort, Rows, plain_array
from analysis.cohort.times import by_patient, halfway_limits, nearest_visits

Floats = NDArray[np.float64]

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
    cohort: Cohort, labels: pd.Series, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    """Return every visit with a value of a patient in a group, sorted by group, patient and time.

    Parameters
    ----------
    cohort, labels
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
    return of_groups(cohort, labels, visits_with_value(cohort, measure, schedule, window_months))


def check_measure(cohort: Cohort, measure: str, window_months: float | None) -> None:
    """Raise a ValueError if the visits have no such measure, or the window is below 0."""
    if measure not in cohort.visit_columns:
        raise ValueError(f"The visits have no column {measure!r}.")
    if window_months is not None and not window_months >= 0:
        raise ValueError("A window is 0 months or more.")


def of_groups(cohort: Cohort, labels: pd.Series, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of patients, by ``row``, that are in a group, with group, and sorted by it."""
    held = labels[labels.notna()]
    places, code = cohort.patients.index.get_indexer(held.index), held.cat.codes.to_numpy()
    rows, lines, groups = table["row"].to_numpy(), [], []
    for group in range(len(labels.cat.categories)):
        inside = np.zeros(len(cohort), dtype=bool)
        inside[places[code == group]] = True
        lines.append(np.flatnonzero(inside[rows]))
        groups.append(np.full(len(lines[-1]), group, dtype=np.int16))
    order, codes = (np.concatenate([np.empty(0, dtype=np.intp), *parts]) for parts in (lines, groups))
    everybody = len(order) == len(rows) and len(labels.cat.categories) == 1
    arrays = {name: plain_array(table[name]) for name in table}
    columns = arrays if everybody else {name: values.take(order) for name, values in arrays.items()}
    group = pd.Categorical.from_codes(codes.astype(np.int16), dtype=labels.dtype)
    return pd.DataFrame({"group": group, **columns}, copy=False)


def visits_with_value(
    cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    """Return the columns of `scheduled_values` without group, sorted by patient and time."""
    return cohort.derived(_visits_with_value, measure, tuple(schedule), window_months)


def _visits_with_value(
    cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    values = cohort.visits[measure].to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(values))
    row, months = cohort.visit_rows[known], cohort.visits["months"].to_numpy(dtype=float)[known]
    order = by_patient(row, months)
    row, months, known = row[order], months[order], known[order]
    limits = (
        halfway_limits(schedule)
        if window_months is None
        else [(month - window_months, month + window_months) for month in schedule]
    )
    scheduled = nearest_visits(row, months, schedule, limits)
    lines = pd.DataFrame({"row": row, "months": months, "value": values[known], "scheduled": scheduled})
    difference = lines["value"].to_numpy() - _start_values(cohort, lines, schedule[0])[row]
    # Differences carry no more decimals than the values: 8.0 - 7.7 and 7.7 - 7.4 are one change.
    return lines.assign(change=np.round(difference, _decimals(lines["value"].to_numpy())))


def with_ids(ids: pd.Series, lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with the patient_id in the place of the row of each patient."""
    return lines.rename(columns={"row": "patient_id"}).assign(patient_id=ids.to_numpy()[lines["row"]])


def number_of_patients(rows: Rows | pd.Series) -> int:
    """Return how many patients are at these places; one who is in two groups is one."""
    return int(np.count_nonzero(np.bincount(rows)))


def changes_since_first(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with their change as the value; those of patients without a first value are gone."""
    held = np.flatnonzero(~np.isnan(lines["change"].to_numpy()))
    columns = {name: plain_array(lines[name]).take(held) for name in lines}
    return pd.DataFrame({**columns, "value": columns["change"]}, copy=False)


def _start_values(cohort: Cohort, lines: pd.DataFrame, first: float) -> Floats:
    """Return the value at the first scheduled month of each patient of the cohort; it is one in every group."""
    values = np.full(len(cohort), np.nan)
    at_first = (lines["scheduled"] == first).to_numpy()
    values[lines["row"].to_numpy()[at_first]] = lines["value"].to_numpy()[at_first]
    return values


def percent_since(cohort: Cohort, lines: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the lines as changes in percent of each patient's first value; those without one above 0 are gone."""
    held = changes_since_first(lines)
    start = _start_values(cohort, lines, first)[held["row"]]
    above = start > 0
    return held[above].assign(value=100 * held["value"][above] / start[above]).reset_index(drop=True)


def _decimals(values: Floats) -> int:
    """Return how many decimals the values are written with."""
    for decimals in range(9):
        if np.allclose(values, values.round(decimals), rtol=0, atol=1e-10):
            return decimals
    return 9


def not_in(cohort: Cohort, labels: pd.Series, rows: Rows | pd.Series, reason: str) -> pd.DataFrame:
    """Return the patients of a group who are not at these places: patient_id, reason."""
    without = np.zeros(len(cohort), dtype=bool)
    without[cohort.patients.index.get_indexer(labels.index[labels.notna()])] = True
    without[rows] = False
    ids = cohort.patients["patient_id"][without]
    return pd.DataFrame({"patient_id": ids, "reason": reason}).reset_index(drop=True)


def grouped_table(rows: Sequence[tuple[object, ...]], columns: list[str], groups: pd.Categorical) -> pd.DataFrame:
    """Return rows as a table whose group is a categorical like these."""
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(group=pd.Categorical(table["group"], groups.categories, ordered=True))
