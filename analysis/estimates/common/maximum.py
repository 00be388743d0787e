"""Maximum likelihood by Newton's method, also telling when there is no maximum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.cohort.arrays import Floats

STEPS = 100  # most Newton steps; about six are needed
CLOSE = 1e-16  # converged: squared length of the next step, in standard errors
FALL = 0.01  # least fall of the log-likelihood one standard error from a maximum; a parabola falls by 1/2
HALVINGS = 60  # most halvings of a step
ROUNDING = 1e-12  # relative rounding error of a log-likelihood
SAME_DIRECTION = 1e-12  # smallest eigenvalue of an invertible information, scaled to unit diagonal


class Likelihood(Protocol):
    """A concave log-likelihood."""

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the log-likelihood, its gradient (the score), and the information (minus its second derivatives)."""


@dataclass(frozen=True, eq=False)
class Maximum:
    """Maximum likelihood estimates, and their variance matrix (the inverse of the information)."""

    coefficients: Floats
    variance: Floats


def find_maximum(likelihood: Likelihood, start: Floats) -> Maximum | None:
    """Return the maximum of a likelihood; None if it has none.

    Newton's method; a step is halved until the likelihood increases. It starts from zero, or from `start` if the
    likelihood is higher there, so that it never ends below the likelihood without effect. It has converged when the
    next step is negligible in standard errors.

    Under separation the likelihood increases forever and is flat wherever the method stops. It is therefore checked
    that the likelihood falls one standard error to both sides of each coefficient.

    Parameters
    ----------
    likelihood
        A likelihood of coefficients in comparable units.
    start
        Coefficients that may be close to the maximum.
    """
    coefficients: Floats = np.zeros(len(start))
    value, score, information = likelihood.moments(coefficients)
    if start.any() and (there := likelihood.moments(start))[0] > value:
        coefficients, (value, score, information) = start, there
    for _ in range(STEPS):
        variance = _inverse(information)
        if variance is None:
            return None
        step = variance @ score
        gain = float(score @ step)
        if gain <= CLOSE:
            return Maximum(coefficients, variance) if _falls(likelihood, coefficients, value, variance) else None
        for _ in range(HALVINGS):
            moved = likelihood.moments(coefficients + step)
            # Accepted if the increase is a fraction of the expected one, within rounding (Armijo's rule).
            if moved[0] >= value + 1e-4 * float(score @ step) - ROUNDING * (1 + abs(value)):
                break
            step = step / 2
        else:
            return None
        coefficients, (value, score, information) = coefficients + step, moved
    return None


def _inverse(information: Floats) -> Floats | None:
    """Return the inverse of an information matrix; None if it is singular."""
    own = np.diag(information)
    if not (own > 0).all() or not np.isfinite(information).all():
        return None
    scale = np.sqrt(own)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < SAME_DIRECTION:
        return None
    inverse: Floats = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return inverse


def _falls(likelihood: Likelihood, coefficients: Floats, value: float, variance: Floats) -> bool:
    """Return whether the likelihood falls to both sides of each coefficient, along its column of the variance."""
    sides = variance / np.sqrt(np.diag(variance))
    return all(
        likelihood.moments(coefficients + side)[0] <= value - FALL for column in sides.T for side in (column, -column)
    )
