"""Cox's model with groups as the only covariate, fitted from the counts at each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.counts.leaving import Leaving
from analysis.estimates.common.maximum import find_maximum
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.estimates.survival.partial_likelihood import score_statistic


@dataclass(frozen=True, eq=False)
class _EventRiskSets:
    """The risk set of each event, with Efron's correction for ties (Efron 1977).

    Attributes
    ----------
    log_at_risk
        Logarithm of the number at risk by event (rows) and group: for the k-th of d tied events, those at risk less
        (k - 1) / d of those with a tied event.
    events
        Number of events in each group.
    """

    log_at_risk: Floats
    events: Floats

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the log partial likelihood, its score, and the information."""
        expected, log_weight = self._expected(coefficients)
        likelihood = self.events[1:] @ coefficients - log_weight.sum()
        return float(likelihood), self.events[1:] - expected.sum(axis=0), _information(expected, np.ones(len(expected)))

    def expected(self, coefficients: Floats) -> Floats:
        """Return the probability of each event to be in each group but the first: events by groups."""
        return self._expected(coefficients)[0]

    def _expected(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Return these probabilities, and the logarithm of the total weight of each risk set."""
        logs = self.log_at_risk + np.append(0.0, coefficients)
        largest = logs.max(axis=1, keepdims=True)  # subtracted to avoid overflow
        weights = np.exp(logs - largest)
        weight = weights.sum(axis=1, keepdims=True)
        return weights[:, 1:] / weight, (largest + np.log(weight))[:, 0]


def fit_groups(counts: Leaving) -> tuple[Floats, Floats, float] | None:
    """Return log hazard ratios against the first group, their variance, and a test of proportional hazards.

    Parameters
    ----------
    counts
        Two groups or more, all with events. A competing event censors.

    Returns
    -------
    Log hazard ratios, their variance matrix, and the score statistic of proportional hazards (see `score_statistic`),
    which has one degree of freedom per ratio. None if the likelihood has no maximum.

    References
    ----------
    Efron (1977); Grambsch and Therneau (1994).
    """
    at_risk, events = counts.at_events
    tied = events.sum(axis=1).astype(int)
    time = np.repeat(np.arange(len(tied)), tied)
    gone = (np.arange(len(time)) - np.repeat(np.cumsum(tied) - tied, tied)) / tied[time]
    with np.errstate(divide="ignore"):  # the log of an empty risk set is -inf: its weight is 0
        left = np.log(at_risk[time] - gone[:, None] * events[time])
    held = _EventRiskSets(left, events.sum(axis=0))
    fitted = find_maximum(held, np.zeros(len(counts.groups.names) - 1))
    if fitted is None:
        return None
    expected = held.expected(fitted.coefficients)
    before = 1 - survival_before(at_risk.sum(axis=1), tied.astype(float))
    clock = before[time] - np.average(before, weights=tied)
    score = clock[tied.cumsum() - 1] @ events[:, 1:] - clock @ expected
    weighted = [_information(expected, clock**power) for power in range(3)]
    return fitted.coefficients, fitted.variance, score_statistic(score, weighted, range(len(score)))


def _information(expected: Floats, weight: Floats) -> Floats:
    """Return the information, summed over events with these weights."""
    total: Floats = np.diag(weight @ expected) - (weight[:, None] * expected).T @ expected
    return total
