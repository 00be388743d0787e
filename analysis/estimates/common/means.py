"""The centre of some values with its limits, the paired test, and the difference of two means."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Floats

LEVEL = 0.95
EXACT_UP_TO_PAIRS = 50
MEAN, MEDIAN, GEOMETRIC = "mean", "median", "geometric mean"

# what the limits round a centre are, in words
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
    """Raise a ValueError if a centre does not come with such limits."""
    if (centre, spread) not in SPREADS:
        known = "; ".join(f"{first} with {second}" for first, second in SPREADS)
        raise ValueError(f"A {centre} with {spread!r} is not offered; known: {known}.")


def centre_and_limits(values: Floats, centre: str = MEAN, spread: str = "ci") -> tuple[float, float, float]:
    """Return a centre of some values and its limits; missing where there are too few.

    Parameters
    ----------
    values
        The values; for a geometric mean all above 0.
    centre, spread
        As in `SPREADS`. Quartiles are of type 7 of Hyndman and Fan (1996). The geometric mean and its limits are those
        of the logarithms, taken back (Bland and Altman 1996): its standard deviation is a factor.
    """
    if not len(values):
        return np.nan, np.nan, np.nan
    if centre == GEOMETRIC:
        middle, lower, upper = np.exp(centre_and_limits(np.log(values), MEAN, spread))
        return float(middle), float(lower), float(upper)
    middle = float(values.mean() if centre == MEAN else np.median(values))
    if spread == "iqr":
        lower, upper = np.quantile(values, [0.25, 0.75])
    elif len(values) < 2:
        lower, upper = np.nan, np.nan
    elif spread == "sd":
        deviation = np.std(values, ddof=1)
        lower, upper = middle - deviation, middle + deviation
    elif centre == MEAN:
        lower, upper = _mean_limits(values, middle)
    else:
        lower, upper = _median_limits(values)
    return middle, float(lower), float(upper)


def _mean_limits(values: Floats, mean: float) -> tuple[float, float]:
    from scipy.special import stdtrit

    apart, degrees = values - mean, len(values) - 1
    half_width = stdtrit(degrees, (1 + LEVEL) / 2) * np.sqrt(apart @ apart / degrees / len(values))
    return mean - half_width, mean + half_width


def _median_limits(values: Floats) -> tuple[float, float]:
    """Return the narrowest symmetric pair of order statistics covering the median; below 6 values none does."""
    from scipy.stats import binom

    n = len(values)
    below = int(binom.ppf((1 - LEVEL) / 2, n, 0.5))
    if below == 0:
        return np.nan, np.nan
    ordered = np.sort(values)
    return float(ordered[below - 1]), float(ordered[n - below])


def signed_rank_p(differences: Floats) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test; exact without ties and zeros up to 50 pairs."""
    from scipy.stats import wilcoxon

    distinct = np.unique(np.abs(differences))
    if not differences.any():
        return np.nan
    exact = len(distinct) == len(differences) <= EXACT_UP_TO_PAIRS and distinct[0] > 0
    return float(wilcoxon(differences, method="exact" if exact else "asymptotic").pvalue)


def mean_difference(values: Floats, reference: Floats) -> tuple[float, float, float]:
    """Return how far a mean lies above that of a reference, with Welch's 95 % limits (1947).

    The variances need not be equal; degrees of freedom after Satterthwaite (1946). Limits are missing where one side
    has fewer than two values, or neither varies.
    """
    from scipy.special import stdtrit

    if not len(values) or not len(reference):
        return np.nan, np.nan, np.nan
    difference = float(np.mean(values) - np.mean(reference))
    if min(len(values), len(reference)) < 2:
        return difference, np.nan, np.nan
    # Equal decimals may have a variance of rounding errors.
    if np.ptp(values) == 0 and np.ptp(reference) == 0:
        return difference, np.nan, np.nan
    parts = np.array([np.var(values, ddof=1) / len(values), np.var(reference, ddof=1) / len(reference)])
    freedom = parts.sum() ** 2 / (parts**2 / [len(values) - 1, len(reference) - 1]).sum()
    half_width = float(stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(parts.sum()))
    return difference, difference - half_width, difference + half_width
