"""How long a month is, when two times are the same, and which visit stands for which month."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats

DAYS_PER_MONTH = 30.4375
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


def clocked(entry: Floats, months: Floats) -> tuple[pd.Categorical, pd.Categorical]:
    """Return two columns of times on one clock: its ticks are 0 and every distinct time, and equal times are one tick.

    What is counted by time then needs no sorting of patients, and a part of them keeps the clock of all.
    """
    late = entry > 0
    ticks, place = np.unique(np.concatenate([[0.0], months, entry[late]]), return_inverse=True)
    apart = np.append(True, np.diff(ticks) > SAME * np.abs(ticks[1:]))
    tick = (np.cumsum(apart) - 1)[place]
    clock = pd.CategoricalDtype(pd.Index(ticks[apart]), ordered=True)
    began = np.full(len(entry), tick[0])
    began[late] = tick[1 + len(months) :]
    known = np.where(np.isnan(months), -1, tick[1 : 1 + len(months)])
    return pd.Categorical.from_codes(began, dtype=clock), pd.Categorical.from_codes(known, dtype=clock)


def nearest_visits(
    patients: NDArray[np.intp], months: Floats, schedule: Sequence[float], limits: Sequence[tuple[float, float]]
) -> Floats:
    """Return the scheduled month that each visit stands for; missing where it stands for none.

    A scheduled month is given to each patient's nearest visit within its limits (both included), of two equally
    near ones to the earlier; no visit stands for two months.

    Parameters
    ----------
    patients, months
        Whose each visit is, as a number, and when it was.
    schedule
        Scheduled months, rising.
    limits
        First and last month of a visit that may stand for each scheduled month.
    """
    order = by_patient(patients, months)
    whose, when = patients[order], months[order]
    stands_for = np.full(len(when), np.nan)
    for month, (low, high) in zip(schedule, limits, strict=True):
        inside = (when >= low - slack(low)) & (when <= high + slack(high)) & np.isnan(stands_for)
        eligible = np.flatnonzero(inside)
        if not len(eligible):
            continue
        distance = np.abs(when[eligible] - month)
        first = first_of_each(whose[eligible])
        number = np.cumsum(first) - 1
        least = np.minimum.reduceat(distance, np.flatnonzero(first))[number]
        near = np.flatnonzero(distance - least <= SAME * distance)
        stands_for[eligible[near[first_of_each(number[near])]]] = month
    found = np.empty_like(stands_for)
    found[order] = stands_for
    return found


def by_patient(patients: NDArray[np.intp], months: Floats) -> NDArray[np.intp] | slice:
    """Return the order of rows by patient and time, of the same time as they stand; all of them if they are in it."""
    same = patients[1:] == patients[:-1]
    if ((patients[1:] > patients[:-1]) | (same & (months[1:] >= months[:-1]))).all():
        return slice(None)
    return np.lexsort((months, patients))


def first_of_each(numbers: NDArray[np.intp]) -> Flags:
    """Return where a new number begins among numbers in order."""
    return np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]


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
