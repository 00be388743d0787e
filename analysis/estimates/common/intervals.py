"""Confidence limits of proportions, rates and differences, and exact ones of a survival curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.cohort.arrays import Floats, Integers

Counts = Sequence[int] | Integers | Floats
Estimate = tuple[float, float, float]  # a value with its lower and upper limit, missing if there is none

PROPORTION_INTERVALS: dict[str, str] = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson"}


def normal_quantile(level: float) -> float:
    """Return the standard normal quantile of a two-sided confidence level, such as 1.96 for 0.95.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    from scipy.special import ndtri

    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    return float(ndtri((1 + level) / 2))


def two_sided(z: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def proportion_interval(
    events: Counts, patients: Counts, interval: str = "wilson", level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return two-sided confidence limits of proportions.

    Parameters
    ----------
    events, patients
        Numerators and denominators, of equal length.
    interval
        "wilson" (Wilson 1927) or "clopper-pearson" (Clopper and Pearson 1934).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Lower and upper limits; missing if the denominator is 0.

    Raises
    ------
    ValueError
        If the interval is unknown, or the level is not between 0 and 1.

    Examples
    --------
    >>> lower, upper = proportion_interval([3], [20])
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.052], [0.36])
    """
    check_proportion_interval(interval)
    z = normal_quantile(level)
    k, n = np.asarray(events, dtype=float), np.asarray(patients, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        lower, upper = _wilson(k, n, z) if interval == "wilson" else _clopper_pearson(k, n, level)
    lower, upper = np.where(k > 0, lower, 0.0), np.where(k < n, upper, 1.0)
    return np.where(n > 0, lower, np.nan), np.where(n > 0, upper, np.nan)


def _wilson(k: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    middle = (k + z**2 / 2) / (n + z**2)
    half_width = z * np.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
    return middle - half_width, middle + half_width


def _clopper_pearson(k: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    # By beta quantiles: scipy.stats, which has this interval, loads slower than a page is drawn.
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    return betaincinv(k, n - k + 1, tail), betaincinv(k + 1, n - k, 1 - tail)


def check_proportion_interval(interval: str) -> None:
    """Raise a ValueError if the interval is unknown."""
    if interval not in PROPORTION_INTERVALS:
        raise ValueError(f"Unknown interval {interval!r}; known are {', '.join(PROPORTION_INTERVALS)}.")


def rate_interval(events: Counts, exposure: Sequence[float] | Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return exact Poisson confidence limits of rates (Garwood 1936).

    Parameters
    ----------
    events, exposure
        Numbers of events and times at risk, of equal length; limits are per unit of time.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Lower and upper limits; missing if the time is 0.
    """
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    seen, time = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    time = np.where(time > 0, time, np.nan)
    lower = np.where(seen > 0, gammaincinv(np.maximum(seen, 1), tail), 0.0)
    return lower / time, gammaincinv(seen + 1, 1 - tail) / time


def square_and_add(first: Estimate, second: Estimate) -> tuple[float, float]:
    """Return limits of the difference between two independent estimates, from the limits of each.

    The distances from each estimate to its limits are squared and added like variances, so that limits may be
    asymmetric.

    Parameters
    ----------
    first, second
        Value, lower and upper limit, in the same unit and at the same confidence level.

    Returns
    -------
    Lower and upper limit of second minus first; missing if a limit that they need is missing.

    References
    ----------
    Newcombe RG (1998), Statistics in Medicine 17:873-890, for proportions with Wilson limits (method 10); Zou GY,
    Donner A (2008), Statistics in Medicine 27:1693-1702, for any estimates.
    """
    (a, a_lower, a_upper), (b, b_lower, b_upper) = first, second
    difference = b - a
    below, above = np.hypot(b - b_lower, a_upper - a), np.hypot(b_upper - b, a - a_lower)
    return float(difference - below), float(difference + above)


def beta_product_interval(
    at_risk: Floats, events: Floats, at_risk_after: Floats, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the beta product confidence limits of a survival curve, by the method of moments.

    Without censoring they equal the Clopper-Pearson limits. They also exist for a curve without events.

    Parameters
    ----------
    at_risk, events
        Numbers at each distinct time of one curve, in order of time.
    at_risk_after
        Number followed beyond each time.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Lower and upper limits at each time.

    References
    ----------
    Fay MP, Brittain EH, Proschan MA (2013), Biostatistics 14(4):723-736.
    """
    tail = (1 - level) / 2
    # S(t) is a product of independent beta variables, one per time, and so are its first two moments.
    mean = np.cumprod((at_risk - events + 1) / (at_risk + 1))
    square = np.cumprod((at_risk - events + 1) * (at_risk - events + 2) / ((at_risk + 1) * (at_risk + 2)))
    after = at_risk_after
    lower = _beta_quantile(mean * after / (after + 1), square * after / (after + 2), tail)
    upper = _beta_quantile(mean, square, 1 - tail)
    return np.where(after > 0, lower, 0.0), np.where(np.cumsum(events) > 0, upper, 1.0)


def _beta_quantile(mean: Floats, square: Floats, quantile: float) -> Floats:
    """Return a quantile of the beta distribution with these first two moments; missing if the variance is 0."""
    from scipy.special import betaincinv

    with np.errstate(invalid="ignore", divide="ignore"):
        size = (mean - square) / (square - mean**2)
        found: Floats = betaincinv(mean * size, (1 - mean) * size, quantile)
    return found
