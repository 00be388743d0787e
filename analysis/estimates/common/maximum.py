"""Where a likelihood is highest, or that it has no maximum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.cohort.arrays import Floats

STEPS = 100  # of Newton's method, which needs about six
CLOSE = 1e-16  # square of how far from the maximum it ends, in standard errors
FALL = 0.01  # of the log-likelihood one standard error away; a parabola falls by 1/2
HALVINGS = 60
ROUNDING = 1e-12  # relative, of a log-likelihood
SAME_DIRECTION = 1e-12  # smallest eigenvalue of an information of unit diagonal


class Likelihood(Protocol):
    """A concave log-likelihood."""

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the log-likelihood, its gradient (the score), and the information (minus its second derivatives)."""


@dataclass(frozen=True, eq=False)
class Maximum:
    """The coefficients at which a likelihood is highest, and their variance: the inverse of the information."""

    coefficients: Floats
    variance: Floats


def find_maximum(likelihood: Likelihood, start: Floats) -> Maximum | None:
    """Return where a likelihood is highest; None where it has no maximum.

    Newton's method, with steps halved until they go up. It ends where the score is zero: where the next step is next to
    nothing in standard errors. It begins at coefficients of zero, or at `start` where the likelihood is higher there,
    so that it never ends below the likelihood of no effect.

    A likelihood that rises for ever, more and more slowly (separation), is flat wherever the method ends: it is known
    by not falling on both sides of every coefficient, its own standard error away.

    Parameters
    ----------
    likelihood
        Of coefficients whose units make them comparable.
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
            # Up by a part of what the slope promises; where that is less than rounding, not down.
            if moved[0] >= value + 1e-4 * float(score @ step) - ROUNDING * (1 + abs(value)):
                break
            step = step / 2
        else:
            return None
        coefficients, (value, score, information) = coefficients + step, moved
    return None


def _inverse(information: Floats) -> Floats | None:
    """Return the inverse of an information; None where it tells nothing of some direction."""
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
    """Return whether a likelihood falls on both sides of each coefficient, the others following."""
    sides = variance / np.sqrt(np.diag(variance))
    return all(
        likelihood.moments(coefficients + side)[0] <= value - FALL for column in sides.T for side in (column, -column)
    )
