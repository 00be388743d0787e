"""Histogram bins of a numeric column, for the histogram above a slider."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.filter_columns import days, filter_column, is_days
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient

BINS = 24

Edges = tuple[float, ...]


@cached
def range_edges(cohort: Cohort, column: str) -> Edges:
    """Return the edges of 24 bins of equal width from the lowest to the highest number in a cohort.

    Parameters
    ----------
    cohort
        The patients.
    column
        A column of numbers, or of days written as year-month-day, which count from 1970.
    """
    numbers = _numbers(cohort, column).dropna()
    return tuple(np.histogram_bin_edges(numbers, BINS).tolist())


def range_bins(cohort: Cohort, column: str, edges: Edges) -> NDArray[np.signedinteger[Any]]:
    """Return the index of each patient's bin, of which the last includes its upper edge; -1 outside or if missing."""
    bins: NDArray[np.signedinteger[Any]] = _bins(cohort, column, edges)["bin"]
    return bins


@per_patient
def _bins(cohort: Cohort, column: str, edges: Edges) -> dict[str, NDArray[np.int16]]:
    numbers = _numbers(cohort, column).to_numpy(dtype=float, na_value=np.nan)
    places = np.searchsorted(edges, numbers, side="right") - 1
    places[numbers == edges[-1]] = len(edges) - 2
    places[np.isnan(numbers) | (numbers > edges[-1])] = -1
    return {"bin": places.astype(np.int16)}


def _numbers(cohort: Cohort, column: str) -> pd.Series:
    values = filter_column(cohort, column)
    return (days(values) - pd.Timestamp(0)) / np.timedelta64(1, "D") if is_days(values) else values.astype(float)
