"""Standardised differences: how far apart groups are, in units of their spread, whatever their size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from analysis.cohort.arrays import Floats


def number_difference(groups: Sequence[Floats]) -> float:
    """Return the largest standardised difference in means between two of the groups (Austin 2009).

    The difference divided by the root of the mean of both variances, without sign.

    Parameters
    ----------
    groups
        The values of each group, none missing.

    Returns
    -------
    0 where two groups hold one and the same value; missing where no two groups have two values each, or where means
    differ and nothing varies around them.
    """
    return _largest([values for values in groups if len(values) > 1], _means_apart)


def share_difference(groups: Sequence[Floats]) -> float:
    """Return the largest standardised difference in the shares of several levels between two of the groups.

    The distance of Mahalanobis between the shares (Yang and Dalton 2012); with two levels the standardised difference
    of a proportion (Austin 2009), without sign.

    Parameters
    ----------
    groups
        The shares of each group, which add up to 1; missing in a group where nobody has a value.

    Returns
    -------
    Missing where no two groups have shares, or where a level tells two of them apart for certain.

    References
    ----------
    Austin PC (2009), Statistics in Medicine 28:3083-3107.
    Yang D, Dalton JE (2012), A unified approach to measuring the effect size between two groups using SAS,
    SAS Global Forum, paper 335.
    """
    return _largest([shares for shares in groups if not np.isnan(shares).any()], _shares_apart)


def _largest(groups: Sequence[Floats], apart: Callable[[Floats, Floats], float]) -> float:
    found = max((apart(a, b) for a, b in combinations(groups, 2)), default=np.nan)
    # Infinitely far apart is no number to print, and the largest of the others would hide it.
    return found if np.isfinite(found) else np.nan


def standard_deviation(values: Floats, lost: int = 0) -> float:
    """Return the standard deviation, of values however small: the square of 1e-300 is 0 to a computer.

    Parameters
    ----------
    values
        More numbers than `lost`, none missing.
    lost
        Degrees of freedom that are lost: 1 in a sample.
    """
    scale = float(np.abs(values).max()) or 1.0
    return float((values / scale).std(ddof=lost)) * scale


def _means_apart(a: Floats, b: Floats) -> float:
    # Asked of the values: the variance of three times 0.1 is a rounding error above 0.
    if (a == a[0]).all() and (b == b[0]).all():
        return 0.0 if a[0] == b[0] else np.inf
    scale = max(np.abs(a).max(), np.abs(b).max())
    a, b = a / scale, b / scale  # see `standard_deviation`
    return float(abs(a.mean() - b.mean()) / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))


def _shares_apart(a: Floats, b: Floats) -> float:
    held = a + b > 0
    # The last share follows from the others.
    first, second = a[held][:-1], b[held][:-1]
    apart = first - second
    if not apart.any():
        return 0.0
    spread = (_covariance(first) + _covariance(second)) / 2
    if np.linalg.matrix_rank(spread) < len(apart):
        return np.inf
    return float(np.sqrt(apart @ np.linalg.solve(spread, apart)))


def _covariance(shares: Floats) -> Floats:
    covariance: Floats = np.diag(shares) - np.outer(shares, shares)
    return covariance
