"""Tests of equal survival between groups: log-rank, also weighted, stratified and for trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import mid_sentence
from analysis.cohort.grouping import By, group_name
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Leaving
from analysis.counts.strata import Strata
from analysis.estimates.common.multiplicity import ADJUSTMENTS, adjusted, check_adjustment
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.estimates.survival.outcome_words import hazard_name, method_of_counts
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

Weights = str | tuple[float, float] | None
Totals = tuple[Floats, Floats, Floats]  # observed, expected, and the variance of their difference

ALL = "All"
NEVER_TOGETHER = "no event while two groups were at risk"
WEIGHTS = {
    "gehan": "Gehan-Wilcoxon",
    "tarone-ware": "Tarone-Ware",
    "peto": "Peto-Peto",
    "fleming-harrington": "Fleming-Harrington (1, 0)",
}


@dataclass(frozen=True, repr=False)
class LogRank(Result):
    """Tests of the hypothesis that all groups have the same hazard.

    Attributes
    ----------
    name
        The name of the test in mid-sentence, such as "log-rank test".
    question, method
        What the tests answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group_a, group_b, statistic (chi-square), degrees_of_freedom, p, withheld ("" or why p is missing): one row per
        pair, or one row for all groups; with more than two groups it has `group_a` "All" and `group_b` "".
    groups
        group, patients, observed, expected: the weighted numbers of events, observed and expected under the hypothesis.
    """

    name: str
    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    groups: pd.DataFrame

    @classmethod
    def of(
        cls,
        counts: Strata,
        *,
        weights: Weights = None,
        pairwise: bool = False,
        adjust: str = "holm",
        trend: bool = False,
        limits: SmallNumbers = SmallNumbers(),
    ) -> LogRank:
        """Return tests from counts, stratified if there are several strata.

        Parameters
        ----------
        counts
            The counts at each time in each stratum.
        weights, pairwise, adjust, trend, limits
            As for `log_rank`.

        Raises
        ------
        ValueError
            If the weights or the adjustment are unknown, or a trend is tested in pairs.
        """
        _check(weights, pairwise, adjust, trend)
        together = counts.together.shown
        strata = [part.shown for part in counts.within.values()]
        present = np.flatnonzero(together.patients).tolist()
        compared = list(combinations(present, 2)) if pairwise and len(present) > 1 else [tuple(present)]
        of_all = _totals(strata, weights)
        rows = []
        for groups in compared:
            parts = [part.only(groups) for part in strata]
            totals = of_all if parts[0] is strata[0] else _totals(parts, weights)
            rows.append(_row(together.only(groups), totals, trend, limits))
        table = pd.DataFrame(rows, columns=["group_a", "group_b", "statistic", "degrees_of_freedom", "p", "withheld"])
        if pairwise:
            table["p"] = adjusted(table["p"], adjust)
        hazard = hazard_name(together.outcome)
        words = f"{_test_words(weights)} {'test for trend' if trend else 'test'}"
        stratified = [f"stratified by {group_name(counts.stratify)}"] if counts.stratify is not None else []
        method = method_of_counts(
            together,
            f"{words} of {hazard}",
            *(["groups scored 1, 2, ... in their order"] if trend else []),
            *stratified,
            *([f"each pair of groups, p by {ADJUSTMENTS[adjust]}"] if pairwise else []),
            f"p {limits.words()}",
        )
        question = f"{'Do' if together.outcome.competing_words else 'Does'} {hazard} differ between the groups?"
        name = ", ".join([words if weights else mid_sentence(words), *stratified])
        return cls(name, question, method, together.left_out.table, table, _groups(together, of_all))


def log_rank(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By,
    weights: Weights = None,
    pairwise: bool = False,
    adjust: str = "holm",
    stratify: By | None = None,
    trend: bool = False,
    limits: SmallNumbers = SmallNumbers(),
) -> LogRank:
    """Return log-rank tests between groups, optionally weighted, stratified, or for trend.

    A competing event censors: the test is then of cause-specific hazards, not of cumulative incidence, whose test is
    Gray's (see `cumulative_incidence`).

    Parameters
    ----------
    cohort, endpoint
        As for `kaplan_meier`.
    by
        A column, a `Grouping`, a `Cut`, or two cohorts `Pinned`; overlapping groups are not tested.
    weights
        The weight of an event: None for 1 (log-rank; Mantel 1966), "gehan" (number at risk; Gehan 1965), "tarone-ware"
        (its square root; Tarone and Ware 1977), "peto" (a modified survival estimate; Peto and Peto 1972),
        "fleming-harrington" for (1, 0), or a pair (rho, gamma) for S^rho (1 - S)^gamma, S just before the event
        (Harrington and Fleming 1982).
    pairwise
        Whether to test each pair of groups.
    adjust
        "holm", "bonferroni" or "benjamini-hochberg", over the pairs that are not withheld.
    stratify
        A column, a `Grouping` or a `Cut`: groups are compared within its levels, with weights by stratum.
    trend
        Whether to test for a trend over the groups in their order (scores 1, 2, ...; Tarone 1975), with one degree of
        freedom.
    limits
        Numbers of patients and events below which a p-value is withheld.

    Raises
    ------
    ValueError
        If the endpoint, a column, the weights or the adjustment are unknown, or a trend is tested in pairs.

    Returns
    -------
    LogRank; ``table`` has one row per test, ``groups`` one per group.

    References
    ----------
    Mantel N (1966), Cancer Chemotherapy Reports 50:163-170. Gehan EA (1965), Biometrika 52:203-223. Tarone RE, Ware J
    (1977), Biometrika 64:156-160. Peto R, Peto J (1972), Journal of the Royal Statistical Society A 135:185-207.
    Harrington DP, Fleming TR (1982), Biometrika 69:553-566. Tarone RE (1975), Biometrika 62:679-682.

    Examples
    --------
    >>> from analysis import load_sample
    >>> log_rank(load_sample(), by="sex").table[["group_a", "group_b", "degrees_of_freedom"]].to_numpy().tolist()
    [['female', 'male', 1]]
    """
    _check(weights, pairwise, adjust, trend)
    strata = Strata.of(cohort, endpoint, by, stratify)
    return LogRank.of(strata, weights=weights, pairwise=pairwise, adjust=adjust, trend=trend, limits=limits)


def _row(counts: Leaving, totals: Totals, trend: bool, limits: SmallNumbers) -> tuple[object, ...]:
    """Return one comparison: group_a, group_b, statistic, degrees_of_freedom, p, withheld."""
    groups = counts.groups.names
    happened, held = (
        dict(zip(groups, number.tolist(), strict=True)) for number in (counts.events.sum(axis=0), counts.patients)
    )
    withheld = limits.reason(happened, held, counts.shared)
    observed, expected, variance = totals
    difference = observed - expected
    if trend:
        scores = np.arange(1.0, len(groups) + 1)
        difference, variance = np.array([scores @ difference]), np.array([[scores @ variance @ scores]])
    statistic, degrees = chi_square(difference, variance)
    names = groups if len(groups) == 2 else (ALL, "")
    if not degrees:
        return (*names, np.nan, np.nan, np.nan, withheld or NEVER_TOGETHER)
    return (*names, statistic, degrees, np.nan if withheld else upper_tail(statistic, degrees), withheld)


def _totals(strata: Sequence[Leaving], weights: Weights) -> Totals:
    """Return each group's weighted observed and expected events and the variance of their difference, over strata."""
    parts = [_stratum_totals(part, weights) for part in strata]
    observed, expected, variance = (np.sum([part[place] for part in parts], axis=0) for place in range(3))
    return observed, expected, variance


