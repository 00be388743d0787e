"""The values of a visit measure, and which scheduled month each stands for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort
from analysis.cohort.times import halfway_limits, nearest_visits

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


def scheduled_lines(
    cohort: Cohort, labels: pd.Series, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    """Return every visit with a value: group, patient_id, months, value, scheduled; patients without a group are gone.

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

    Raises
    ------
    ValueError
        If the visits have no such measure, or the window is below 0.
    """
    if measure not in cohort.visits:
        raise ValueError(f"The visits have no column {measure!r}.")
    if window_months is not None and not window_months >= 0:
        raise ValueError("A window is 0 months or more.")
    held = labels.dropna()
    patients = cohort.patients["patient_id"]
    measured = cohort.visits.loc[cohort.visits[measure].notna(), ["patient_id", "months", measure]]
    limits = (
        halfway_limits(schedule)
        if window_months is None
        else [(month - window_months, month + window_months) for month in schedule]
    )
    table = pd.DataFrame(
        {
            # Whole numbers are merged in half the time of texts.
            "place": measured["patient_id"].map(pd.Series(patients.index, index=patients)),
            "patient_id": measured["patient_id"],
            "months": measured["months"],
            "value": measured[measure].astype(float),
            "scheduled": nearest_visits(measured, schedule, limits),
        }
    ).merge(pd.DataFrame({"place": held.index, "group": held.array}), on="place")
    table = table[["group", "patient_id", "months", "value", "scheduled"]]
    return table.sort_values(["group", "patient_id", "months"], kind="stable", ignore_index=True)


def start_values(lines: pd.DataFrame, first: float) -> pd.Series:
    """Return each patient's value at the first scheduled month, indexed by patient_id; it is one in every group."""
    return lines[lines["scheduled"] == first].drop_duplicates("patient_id").set_index("patient_id")["value"]


def changes_since(lines: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the lines as differences from each patient's first scheduled value; those without one are gone."""
    difference = lines["value"] - lines["patient_id"].map(start_values(lines, first)).astype(float)
    # Differences carry no more decimals than the values: 8.0 - 7.7 and 7.7 - 7.4 are one change.
    rounded = difference.round(_decimals(lines["value"]))
    return lines.assign(value=rounded).dropna(subset=["value"]).reset_index(drop=True)


def percent_since(lines: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the lines as changes in percent of each patient's first value; those without one above 0 are gone."""
    start = start_values(lines, first)
    held = changes_since(lines, first)
    base = held["patient_id"].map(start[start > 0]).astype(float)
    return held.assign(value=100 * held["value"] / base).dropna(subset=["value"]).reset_index(drop=True)


def _decimals(values: pd.Series) -> int:
    """Return how many decimals the values are written with."""
    for decimals in range(9):
        if np.allclose(values, values.round(decimals), rtol=0, atol=1e-10):
            return decimals
    return 9


def not_in(cohort: Cohort, labels: pd.Series, lines: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Return the patients of a group who have none of these lines: patient_id, reason."""
    patients = cohort.patients
    ids = patients.loc[patients.index.isin(labels.index[labels.notna()]), "patient_id"]
    without = ids[~ids.isin(lines["patient_id"])]
    return pd.DataFrame({"patient_id": without, "reason": reason}).reset_index(drop=True)


def values_by_month(lines: pd.DataFrame, months: Sequence[float]) -> list[tuple[str, float, Floats]]:
    """Return group, month and the values that stand for it, of every group and month."""
    held = {
        key: values.to_numpy(float) for key, values in lines.groupby(["group", "scheduled"], observed=True)["value"]
    }
    return [
        (group, month, held.get((group, month), np.empty(0)))
        for group in lines["group"].cat.categories
        for month in months
    ]


def grouped_table(rows: Sequence[tuple[object, ...]], columns: list[str], lines: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a table whose group is the categorical of the lines."""
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(group=pd.Categorical(table["group"], lines["group"].cat.categories, ordered=True))
