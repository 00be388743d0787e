"""The columns that patients can be filtered by, and the ends and steps of their values."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.cohort.baseline import baseline
from analysis.cohort.drugs import drug_of, taken_at_transplantation
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.vocabulary import BASELINE

MOST_STEPS = 200  # of a range between numbers with decimals


def filter_column(cohort: Cohort, name: str) -> pd.Series:
    """Return a column that patients can be filtered by.

    Parameters
    ----------
    cohort
        The patients.
    name
        A column of the patients, the baseline value of a visit measure, such as "baseline_sledai", or a drug "at
        transplantation".

    Returns
    -------
    Series
        Indexed like ``cohort.patients``; sets and other objects as a categorical.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    measure = name.removeprefix(BASELINE)
    if measure != name and name not in cohort.patient_columns and measure in cohort.visit_columns:
        return baseline(cohort, measure)
    if name not in cohort.patient_columns and (drug := drug_of(cohort, name)) is not None:
        return taken_at_transplantation(cohort, drug)
    if name not in cohort.patient_columns:
        raise ValueError(f"The patients have no column {name!r} to filter by.")
    # Each distinct set or object is compared once, not once per patient.
    held = _coded(cohort, name)["value"] if cohort.holds_objects(name) else cohort.values(name)
    return pd.Series(held, index=cohort.index, copy=False)


def values_found(cohort: Cohort, name: str) -> pd.Series:
    """Return the values of a column that patients can be filtered by, each at least once; in no order.

    Parameters, errors and types as of `filter_column`. A missing value is among them if any patient has none.
    """
    return cohort.values_found(name) if isinstance(cohort, RowsElsewhere) else filter_column(cohort, name)


def without_value(cohort: Cohort, *names: str) -> int:
    """Return the number of patients with a missing value in at least one of these columns."""
    if isinstance(cohort, RowsElsewhere):
        return cohort.without_value(*names)
    missing = np.zeros(len(cohort), dtype=np.bool_)
    for name in names:
        missing |= filter_column(cohort, name).isna().to_numpy()
    return int(missing.sum())


@per_patient
def _coded(cohort: Cohort, name: str) -> dict[str, pd.Categorical]:
    """Return the column ``value``: the values of all patients as a categorical."""
    codes, found = pd.factorize(cohort.patients[name])
    categories = pd.Index(found, dtype=object, tupleize_cols=False)
    return {"value": pd.Categorical.from_codes(codes, categories)}


def number_range(cohort: Cohort, col: str) -> tuple[float, float, float]:
    """Return the ends and the step of a slider over a column of numbers that are not all equal.

    The step is 1 if all numbers are whole; otherwise it is 1, 2 or 5 times a power of ten, the smallest that gives at
    most 200 steps. The ends are the minimum and maximum, rounded outwards to whole steps.

    Returns
    -------
    tuple of float
        Lower end, upper end and step, in the unit of the column.
    """
    values = values_found(cohort, col).dropna().to_numpy(dtype=float)
    low, high = float(values.min()), float(values.max())
    step = 1.0 if (values == values.round()).all() else _round_step((high - low) / MOST_STEPS)
    digits = max(0, -math.floor(math.log10(step)))
    # Rounding: a number on a step may miss it by a floating-point error.
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    return round(first * step, digits), round(last * step, digits), round(step, digits)


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def is_days(column: pd.Series) -> bool:
    """Return whether a column is a categorical of dates written as year-month-day."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return False
    levels = pd.Series(column.cat.categories, dtype=object)
    return bool(len(levels)) and bool(days(levels).notna().all())


def days(column: pd.Series) -> pd.Series:
    """Return dates written as year-month-day as timestamps; NaT if written otherwise."""
    return pd.to_datetime(column.astype(object), format="%Y-%m-%d", errors="coerce")