def _stratum_totals(counts: Leaving, weights: Weights) -> Totals:
    at_risk, events = counts.at_events
    d, n = events.sum(axis=1), at_risk.sum(axis=1)
    weight = _weight(n, d, weights)
    share = at_risk / n[:, None]
    # Given the margins, the events at a time follow a hypergeometric distribution over the groups.
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(spread @ share) - (spread[:, None] * share).T @ share
    return weight @ events, (weight * d) @ share, variance


def _weight(n: Floats, d: Floats, weights: Weights) -> Floats:
    if weights is None:
        return np.ones_like(n)
    if weights == "gehan":
        return n
    if weights == "tarone-ware":
        return np.sqrt(n)
    if weights == "peto":
        return np.cumprod(1 - d / (n + 1))
    rho, gamma = (1.0, 0.0) if isinstance(weights, str) else weights
    before = survival_before(n, d)
    return before**rho * (1 - before) ** gamma


def _groups(counts: Leaving, totals: Totals) -> pd.DataFrame:
    observed, expected, _ = totals
    group = counts.groups.column(np.arange(len(observed)))
    return pd.DataFrame(
        {"group": group, "patients": counts.patients, "observed": observed, "expected": expected},
        pd.RangeIndex(len(observed)),
    )


def _check(weights: Weights, pairwise: bool, adjust: str, trend: bool) -> None:
    """Raise a ValueError if an argument of a test is invalid."""
    check_adjustment(adjust)
    _check_weights(weights)
    if pairwise and trend:
        raise ValueError("A trend runs over all groups; it is not tested in pairs.")


def _check_weights(weights: Weights) -> None:
    if isinstance(weights, str) and weights not in WEIGHTS:
        raise ValueError(f"Unknown weights {weights!r}; known are {', '.join(WEIGHTS)} or a pair (rho, gamma).")
    if isinstance(weights, tuple) and (len(weights) != 2 or not all(0 <= power < np.inf for power in weights)):
        raise ValueError("Fleming-Harrington weights are a pair (rho, gamma) of numbers from 0.")


def _test_words(weights: Weights) -> str:
    if isinstance(weights, tuple):
        return f"Fleming-Harrington ({weights[0]:g}, {weights[1]:g})"
    return WEIGHTS[weights] if weights else "Log-rank"


def chi_square(difference: Floats, variance: Floats) -> tuple[float, int]:
    """Return the chi-square statistic of a difference and its degrees of freedom, the rank of the variance.

    The variance is singular: differences of all groups add up to zero, and a group may never be at risk together with
    others. It is scaled to unit diagonal, so that small groups keep their rank. A matrix with a negative eigenvalue is
    not a variance; its rank is given as 0.
    """
    own = np.diag(variance)
    largest = np.abs(own).max(initial=0.0)
    varying = np.abs(own) > 1e-12 * largest
    scale = np.sqrt(np.abs(own[varying]))
    values, vectors = np.linalg.eigh(variance[np.ix_(varying, varying)] / np.outer(scale, scale))
    if (values < -1e-8).any():
        return np.nan, 0
    real = values > 1e-10
    projected = vectors[:, real].T @ (difference[varying] / scale)
    return float(np.sum(projected**2 / values[real])), int(real.sum())


def upper_tail(statistic: float, degrees: int) -> float:
    """Return the p-value of a chi-square statistic."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees, statistic))
