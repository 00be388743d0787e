"""Cox's model of groups: all that it needs of the patients are the counts of each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.counts.leaving import Leaving
from analysis.estimates.common.maximum import find_maximum
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.estimates.survival.partial_likelihood import score_statistic


@dataclass(frozen=True, eq=False)
class _AtEvents:
    """Who is at risk and who has the event at each time with an event; a row an event, for ties (Efron 1977).

    Attributes
    ----------
    log_at_risk
        Logarithm of the patients of each group of whom one has the event: of d events at one time the first leaves
        all, the next one all but 1/d of those who leave, and so on.
    events
        Events of each group.
    """

    log_at_risk: Floats
    events: Floats

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the logarithm of the partial likelihood, its score, and the information."""
        expected, log_weight = self._expected(coefficients)
        likelihood = self.events[1:] @ coefficients - log_weight.sum()
        return float(likelihood), self.events[1:] - expected.sum(axis=0), _information(expected, np.ones(len(expected)))

    def expected(self, coefficients: Floats) -> Floats:
        """Return how probable it is that each event is one of each group but the first."""
        return self._expected(coefficients)[0]

    def _expected(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Return the same, and the logarithm of what all at risk weigh together."""
        logs = self.log_at_risk + np.append(0.0, coefficients)
        largest = logs.max(axis=1, keepdims=True)  # so that no weight is too large a number
        weights = np.exp(logs - largest)
        weight = weights.sum(axis=1, keepdims=True)
        return weights[:, 1:] / weight, (largest + np.log(weight))[:, 0]


def fit_groups(counts: Leaving) -> tuple[Floats, Floats, float] | None:
    """Return log hazard ratios to the first group, their variance, and the statistic of proportional hazards.

    Parameters
    ----------
    counts
        Two groups or more, each with events; a competing event censors.

    Returns
    -------
    None where the likelihood has no maximum. The score statistic (Grambsch and Therneau 1994, as in
    `partial_likelihood`) has a degree of freedom a ratio; it is missing where nothing changes.
    """
    at_risk, events = counts.at_events
    tied = events.sum(axis=1).astype(int)
    time = np.repeat(np.arange(len(tied)), tied)
    gone = (np.arange(len(time)) - np.repeat(np.cumsum(tied) - tied, tied)) / tied[time]
    with np.errstate(divide="ignore"):  # nobody at risk weighs nothing, however large the ratio
        left = np.log(at_risk[time] - gone[:, None] * events[time])
    held = _AtEvents(left, events.sum(axis=0))
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
    """Return the information of all events, each of some weight."""
    total: Floats = np.diag(weight @ expected) - (weight[:, None] * expected).T @ expected
    return total
