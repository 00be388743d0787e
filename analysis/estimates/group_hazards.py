"""Cox's model of groups: all that it needs of the patients are the counts of each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.estimates.counts import Counts, Floats
from analysis.estimates.partial_likelihood import FLAT, score_statistic
from analysis.estimates.survival import survival_before

STEPS = 50  # of Newton's method, which needs about six
CLOSE = 1e-12  # relative change of the likelihood at which it has come to its maximum


@dataclass(frozen=True, eq=False)
class _AtEvents:
    """Who is at risk and who has the event at each time with an event; a row an event, for ties (Efron 1977).

    Attributes
    ----------
    at_risk
        Patients of each group of whom one has the event: of d events at one time the first leaves all, the next one
        all but 1/d of those who leave, and so on.
    events
        Events of each group.
    """

    at_risk: Floats
    events: Floats

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the logarithm of the partial likelihood, and who is expected to have each event, by group."""
        relative = np.exp(np.append(0.0, coefficients))
        weight = self.at_risk @ relative
        expected = (self.at_risk * relative)[:, 1:] / weight[:, None]
        likelihood = self.events[1:] @ coefficients - np.log(weight).sum()
        return float(likelihood), expected, np.diag(expected.sum(axis=0)) - expected.T @ expected


def fit_groups(counts: Counts) -> tuple[Floats, Floats, float] | None:
    """Return log hazard ratios to the first group, their variance, and the statistic of proportional hazards.

    Parameters
    ----------
    counts
        Two groups or more, each with events; a competing event censors.

    Returns
    -------
    None where the likelihood has no maximum. The score statistic (Grambsch and Therneau 1994, as in
    `analysis.estimates.partial_likelihood`) has a degree of freedom a ratio; it is missing where nothing changes.
    """
    at_risk, events = counts.at_events
    tied = events.sum(axis=1).astype(int)
    time = np.repeat(np.arange(len(tied)), tied)
    gone = (np.arange(len(time)) - np.repeat(np.cumsum(tied) - tied, tied)) / tied[time]
    held = _AtEvents(at_risk[time] - gone[:, None] * events[time], events.sum(axis=0))
    coefficients = _maximum(held)
    if coefficients is None:
        return None
    _, expected, information = held.moments(coefficients)
    variance = np.linalg.inv(information)
    share = counts.patients / counts.patients.sum()
    spread = np.sqrt(share * (1 - share))[1:]
    if (np.sqrt(np.diag(variance)) * spread > FLAT).any():
        return None
    before = 1 - survival_before(at_risk.sum(axis=1), tied.astype(float))
    clock = before[time] - np.average(before, weights=tied)
    score = clock[tied.cumsum() - 1] @ events[:, 1:] - clock @ expected
    weighted = [_information(expected, clock**power) for power in range(3)]
    return coefficients, variance, score_statistic(score, weighted, range(len(score)))


def _information(expected: Floats, weight: Floats) -> Floats:
    """Return the information of all events, each of some weight."""
    total: Floats = np.diag(weight @ expected) - (weight[:, None] * expected).T @ expected
    return total


def _maximum(held: _AtEvents) -> Floats | None:
    """Return where the partial likelihood is highest (Newton's method, steps halved where they overshoot)."""
    coefficients = np.zeros(len(held.events) - 1)
    likelihood, expected, information = held.moments(coefficients)
    for _ in range(STEPS):
        if np.linalg.matrix_rank(information) < len(coefficients):
            return None
        step = np.linalg.solve(information, held.events[1:] - expected.sum(axis=0))
        moved = coefficients + step
        higher, *rest = held.moments(moved)
        while higher < likelihood - CLOSE * abs(likelihood):
            step /= 2
            moved = coefficients + step
            higher, *rest = held.moments(moved)
        coefficients, (expected, information) = moved, rest
        if abs(higher - likelihood) <= CLOSE * abs(higher) and np.abs(step).max() < 1e-9:
            return coefficients
        likelihood = higher
    return None
