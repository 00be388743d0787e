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
        times, at_risk = own["months"].to_numpy(dtype=float), own["at_risk"].to_numpy()
        sums = [own[name].fillna(0).cumsum().to_numpy() for name in counted]
        values = [own[name].to_numpy() for name in read]
        goes_on = settled(own)
        for time in months:
            last = int(times.searchsorted(time + slack(time), "right")) - 1
            # The risk set does not change between two times, so that it is that of the next time.
            following = int(times.searchsorted(time - slack(time)))
            known = goes_on or time <= times[-1] + slack(time)
            rows.append(
                (
                    group,
                    time,
                    at_risk[following] if following < len(times) else 0,
                    *(int(summed[last]) for summed in sums),
                    *(value[last] if known else np.nan for value in values),
                )
            )
    columns = ["group", "months", "at_risk", *(f"cumulative_{name}" for name in counted), *read]
    return with_groups(pd.DataFrame(rows, columns=columns), groups)
