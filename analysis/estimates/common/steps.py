"""Step curves by group, read at chosen times."""

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
        group, months, at_risk, and the columns named by the other arguments; each group rising in time from 0.
    months
        Times from 0.
    counted
        Columns that are summed up to each time, into ``cumulative_`` and their name.
    read
        Columns that are read off; missing beyond the last time of a group.
    settled
        Whether the curve of a group stays as it is beyond its last time.

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
            # Between two times nobody comes or goes: who is at risk at the next time is at risk here.
            at_risk = next(iter(own.loc[own["months"] >= time - slack(time), "at_risk"]), 0)
            known = time <= last + slack(time) or settled(own)
            values = past.iloc[-1][list(read)] if known else [np.nan] * len(read)
            rows.append((group, time, at_risk, *(int(past[name].sum()) for name in counted), *values))
    columns = ["group", "months", "at_risk", *(f"cumulative_{name}" for name in counted), *read]
    return with_groups(pd.DataFrame(rows, columns=columns), groups)
