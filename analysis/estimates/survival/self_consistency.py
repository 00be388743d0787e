"""Turnbull's self-consistent distribution of a time that is only known to lie between two others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats, Integers, Rows

STEPS = 10_000  # most extrapolated steps, each of two of self-consistency
CLOSE = 1e-9  # the excess of the gradient at which the steps end
CONVERGED = 1e-6  # the largest excess of a result
NOTHING = 1e-8  # a smaller probability is none


@dataclass(frozen=True, eq=False)
class Innermost:
    """Where the distribution can have its mass, and how much it has there.

    Attributes
    ----------
    left, right
        The intervals (left, right] in order, infinite at the end if the time may lie beyond all visits.
    probability
        The mass in each; how it lies within an interval cannot be told.
    excess
        By how much the conditions of a maximum are violated: 0 at the maximum.
    """

    left: Floats
    right: Floats
    probability: Floats
    excess: float

    @property
    def converged(self) -> bool:
        """Whether it is the maximum likelihood estimate."""
        return self.excess <= CONVERGED


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """The mean log likelihood of a distribution over innermost intervals.

    Attributes
    ----------
    first, end
        The innermost intervals within each patient's interval: from `first` to before `end`.
    share
        The share of patients with each.
    size
        The number of innermost intervals.
    """

    first: Rows
    end: Rows
    share: Floats
    size: int

    def own(self, mass: Floats) -> Floats:
        """Return the probability of each patient's interval."""
        total = np.append(0.0, np.cumsum(mass))
        return np.asarray(total[self.end] - total[self.first])

    def value(self, mass: Floats) -> float:
        """Return the mean log likelihood."""
        own = self.own(mass)
        return float(self.share @ np.log(own)) if (own > 0).all() else -np.inf

    def gradient(self, mass: Floats) -> Floats:
        """Return, for each innermost interval, the mean of 1 / (probability of their own) of those who hold it."""
        weight = self.share / self.own(mass)
        begun = np.bincount(self.first, weight, self.size + 1) - np.bincount(self.end, weight, self.size + 1)
        return np.asarray(np.cumsum(begun)[: self.size])

    def excess(self, mass: Floats) -> float:
        """Return the largest violation of the conditions of Kuhn and Tucker."""
        gradient = self.gradient(mass)
        return float(max(gradient.max() - 1, (mass * np.abs(gradient - 1)).max()))


def self_consistent(left: Floats, right: Floats, patients: Integers) -> Innermost:
    """Return the maximum likelihood distribution of times that lie in (left, right].

    Mass can only lie in the innermost intervals: from a left end to the next end that is a right one. It is found by
    steps of self-consistency (each patient's mass is spread over the own interval in proportion to the distribution, an
    EM algorithm), two at a time and extrapolated, as they become small long before the end. At the maximum the gradient
    is 1 where there is mass and at most 1 elsewhere (Kuhn and Tucker): by that the result is judged.

    Parameters
    ----------
    left, right
        The distinct intervals; `right` is infinite for times beyond `left`.
    patients
        The number of patients with each, at least one in all.

    References
    ----------
    Turnbull BW (1976), Journal of the Royal Statistical Society B 38:290-295. Gentleman R, Geyer CJ (1994), Biometrika
    81:618-623. Varadhan R, Roland C (2008), Scandinavian Journal of Statistics 35:335-353.
    """
    low, high = innermost(left, right)
    first, end = np.searchsorted(low, left), np.searchsorted(high, right, side="right")
    likelihood = _Likelihood(first, end, patients / patients.sum(), len(low))
    mass = np.full(len(low), 1 / len(low))
    for _ in range(STEPS):
        if likelihood.excess(mass) <= CLOSE:
            break
        mass = _extrapolated(likelihood, mass)
    mass = np.where(mass < NOTHING, 0.0, mass)
    mass = mass / mass.sum()
    return Innermost(low, high, mass, likelihood.excess(mass))


def innermost(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the intervals from a left end to the next end, if that is a right one, in order.

    At one time a right end comes before a left one, because intervals are open at the left and closed at the right.

    Examples
    --------
    >>> low, high = innermost(np.array([0.0, 2, 3]), np.array([3.0, 4, np.inf]))
    >>> low.tolist(), high.tolist()
    ([2.0, 3.0], [3.0, 4.0])
    """
    begins, ends = np.unique(left), np.unique(right)
    times = np.concatenate([ends, begins])
    is_left = np.repeat([False, True], [len(ends), len(begins)])
    order: Rows = np.lexsort((is_left, times))
    times, is_left = times[order], is_left[order]
    places = np.flatnonzero(is_left[:-1] & ~is_left[1:])
    return times[places], times[places + 1]


def _extrapolated(likelihood: _Likelihood, mass: Floats) -> Floats:
    """Return the distribution after two steps of self-consistency, or farther on if that is no less likely."""
    once = mass * likelihood.gradient(mass)
    twice = once * likelihood.gradient(once)
    step, bend = once - mass, twice - 2 * once + mass
    if not bend.any():
        return np.asarray(twice)
    far = max(1.0, float(np.sqrt(step @ step) / np.sqrt(bend @ bend)))
    beyond = mass + 2 * far * step + far**2 * bend
    if not (beyond > 0).all():
        return np.asarray(twice)
    beyond = beyond / beyond.sum()
    return np.asarray(beyond if likelihood.value(beyond) >= likelihood.value(twice) else twice)
