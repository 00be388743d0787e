"""The time at which groups are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class CommonTime:
    """The time at which groups are compared.

    Attributes
    ----------
    at
        The time.
    enough
        Whether there are enough patients in each group.
    last
        Whether it is the last of the times considered.
    """

    at: float
    enough: bool
    last: bool


def times_in_common(table: pd.DataFrame, time: str) -> list[float]:
    """Return the times, in order, at which every group of a table has a row."""
    groups_at = table.groupby(time)["group"].nunique()
    return [float(each) for each in sorted(groups_at.index[groups_at == table["group"].nunique()])]


def time_in_common(table: pd.DataFrame, times: Sequence[float], time: str, counted: str, few: int) -> CommonTime:
    """Return the last of some times with at least `few` in each group; a hidden number is not enough.

    If there is none, it is the last of those with most in the smallest group.

    Parameters
    ----------
    table
        A row for each group and time.
    times
        At least one of its times, in order.
    time, counted
        Its columns of times, and of numbers of patients.
    few
        The least number in each group.

    Examples
    --------
    >>> rows = [("BM", 1, 20), ("UC", 1, 11), ("BM", 2, 12), ("UC", 2, 9)]
    >>> table = pd.DataFrame(rows, columns=["group", "year", "patients"])
    >>> time_in_common(table, [1, 2], "year", "patients", 10)
    CommonTime(at=1, enough=True, last=False)
    """
    told, numbers = table[time].to_numpy(), np.nan_to_num(table[counted].to_numpy(dtype=float))
    fewest = [numbers[told == each].min() for each in times]
    enough = bool(max(fewest) >= few)
    least = few if enough else max(fewest)
    chosen = max(each for each, number in zip(times, fewest, strict=True) if number >= least)
    return CommonTime(chosen, enough, last=chosen == times[-1])
