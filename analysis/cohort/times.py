"""The length of a month, ties between times, and the assignment of visits to scheduled months."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats

DAYS_PER_MONTH = 30.4375
SAME = 1e-9  # Times with a smaller relative difference are tied.


def slack(limit: float) -> float:
    """Return the tolerance in months within which a time counts as equal to a limit."""
    return SAME * max(1.0, abs(limit))


def join_times(months: Floats) -> Floats:
    """Return times with floating-point ties, such as 0.3 and 0.1 + 0.2, made equal.

    Parameters
    ----------
    months
        Times in months, shape (n,).

    Returns
    -------
    ndarray
        Shape (n,), in the same order.

    Examples
    --------
    >>> import numpy as np
    >>> join_times(np.array([0.1 + 0.2, 0.3, 1.0])).tolist()
    [0.3, 0.3, 1.0]
    """
    distinct, place = np.unique(months, return_inverse=True)
    apart = np.diff(distinct) > SAME * np.abs(distinct[1:])
    first_of = np.maximum.accumulate(np.where(np.concatenate([[True], apart]), np.arange(len(distinct)), 0))
    joined: Floats = distinct[first_of][place] if len(distinct) else months
    return joined


def clocked(entry: Floats, months: Floats) -> tuple[pd.Categorical, pd.Categorical]:
    """Return entry and exit times as categoricals whose categories, the ticks, are 0 and every distinct time.

    Tied times share a tick. Counting by tick then needs no sorting, and a selection keeps the ticks of all patients.

    Parameters
    ----------
    entry, months
        Months of entry (late entry only after 0) and of exit of each patient, shape (n,); NaN in `months` is missing.

    Returns
    -------
    tuple of Categorical
        Entry and exit, ordered, with the same categories.
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
    """Return the scheduled month that each visit is assigned to.

    Each scheduled month goes to the patient's nearest visit within its window; of two equally near visits, to the
    earlier. No visit is assigned to two months.

    Parameters
    ----------
    patients, months
        Row position of the patient, and time in months, of each visit; shape (n,).
    schedule
        Scheduled months, ascending.
    limits
        The window of each scheduled month: its first and last month, both included.

    Returns
    -------
    ndarray
        Scheduled month of each visit, shape (n,); NaN if it is assigned to none.
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
    """Return the stable order of rows by patient and time; a full slice if they are already in it."""
    same = patients[1:] == patients[:-1]
    if ((patients[1:] > patients[:-1]) | (same & (months[1:] >= months[:-1]))).all():
        return slice(None)
    return np.lexsort((months, patients))


def first_of_each(numbers: NDArray[np.intp]) -> Flags:
    """Return whether each of some sorted numbers is the first of its value."""
    return np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]


def halfway_limits(schedule: Sequence[float]) -> list[tuple[float, float]]:
    """Return windows that meet half-way between scheduled months; the last one is symmetric.

    A first scheduled month of 0 has no lower limit: any earlier measurement is a baseline value.

    Parameters
    ----------
    schedule
        Scheduled months, ascending.

    Returns
    -------
    list of tuple
        First and last month of each window.

    Examples
    --------
    >>> halfway_limits([0, 6, 12])
    [(-inf, 3.0), (3.0, 9.0), (9.0, 15.0)]
    """
    middles = [(before + after) / 2 for before, after in pairwise(schedule)]
    half_first, half_last = (
        (middles[0] - schedule[0], schedule[-1] - middles[-1]) if middles else (SINGLE_MONTH, SINGLE_MONTH)
    )
    first = -np.inf if schedule[0] == 0 else schedule[0] - half_first
    edges = [first, *middles, schedule[-1] + half_last]
    return list(pairwise(edges))


SINGLE_MONTH = 0.5  # Half the width of the window if only one month is scheduled.
