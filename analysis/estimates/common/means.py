"""Means and medians with limits, the signed-rank test, and the difference between two means."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Rows
from analysis.counts.distribution import Distribution

LEVEL = 0.95
EXACT_UP_TO_PAIRS = 50
MEAN, MEDIAN, GEOMETRIC = "mean", "median", "geometric mean"

# the limits that each centre may have, in words
SPREADS = {
    (MEAN, "ci"): "95 % interval (t)",
    (MEAN, "sd"): "one standard deviation either side",
    (MEAN, "iqr"): "quartiles",
    (MEDIAN, "ci"): "95 % interval (order statistics)",
    (MEDIAN, "iqr"): "quartiles",
    (GEOMETRIC, "ci"): "95 % interval (t, of the logarithms)",
    (GEOMETRIC, "sd"): "one geometric standard deviation either side",
}


def check_spread(centre: str, spread: str) -> None:
    """Raise a ValueError if this spread is not offered for the centre."""
    if (centre, spread) not in SPREADS:
        known = "; ".join(f"{first} with {second}" for first, second in SPREADS)
        raise ValueError(f"A {centre} with {spread!r} is not offered; known: {known}.")


def centre_and_limits(numbers: Distribution, centre: str = MEAN, spread: str = "ci") -> tuple[float, float, float]:
    """Return a centre and its limits; missing if there are too few numbers.

    Parameters
    ----------
    numbers
        The numbers; for a geometric mean all above 0.
    centre, spread
        A key of `SPREADS`. Quartiles are of type 7 (Hyndman and Fan 1996). A geometric mean and its limits are computed
        on the log scale and transformed back (Bland and Altman 1996); its standard deviation is a factor.

    Returns
    -------
    Centre, lower and upper limit, in the unit of the numbers.
    """
    if not numbers.size:
        return np.nan, np.nan, np.nan
    if centre == GEOMETRIC:
        logarithms = Distribution(np.log(numbers.values), numbers.patients)
        middle, lower, upper = np.exp(centre_and_limits(logarithms, MEAN, spread))
        return float(middle), float(lower), float(upper)
    middle = mean(numbers) if centre == MEAN else median(numbers)
    if spread == "iqr":
        lower, upper = quantile(numbers, 0.25), quantile(numbers, 0.75)
    elif numbers.size < 2:
        lower, upper = np.nan, np.nan
    elif spread == "sd":
        deviation = np.sqrt(variance(numbers))
        lower, upper = middle - deviation, middle + deviation
    elif centre == MEAN:
        lower, upper = mean_limits(middle, variance(numbers), numbers.size)
    else:
        lower, upper = _median_limits(numbers)
    return middle, float(lower), float(upper)


def mean(numbers: Distribution) -> float:
    """Return the mean; there is at least one number."""
    return float((numbers.values * numbers.patients).sum() / numbers.size)


def variance(numbers: Distribution) -> float:
    """Return the sample variance; there are at least two numbers."""
    apart = numbers.values - mean(numbers)
    return float((apart * apart * numbers.patients).sum() / (numbers.size - 1))


def median(numbers: Distribution) -> float:
    """Return the median of at least one number."""
    return float(numbers.ordered(np.array([(numbers.size - 1) // 2, numbers.size // 2])).sum() / 2)


def quantile(numbers: Distribution, share: float) -> float:
    """Return a quantile of type 7 of Hyndman and Fan (1996) of at least one number."""
    place = share * (numbers.size - 1)
    below = int(place)
    lower, upper = numbers.ordered(np.array([below, min(below + 1, numbers.size - 1)]))
    beyond, step = place - below, upper - lower
    # From the nearer of the two, so that rounding cannot leave their range.
    return float(upper - step * (1 - beyond) if beyond >= 0.5 else lower + step * beyond)


def mean_limits(middle: float, spread: float, size: int) -> tuple[float, float]:
    """Return the 95 % t limits of a mean, given the sample variance and how many numbers, at least two, there are."""
    from scipy.special import stdtrit

    half_width = stdtrit(size - 1, (1 + LEVEL) / 2) * np.sqrt(spread / size)
    return middle - half_width, middle + half_width


def _median_limits(numbers: Distribution) -> tuple[float, float]:
    """Return the closest symmetric order statistics with 95 % coverage of the median; missing below 6 values."""
    place = place_of_median_limit(numbers.size)
    if place < 0:
        return np.nan, np.nan
    lower, upper = numbers.ordered(np.array([place, numbers.size - 1 - place]))
    return float(lower), float(upper)


def place_of_median_limit(size: int) -> int:
    """Return the rank (from 0) of the order statistic that is a median's lower limit, given the size; -1 for none."""
    from scipy.stats import binom

    return int(binom.ppf((1 - LEVEL) / 2, size, 0.5)) - 1


