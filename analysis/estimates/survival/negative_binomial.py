"""Relapse rates of groups by negative binomial regression: some patients relapse more often than others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats

STEPS = 50  # of Newton's method for a rate; about five are needed
CLOSE = 1e-13
LOG_THETA = (-8.0, 14.0)  # where the maximum is looked for; beyond the end rates do not differ between patients
SAME_RATE = 1e6  # a larger theta says so: the likelihood is still rising at the end


@dataclass(frozen=True, eq=False)
class RateFit:
    """Log rates of groups that share one dispersion.

    Attributes
    ----------
    log_rates, errors
        By group, and their standard errors, the dispersion taken as known.
    theta
        The dispersion: the variance of a number of relapses with mean m is m + m * m / theta.
    """

    log_rates: Floats
    errors: Floats
    theta: float


@dataclass(frozen=True, eq=False)
class Counted:
    """The relapses and patient-years of a group's patients, with the number of patients of each kind."""

    relapses: Floats
    years: Floats
    patients: Floats

    def with_years(self) -> Counted:
        """Return those who were under observation for some time; the others tell nothing of a rate."""
        held = self.years > 0
        return Counted(self.relapses[held], self.years[held], self.patients[held])


def negative_binomial(groups: Sequence[Counted]) -> RateFit | None:
    """Return the maximum likelihood fit; None if a group has no relapses, or rates do not differ between patients.

    For a given dispersion the groups do not depend on each other, so that their rates are found one by one, and the
    likelihood is a curve of the dispersion alone.

    Parameters
    ----------
    groups
        The patients of each group.

    References
    ----------
    Lawless JF (1987), Canadian Journal of Statistics 15:209-225. Venables WN, Ripley BD (2002), Modern Applied
    Statistics with S, section 7.4.
    """
    from scipy.optimize import minimize_scalar

    groups = [each.with_years() for each in groups]
    if any(not each.patients @ each.relapses for each in groups):
        return None

    def minus(log_theta: float) -> float:
        theta = float(np.exp(log_theta))
        return -sum(_log_likelihood(each, _rate(each, theta), theta) for each in groups)

    found = minimize_scalar(minus, bounds=LOG_THETA, method="bounded", options={"xatol": 1e-10, "maxiter": 500})
    theta = float(np.exp(found.x))
    if theta > SAME_RATE:
        return None
    rates = np.array([_rate(each, theta) for each in groups])
    information = [_information(each, rate, theta) for each, rate in zip(groups, rates, strict=True)]
    return RateFit(np.log(rates), 1 / np.sqrt(np.array(information)), theta)


def _rate(group: Counted, theta: float) -> float:
    """Return the most likely rate of a group for a dispersion."""
    rate = float(group.patients @ group.relapses / (group.patients @ group.years))
    for _ in range(STEPS):
        mean = rate * group.years
        score = group.patients @ ((group.relapses - mean) / (1 + mean / theta))
        step = float(score / _information(group, rate, theta))
        rate *= float(np.exp(np.clip(step, -1, 1)))
        if abs(step) < CLOSE:
            break
    return rate


def _information(group: Counted, rate: float, theta: float) -> float:
    """Return the expected information on the logarithm of a rate."""
    mean = rate * group.years
    return float(group.patients @ (mean / (1 + mean / theta)))


def _log_likelihood(group: Counted, rate: float, theta: float) -> float:
    from scipy.special import gammaln

    mean, number = rate * group.years, group.relapses
    each = gammaln(theta + number) - gammaln(theta) - gammaln(number + 1)
    each = each + number * np.log(mean / (theta + mean)) - theta * np.log1p(mean / theta)
    return float(group.patients @ each)
