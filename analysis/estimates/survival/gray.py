"""Gray's test of equal cumulative incidence between groups, with a competing event."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.counts.leaving import Leaving


def gray_test(counts: Leaving) -> tuple[Floats, Floats]:
    """Return Gray's score of each group but the last, and the variance of the scores (rho = 0).

    Parameters
    ----------
    counts
        Two groups or more, all with patients, without late entry.

    References
    ----------
    Gray RJ (1988), Annals of Statistics 16(3):1141-1154; ties as in the author's program (cmprsk).
    """
    groups = len(counts.groups.names)
    tested = groups - 1
    before, incidence = np.ones(groups), np.zeros(groups)  # S(t-) and F(t-) of each group
    pooled = 0.0  # F(t-) under the null hypothesis
    score, variance = np.zeros(groups), np.zeros((tested, tested))
    drift = np.zeros((groups, groups))  # contribution so far from estimating the pooled incidence
    own, cross = np.zeros(groups), np.zeros((groups, groups))
    happening = (counts.events + counts.competing).any(axis=1)
    rows = zip(counts.at_risk[happening], counts.events[happening], counts.competing[happening], strict=True)
    for at_risk, events, competing in rows:
        present = at_risk > 0
        n = np.where(present, at_risk, 1).astype(float)
        after = np.where(present, before * (n - events - competing) / n, before)
        # The weight of a group is the number at risk it would have without censoring: n / S(t-).
        weight = np.where(present, at_risk / np.where(before > 0, before, 1), 0.0)
        total = float(weight.sum())
        event_total = float(events.sum())
        pooled_after = pooled + event_total / total
        projection = np.diag(weight) - np.outer(weight, weight) / total
        if pooled != 1:  # It can reach 1 once only one group is left, where the projection is 0 anyway.
            drift = drift + projection * event_total / (total * (1 - pooled))
        free = weight * (1 - incidence)
        score += events - event_total * free / free.sum()
        if event_total:
            left = np.where(after > 0, 1 - (1 - pooled_after) / np.where(after > 0, after, 1), 1.0)
            room = np.where(present & (event_total > 1), total * before - 1, np.inf)
            tied = 1 - (event_total - 1) / room
            step = np.where(present, tied * before * event_total / (total * n), 0.0)
            part = projection - left * drift
            own += left**2 * step
            cross += part * left * step
            variance += (part * step)[:tested] @ part[:tested].T
        if competing.any():
            live = (after > 0) & (competing > 0)
            left = np.where(live, (1 - pooled_after) / np.where(live, after, 1), 0.0)
            tied = 1 - (competing - 1) / np.where(competing > 1, n - 1, np.inf)
            step = np.where(live, tied * before**2 * competing / n**2, 0.0)
            part = left * drift
            own += left**2 * step
            cross -= part * left * step
            variance += (part * step)[:tested] @ part[:tested].T
        incidence = np.where(present, incidence + before * events / n, incidence)
        before, pooled = after, pooled_after
    ahead = drift[:tested]
    variance += (ahead * own) @ ahead.T + ahead @ cross[:tested].T + cross[:tested] @ ahead.T
    return score[:tested], variance
