"""The difference between two estimates, with limits by the square-and-add method, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from analysis.estimates.common.intervals import Estimate, square_and_add
from analysis.estimates.common.small_numbers import SmallNumbers


def estimate_difference(pair: Mapping[str, Estimate], what: str, overlap: str = "") -> tuple[float, float, float, str]:
    """Return the difference between two estimates with its limits, or the reason why these are missing.

    Parameters
    ----------
    pair
        The estimate of each group, a share or a rate, with its limits.
    what
        The name of the estimate, such as "survival".
    overlap
        The words of `overlap_words` if the groups overlap; the limits are then missing.

    Returns
    -------
    Second minus first, lower and upper limit in the same unit, and the reason ("" if nothing is missing).
    """
    first, second = pair.values()
    difference = second[0] - first[0]
    # Overlap removes the limits only; a missing difference has another reason.
    missing = _missing(pair, what) if math.isnan(difference) else overlap or _missing(pair, what)
    lower, upper = (np.nan, np.nan) if missing else square_and_add(first, second)
    return difference, lower, upper, missing


def overlap_words(groups: Mapping[str, int], shared: int) -> str:
    """Return in words that groups overlap, or "", given their numbers of patients and those shared."""
    # The thresholds are for tests only.
    return SmallNumbers(events=0, patients=0).reason(None, groups, shared)


def _missing(pair: Mapping[str, Estimate], what: str) -> str:
    """Return why the difference or its limits are missing, or ""."""
    short = [group for group, (value, _, _) in pair.items() if math.isnan(value)]
    if short:
        return f"nobody is at risk so long in {' and '.join(short)}"
    # A share of 0 or 1 has no limits on the log-log scale; a rate always has limits.
    bare = [
        f"{100 * value:.0f} % in {group}"
        for group, (value, lower, upper) in pair.items()
        if math.isnan(lower) or math.isnan(upper)
    ]
    return f"no interval: {what} is {' and '.join(bare)}" if bare else ""
