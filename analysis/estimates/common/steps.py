"""Step curves by group at chosen times."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.cohort.times import slack
from analysis.estimates.common.tidy_tables import with_groups


def steps_at(
    curve: pd.DataFrame,
    months: Sequence[float],
    counted: Sequence[str],
    read: Sequence[str],
    settled: Callable[[pd.DataFrame], bool],
) -> pd.DataFrame:
    """Return step curves at chosen times.

    Parameters
    ----------
    curve
        group, months, at_risk, and the columns named below; each group in order of time from 0.
    months
        Times of 0 or more.
    counted
        Columns of numbers, summed up to each time as ``cumulative_`` and their name.
    read
        Columns whose value at each time is returned; missing beyond the last time of a group.
    settled
        Whether the curve of a group stays constant beyond its last time.

    Returns
    -------
    DataFrame with group, months, at_risk, a ``cumulative_`` column for each counted, and the columns read.

    Raises
    ------
    ValueError
        If a time is below 0.
    """
    if any(not time >= 0 for time in months):
        raise ValueError("A curve is read at times from 0 months on.")
    groups = curve["group"].cat.categories
    rows = []
    for group in groups:
        own = curve[curve["group"] == group]
        last = own["months"].iloc[-1]
        for time in months:
            past = own[own["months"] <= time + slack(time)]
            # The risk set does not change between two times, so that it is that of the next time.
            at_risk = next(iter(own.loc[own["months"] >= time - slack(time), "at_risk"]), 0)
            known = time <= last + slack(time) or settled(own)
            values = past.iloc[-1][list(read)] if known else [np.nan] * len(read)
            rows.append((group, time, at_risk, *(int(past[name].sum()) for name in counted), *values))
    columns = ["group", "months", "at_risk", *(f"cumulative_{name}" for name in counted), *read]
    return with_groups(pd.DataFrame(rows, columns=columns), groups)