def signed_rank_p(differences: Distribution) -> float:
    """Return the two-sided p-value of Wilcoxon's signed-rank test; missing if all differences are 0.

    It is exact up to 50 pairs without ties and zeros, else by the normal approximation without continuity correction.
    Zeros are left out; ties have their mean rank.

    References
    ----------
    Wilcoxon (1945).
    """
    if not differences.values.any():
        return np.nan
    distinct, place = np.unique(np.abs(differences.values), return_inverse=True)
    if len(distinct) == differences.size <= EXACT_UP_TO_PAIRS and distinct[0] > 0:
        return _exact_signed_rank_p(len(distinct), int((place[differences.values > 0] + 1).sum()))
    return _normal_signed_rank_p(differences, place + (distinct[0] > 0))


def _exact_signed_rank_p(pairs: int, of_positive: int) -> float:
    """Return the exact p-value for a sum of the ranks of positive differences.

    It counts the subsets of ranks with each sum. scipy.stats, which has this test, loads slower than a page is drawn.
    """
    sets = np.zeros(pairs * (pairs + 1) // 2 + 1, dtype=np.int64)
    sets[0] = 1
    for rank in range(1, pairs + 1):
        sets[rank:] += sets[:-rank].copy()
    tail = min(sets[: of_positive + 1].sum(), sets[of_positive:].sum())
    return min(1.0, 2 * float(tail) / 2.0**pairs)


def _normal_signed_rank_p(differences: Distribution, place: Rows) -> float:
    """Return the p-value by the normal approximation.

    `place` is the index of each difference's size among the distinct sizes: from 1, and 0 for a difference of 0.
    """
    from scipy.special import ndtr

    tied = np.bincount(place, weights=differences.patients)[1:]
    ranks = np.cumsum(tied) - (tied - 1) / 2
    positive = differences.values > 0
    of_positive = float((ranks[place[positive] - 1] * differences.patients[positive]).sum())
    pairs = float(tied.sum())
    expected = pairs * (pairs + 1) * 0.25
    spread = np.sqrt((pairs * (pairs + 1) * (2 * pairs + 1) - (tied**3 - tied).sum() / 2) / 24)
    return float(2 * ndtr(-abs((of_positive - expected) / spread)))


def mean_difference(numbers: Distribution, reference: Distribution) -> tuple[float, float, float]:
    """Return the difference of a mean minus that of a reference, with Welch's 95 % limits.

    Variances may differ. Limits are missing if a sample has fewer than two numbers, or neither sample varies.

    References
    ----------
    Welch (1947); degrees of freedom: Satterthwaite (1946).
    """
    from scipy.special import stdtrit

    if not numbers.size or not reference.size:
        return np.nan, np.nan, np.nan
    difference = mean(numbers) - mean(reference)
    if min(numbers.size, reference.size) < 2:
        return difference, np.nan, np.nan
    # The variance of equal numbers may differ from 0 by rounding.
    if len(numbers.values) == len(reference.values) == 1:
        return difference, np.nan, np.nan
    parts = np.array([variance(each) / each.size for each in (numbers, reference)])
    freedom = parts.sum() ** 2 / (parts**2 / [numbers.size - 1, reference.size - 1]).sum()
    half_width = float(stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(parts.sum()))
    return difference, difference - half_width, difference + half_width
