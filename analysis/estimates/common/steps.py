"""Step curves by group at chosen times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.cohort.times import slack


def steps_at(
    curve: pd.DataFrame,
    months: Sequence[float],
    counted: Sequence[str],
    read: Sequence[str],
    settled: Callable[[pd.DataFrame], pd.Series],
) -> pd.DataFrame:
    """Return step curves at chosen times.

    Parameters
    ----------
    curve
        group, months, at_risk, and the columns named below; one group after the other, in order of time from 0.
    months
        Times of 0 or more.
    counted
        Columns of numbers, summed up to each time as ``cumulative_`` and their name.
    read
        Columns whose value at each time is returned; missing beyond the last time of a group.
    settled
        Whether the curve of each group stays constant beyond its last time, of which it is given the rows.

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
    group = curve["group"].cat
    columns = {name: curve[name].to_numpy() for name in ("months", "at_risk", *counted, *read)}
    times, at_risk = columns["months"], columns["at_risk"]
    margins = [slack(time) for time in months]
    before, after = np.subtract(months, margins), np.add(months, margins)
    bounds = group.codes.to_numpy().searchsorted(np.arange(len(group.categories) + 1))
    last, following = np.empty((2, len(group.categories), len(months)), dtype=np.intp)
    for code, (start, stop) in enumerate(pairwise(bounds)):
        last[code] = start + times[start:stop].searchsorted(after, "right") - 1
        following[code] = start + times[start:stop].searchsorted(before)
    first, end = bounds[:-1, None], bounds[1:, None] - 1
    known = (times[end] >= before) | settled(curve.iloc[end.ravel()]).to_numpy(dtype=bool)[:, None]
    # The risk set does not change between two times, so that it is that of the next time.
    found = {"at_risk": np.where(following <= end, at_risk[np.minimum(following, end)], 0)}
    for name in counted:
        summed = columns[name].cumsum()
        found[f"cumulative_{name}"] = summed[last] - (summed - columns[name])[first]
    found |= {name: np.where(known, columns[name][last], np.nan) for name in read}
    names = group.categories.repeat(len(months))
    return pd.DataFrame(
        {
            "group": pd.Categorical(names, group.categories, ordered=True),
            "months": np.tile(months, len(group.categories)),
            **{name: values.ravel() for name, values in found.items()},
        }
    )
