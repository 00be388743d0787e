"""Standardised differences between groups, in units of their standard deviation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeVar

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.counts.distribution import Distribution
from analysis.estimates.common.means import mean, variance

Group = TypeVar("Group")


def number_difference(groups: Sequence[Distribution]) -> float:
    """Return the largest standardised difference in means between any two groups.

    It is the absolute difference divided by the root of the mean of both variances.

    Parameters
    ----------
    groups
        The numbers in each group.

    Returns
    -------
    0 if all values of two groups are equal. Missing if fewer than two groups have two values, or if means differ
    without any variation within the groups.

    References
    ----------
    Austin PC (2009), Statistics in Medicine 28:3083-3107.
    """
    return _largest([numbers for numbers in groups if numbers.size > 1], _means_apart)


def share_difference(groups: Sequence[Floats]) -> float:
    """Return the largest standardised difference in the shares of levels between any two groups.

    It is the Mahalanobis distance between the shares (Yang and Dalton 2012); with two levels, the absolute standardised
    difference of a proportion (Austin 2009).

    Parameters
    ----------
    groups
        The shares of levels in each group, which add up to 1; missing in a group without values.

    Returns
    -------
    The difference; missing if fewer than two groups have shares, or if levels separate two groups completely.

    References
    ----------
    Austin PC (2009), Statistics in Medicine 28:3083-3107.
    Yang D, Dalton JE (2012), A unified approach to measuring the effect size between two groups using SAS,
    SAS Global Forum, paper 335.
    """
    return _largest([shares for shares in groups if not np.isnan(shares).any()], _shares_apart)


def _largest(groups: Sequence[Group], apart: Callable[[Group, Group], float]) -> float:
    found = max((apart(a, b) for a, b in combinations(groups, 2)), default=np.nan)
    # An infinite difference is missing; the largest finite one would hide it.
    return found if np.isfinite(found) else np.nan


def standard_deviation(numbers: Distribution, lost: int = 0) -> float:
    """Return the standard deviation, without underflow for tiny numbers.

    Parameters
    ----------
    numbers
        Numbers of more patients than `lost`.
    lost
        Degrees of freedom lost: 1 for a sample.
    """
    scale = float(np.abs(numbers.values).max()) or 1.0
    scaled = _divided(numbers, scale)
    apart = scaled.values - mean(scaled)
    return float(np.sqrt((apart * apart * scaled.patients).sum() / (scaled.size - lost))) * scale


def _divided(numbers: Distribution, scale: float) -> Distribution:
    return Distribution(numbers.values / scale, numbers.patients)


def _means_apart(a: Distribution, b: Distribution) -> float:
    # By distinct values: the variance of equal numbers may differ from 0 by rounding.
    if len(a.values) == len(b.values) == 1:
        return 0.0 if a.values[0] == b.values[0] else np.inf
    scale = float(max(np.abs(a.values).max(), np.abs(b.values).max()))
    a, b = _divided(a, scale), _divided(b, scale)  # see `standard_deviation`
    return float(abs(mean(a) - mean(b)) / np.sqrt((variance(a) + variance(b)) / 2))


def _shares_apart(a: Floats, b: Floats) -> float:
    held = a + b > 0
    # The last share is determined by the others.
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
