"""The difference of two estimates, with limits made from those of each; and why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from analysis.estimates.common.intervals import Estimate, square_and_add
from analysis.estimates.common.small_numbers import SmallNumbers


def estimate_difference(pair: Mapping[str, Estimate], what: str, overlap: str = "") -> tuple[float, float, float, str]:
    """Return the difference of two estimates, its limits by the square-and-add method, and why something is missing.

    Parameters
    ----------
    pair
        The estimate of each group, with its limits: a share of patients, or a rate.
    what
        What the estimates are, such as "survival".
    overlap
        That the groups share patients, as `overlap_words` says it; there are no limits then.

    Returns
    -------
    Second minus first, lower and upper limit in the same unit, and "" or the reason in words.
    """
    first, second = pair.values()
    difference = second[0] - first[0]
    # Where there is no difference, that the groups share patients is not why.
    missing = _missing(pair, what) if math.isnan(difference) else overlap or _missing(pair, what)
    lower, upper = (np.nan, np.nan) if missing else square_and_add(first, second)
    return difference, lower, upper, missing


def overlap_words(groups: Mapping[str, int], shared: int) -> str:
    """Return that groups of so many patients share some of them, or ""."""
    # Nothing is tested, so no number is too small.
    return SmallNumbers(events=0, patients=0).reason(None, groups, shared)


def _missing(pair: Mapping[str, Estimate], what: str) -> str:
    """Return why two estimates have no difference, or no limits of one, or ""."""
    short = [group for group, (value, _, _) in pair.items() if math.isnan(value)]
    if short:
        return f"nobody is at risk so long in {' and '.join(short)}"
    # At a share of 0 or 1 the scale of the limits is infinite; a rate always has limits.
    bare = [
        f"{100 * value:.0f} % in {group}"
        for group, (value, lower, upper) in pair.items()
        if math.isnan(lower) or math.isnan(upper)
    ]
    return f"no interval: {what} is {' and '.join(bare)}" if bare else ""
