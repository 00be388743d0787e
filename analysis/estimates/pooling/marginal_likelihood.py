"""The likelihood of shares whose log-odds differ between studies as a normal distribution, and its maxima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from analysis.cohort.arrays import Floats

NODES = 41  # of the quadrature of each study
LARGEST = 6.0  # tau is looked for up to it; one standard deviation then multiplies the odds by 400
FARTHEST = 40.0  # log-odds are looked for within it
TAUS = np.concatenate([np.linspace(0, 2, 41), np.geomspace(2.1, LARGEST, 20)])
STEPS = 60  # most Newton steps; about five are needed
CLOSE = 1e-7  # of a Newton step: the next one would be of the order of its square
EXACT = {"xatol": 1e-9}
FLAT = 1e-9  # the least information: far out it is rounding
GAIN = 1e-9  # a smaller gain of log-likelihood over tau = 0 is rounding


class Moments(NamedTuple):
    """The log-likelihood of each study, its derivative in mu (score), and minus its second one (information)."""

    value: Floats
    score: Floats
    information: Floats


class Profile(NamedTuple):
    """The most likely mu of each tau, the log-likelihood there, and the variance of mu if tau is known."""

    mu: Floats
    value: Floats
    variance: Floats


class Point(NamedTuple):
    """A middle of the log-odds, their standard deviation between studies, and the log-likelihood there."""

    mu: float
    tau: float
    value: float


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The likelihood of the middle mu and the standard deviation tau of log-odds of studies.

    Within a study events are binomial; its log-odds are a draw from a normal distribution. The integral over it is by
    adaptive Gauss-Hermite quadrature, so that small numbers and zeros need no correction.

    Attributes
    ----------
    events, patients
        Numbers of each study.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010), Statistics in Medicine 29:3046-3067. Pinheiro JC, Bates DM (1995), Journal
    of Computational and Graphical Statistics 4:12-35.
    """

    events: Floats
    patients: Floats

    @cached_property
    def _ways(self) -> Floats:
        from scipy.special import gammaln

        k, n = self.events, self.patients
        ways: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        return ways

    def moments(self, mu: Floats | float, tau: Floats | float) -> Moments:
        """Return the moments of each study, as arrays of a row per pair of mu and tau and a column per study."""
        mu, tau = (each[:, None] for each in np.broadcast_arrays(np.atleast_1d(mu), np.atleast_1d(tau)))
        mode = self._modes(mu, tau)
        chance = _share(mu + tau * mode)
        width = 1 / np.sqrt(1 + self.patients * tau**2 * chance * (1 - chance))
        nodes, log_weights = _quadrature()
        z = mode[..., None] + np.sqrt(2) * width[..., None] * nodes
        eta = mu[..., None] + tau[..., None] * z
        k, n = self.events[:, None], self.patients[:, None]
        logs = k * eta - n * np.logaddexp(0, eta) - z**2 / 2 + log_weights
        top = logs.max(axis=-1, keepdims=True)
        parts = np.exp(logs - top)
        total = parts.sum(axis=-1)
        parts /= total[..., None]
        chance = _share(eta)
        residual = k - n * chance
        score = (parts * residual).sum(axis=-1)
        spread = (parts * (residual - score[..., None]) ** 2).sum(axis=-1)
        information = (parts * n * chance * (1 - chance)).sum(axis=-1) - spread
        value = self._ways + top[..., 0] + np.log(total * width / np.sqrt(np.pi))
        return Moments(value, score, information)

    def _modes(self, mu: Floats, tau: Floats) -> Floats:
        """Return the most likely standard normal draw of each study, by Newton's method between bounds."""
        lower, upper = tau * (self.events - self.patients), tau * self.events
        mode = np.clip(np.zeros_like(lower), lower, upper)
        for _ in range(STEPS):
            chance = _share(mu + tau * mode)
            slope = tau * (self.events - self.patients * chance) - mode
            lower, upper = np.where(slope > 0, mode, lower), np.where(slope > 0, upper, mode)
            moved = mode + slope / (1 + self.patients * tau**2 * chance * (1 - chance))
            moved = np.where((moved > lower) & (moved < upper), moved, (lower + upper) / 2)
            if np.abs(moved - mode).max() < CLOSE:
                break
            mode = moved
        return mode

    def best_mu(self, taus: Floats) -> tuple[Floats, Floats]:
        """Return the most likely mu of each tau, and the log-likelihood there.

        For a given tau the log-likelihood is concave in mu.
        """
        share = (self.events.sum() + 0.5) / (self.patients.sum() + 1)
        mu = np.full(len(taus), np.log(share / (1 - share)))
        for _ in range(STEPS):
            found = self.moments(mu, taus)
            step = np.clip(found.score.sum(axis=1) / found.information.sum(axis=1), -1, 1)
            mu = np.clip(mu + step, -FARTHEST, FARTHEST)
            if np.abs(step).max() < CLOSE:
                break
        return mu, self.moments(mu, taus).value.sum(axis=1)

    @cached_property
    def profile(self) -> Profile:
        """The most likely mu of each of `TAUS`, with the log-likelihood and the variance of mu there."""
        mu, value = self.best_mu(TAUS)
        information = self.moments(mu, TAUS).information.sum(axis=1)
        return Profile(mu, value, 1 / np.maximum(information, FLAT))

    def maximum(self) -> Point:
        """Return the maximum; tau is `LARGEST` if the log-likelihood rises up to there."""
        from scipy.optimize import minimize_scalar

        values = self.profile.value
        best, tau = int(values.argmax()), 0.0
        if best == len(TAUS) - 1:
            tau = LARGEST
        else:
            bounds = float(TAUS[max(best - 1, 0)]), float(TAUS[best + 1])
            found = minimize_scalar(lambda tau: -self.at(tau).value, bounds=bounds, method="bounded", options=EXACT)
            if -found.fun > values[0] + GAIN:
                tau = float(found.x)
        return self.at(tau)

    def at(self, tau: float) -> Point:
        """Return the most likely point for a tau."""
        mu, value = self.best_mu(np.array([tau]))
        return Point(float(mu[0]), tau, float(value[0]))

    def averaged(self, level: float, new_study: bool) -> tuple[float, float]:
        """Return limits of mu, or of the log-odds of a new study, averaged over tau by its likelihood.

        For each tau they are normal; tau is weighed by its profile likelihood, all values from 0 to `LARGEST` alike.
        """
        from scipy.optimize import brentq
        from scipy.special import ndtr

        mu, value, variance = self.profile
        apart = np.diff(TAUS, prepend=TAUS[0], append=TAUS[-1])
        weight = np.exp(value - value.max()) * (apart[:-1] + apart[1:])
        weight /= weight.sum()
        spread = np.sqrt(variance + TAUS**2 if new_study else variance)
        ends = float((mu - 9 * spread).min()), float((mu + 9 * spread).max())

        def limit(chance: float) -> float:
            return float(brentq(lambda x: float(weight @ ndtr((x - mu) / spread)) - chance, *ends, xtol=1e-9))

        return limit((1 - level) / 2), limit((1 + level) / 2)


def crossing(gap: Callable[[float], float], start: float, end: float) -> float | None:
    """Return where a function that is above 0 at `start` falls to 0 on the way to `end`; None if it does not."""
    from scipy.optimize import brentq

    step = (end - start) / abs(end - start) / 4
    near = start
    while True:
        far = near + step
        if abs(far - start) >= abs(end - start):
            far = end
        if gap(far) <= 0:
            return float(brentq(gap, near, far, xtol=1e-8))
        if far == end:
            return None
        near, step = far, step * 1.5


def _share(log_odds: Floats) -> Floats:
    from scipy.special import expit

    share: Floats = expit(log_odds)
    return share


@cache
def _quadrature() -> tuple[Floats, Floats]:
    """Return the nodes, and the logarithms of the weights with the weight function taken out again."""
    nodes, weights = np.polynomial.hermite.hermgauss(NODES)
    return nodes, np.log(weights) + nodes**2
