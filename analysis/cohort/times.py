"""When two times are the same, and which visit stands for which month."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAME = 1e-9  # Times that differ by less than this share of their size are one time.


def slack(limit: float) -> float:
    """Return how far beyond a limit a time may lie and still be on it."""
    return SAME * max(1.0, abs(limit))


def join_times(months: Floats) -> Floats:
    """Return the times with those that are the same time made equal, such as 0.3 and 0.1 + 0.2."""
    distinct, place = np.unique(months, return_inverse=True)
    apart = np.diff(distinct) > SAME * np.abs(distinct[1:])
    first_of = np.maximum.accumulate(np.where(np.concatenate([[True], apart]), np.arange(len(distinct)), 0))
    joined: Floats = distinct[first_of][place] if len(distinct) else months
    return joined


def nearest_visits(visits: pd.DataFrame, schedule: Sequence[float], limits: Sequence[tuple[float, float]]) -> pd.Series:
    """Return the scheduled month that each visit stands for; missing where it stands for none.

    A scheduled month is given to each patient's nearest visit within its limits (both included), of two equally
    near ones to the earlier; no visit stands for two months.

    Parameters
    ----------
    visits
        patient_id, months; one row a visit.
    schedule
        Scheduled months, rising.
    limits
        First and last month of a visit that may stand for each scheduled month.
    """
    months = visits["months"].to_numpy(dtype=float)
    stands_for = pd.Series(np.nan, index=visits.index)
    for month, (low, high) in zip(schedule, limits, strict=True):
        eligible = (months >= low - slack(low)) & (months <= high + slack(high)) & stands_for.isna().to_numpy()
        distance = join_times(np.abs(months[eligible] - month))
        near = visits.loc[eligible, ["patient_id", "months"]].assign(distance=distance)
        chosen = near.sort_values(["distance", "months"], kind="stable").drop_duplicates("patient_id").index
        stands_for.loc[chosen] = month
    return stands_for


def halfway_limits(schedule: Sequence[float]) -> list[tuple[float, float]]:
    """Return the limits half-way between scheduled months; beyond the last one as wide as before it.

    What was measured before a first scheduled month of 0 belongs to it, however early: it is a baseline value.
    """
    middles = [(before + after) / 2 for before, after in pairwise(schedule)]
    half_first, half_last = (
        (middles[0] - schedule[0], schedule[-1] - middles[-1]) if middles else (SINGLE_MONTH, SINGLE_MONTH)
    )
    first = -np.inf if schedule[0] == 0 else schedule[0] - half_first
    edges = [first, *middles, schedule[-1] + half_last]
    return list(pairwise(edges))


SINGLE_MONTH = 0.5  # Either side of a schedule of one month only.
