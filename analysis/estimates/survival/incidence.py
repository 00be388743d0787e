"""Cumulative incidence of an event with a competing event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Leaving, Steps
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.common.steps import steps_at
from analysis.estimates.common.tidy_tables import by_group
from analysis.estimates.survival.gray import gray_test
from analysis.estimates.survival.kaplan_meier import (
    EXACT_AT_FIRST,
    limits_before_events,
    survival_before,
    survival_steps,
)
from analysis.estimates.survival.log_rank import NEVER_TOGETHER, chi_square, upper_tail
from analysis.estimates.survival.outcome_words import CountedByGroup, caution, method_of_counts, outcome_name
from analysis.facts.endpoints import RELAPSE, AnyEndpoint

LIMITS = ["incidence", "lower", "upper"]
CURVE = ["months", "at_risk", "events", "competing", *LIMITS]
NO_VARIANCE = "too few patients for the variance of Gray's test"


@dataclass(frozen=True, repr=False)
class CumulativeIncidence(Result):
    """Cumulative incidence curves of one endpoint.

    Attributes
    ----------
    question, method
        What the curves answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, months, at_risk, events, competing, incidence, lower, upper: one row at 0 and one per time at which a
        patient enters or leaves the group's risk set. Limits are missing where the interval does not exist.
    naive
        group, months, incidence: one minus Kaplan-Meier at the same times. It censors competing events and so
        overstates the incidence.
    summary
        group, patients, events, competing.
    test
        statistic, degrees_of_freedom, p, withheld ("" or why p is missing): Gray's test.
    time_zero, counts, level, shared, caution
        As in `KaplanMeier`.
    limits
        The smallest numbers for a test.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    naive: pd.DataFrame
    summary: pd.DataFrame
    test: pd.DataFrame
    time_zero: str
    counts: CountedByGroup
    level: float
    limits: SmallNumbers
    shared: int = 0
    caution: str = ""

    @classmethod
    def of(cls, counts: Leaving, *, level: float = 0.95, limits: SmallNumbers = SmallNumbers()) -> CumulativeIncidence:
        """Return curves estimated from counts, and the test between groups.

        Parameters
        ----------
        counts
            The counts at each time.
        level, limits
            As for `cumulative_incidence`.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        counts = counts.shown
        z = normal_quantile(level)
        steps = counts.steps()
        few = caution(counts)
        return cls(
            question=counts.outcome.question,
            method=" ".join(filter(None, [incidence_method(counts, level, limits), few])),
            left_out=counts.left_out.table,
            curve=by_group(counts.groups, [_curve(each, z, level) for each in steps], CURVE),
            naive=by_group(counts.groups, [_naive(each) for each in steps], ["months", "incidence"]),
            summary=pd.DataFrame(
                {
                    "group": counts.groups.column(np.arange(len(steps))),
                    "patients": counts.patients,
                    "events": counts.events.sum(axis=0),
                    "competing": counts.competing.sum(axis=0),
                }
            ),
            test=_test(counts, limits),
            time_zero=counts.outcome.time_zero,
            counts=counts,
            level=level,
            limits=limits,
            shared=counts.shared,
            caution=few,
        )

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times.

        Parameters
        ----------
        months
            Times of 0 or more.

        Returns
        -------
        DataFrame with group, months, at_risk, cumulative_events, cumulative_competing, incidence, lower, upper. Beyond
        the last time of a group nobody is at risk, and the incidence is missing unless all at risk at that time had an
        event or a competing event.

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        return steps_at(self.curve, months, ["events", "competing"], LIMITS, _all_had_an_event)


def cumulative_incidence(
    cohort: Cohort,
    endpoint: AnyEndpoint = RELAPSE,
    *,
    by: By | None = None,
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
) -> CumulativeIncidence:
    """Return the Aalen-Johansen cumulative incidence with log-log limits, and Gray's test between groups.

    The variance is of Greenwood's type (multinomial at each time, as in R's survfit). Until its first event a group has
    exact (beta product) limits, in which a competing event censors; they are conservative.

    Parameters
    ----------
    cohort, endpoint, by, level
        As for `kaplan_meier`. Without a competing event the incidence is one minus Kaplan-Meier.
    limits
        Numbers of patients and events below which the p-value is withheld.

    Raises
    ------
    ValueError
        If the endpoint or the grouping column is unknown, or the level is not between 0 and 1.

    Returns
    -------
    CumulativeIncidence; ``summary`` has one row per group.

    References
    ----------
    Aalen OO, Johansen S (1978), Scandinavian Journal of Statistics 5:141-150. Gray RJ (1988), Annals of Statistics
    16(3):1141-1154.

    Examples
    --------
    >>> from analysis import load_sample
    >>> curves = cumulative_incidence(load_sample(), "relapse")
    >>> curves.at([12])[["at_risk", "cumulative_events", "incidence"]].round(3).to_numpy().tolist()
    [[74.0, 10.0, 0.115]]
    """
    return CumulativeIncidence.of(Leaving.of(cohort, endpoint, by), level=level, limits=limits)


def incidence_method(counts: CountedByGroup, level: float, limits: SmallNumbers) -> str:
    """Return the method sentence of the curves, and of the test between groups."""
    return method_of_counts(
        counts,
        f"Aalen-Johansen cumulative incidence of {outcome_name(counts.outcome)}",
        f"{100 * level:g} % log-log interval{EXACT_AT_FIRST}",
        *([f"Gray's test, p {limits.words()}"] if counts.groups.by is not None else []),
        competing="competes",
    )


def _curve(counts: Steps, z: float, level: float) -> Steps:
    if not any(counts[name].any() for name in ("events", "competing", "censored")):
        return counts | dict.fromkeys(LIMITS, np.full(len(counts["months"]), np.nan))
    at_risk, events, competing = (counts[name].astype(float) for name in ("at_risk", "events", "competing"))
    incidence, error = _aalen_johansen(at_risk, events, competing)
    # The log-log scale is infinite at 0 and 1 (within rounding); limits there are not used.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exponent = np.exp(z * error / (incidence * np.log(incidence)))
        lower, upper = incidence ** (1 / exponent), incidence**exponent
    defined = (incidence > 0) & (incidence < 1 - 1e-12)
    lower, upper = (np.where(defined, limit, np.nan) for limit in (lower, upper))
    none_yet = events.cumsum() == 0
    fewest_without, most_without = limits_before_events(at_risk, events, level)
    lower[none_yet], upper[none_yet] = 1 - most_without, 1 - fewest_without
    return {**counts, "incidence": incidence, "lower": lower, "upper": upper}


def _aalen_johansen(at_risk: Floats, events: Floats, competing: Floats) -> tuple[Floats, Floats]:
    """Return the incidence of one group at each time, and its standard error."""
    n = np.maximum(at_risk, 1)
    event, other = events / n, competing / n
    left = 1 - event - other
    before = survival_before(at_risk, events + competing)
    incidence = np.cumsum(before * event)
    # Delta method: each time s adds to Var F(t) the multinomial variance of its two hazards with the gradients
    # S(s-) - c (F(t) - F(s)) and -c (F(t) - F(s)), where c = 1 / (1 - both hazards at s). Collected by powers of F(t),
    # this is three cumulative sums. If everybody at risk has an event at s, F is constant after it and c is set to 0.
    c = np.where(left > 0, 1 / np.where(left > 0, left, 1), 0.0)
    own, cross = before + c * incidence, c * incidence

    def covariance(a_event: Floats, a_other: Floats, b_event: Floats, b_other: Floats) -> Floats:
        mean_a, mean_b = a_event * event + a_other * other, b_event * event + b_other * other
        return np.cumsum((a_event * b_event * event + a_other * b_other * other - mean_a * mean_b) / n)

    constant, linear, square = covariance(own, cross, own, cross), covariance(own, cross, c, c), covariance(c, c, c, c)
    variance = constant - 2 * incidence * linear + incidence**2 * square
    return incidence, np.sqrt(np.maximum(variance, 0))


def _naive(counts: Steps) -> Steps:
    return {**counts, "incidence": 1 - survival_steps(counts["at_risk"].astype(float), counts["events"].astype(float))}


def _test(counts: Leaving, limits: SmallNumbers) -> pd.DataFrame:
    present = counts.present
    events, patients = (
        dict(zip(present.groups.names, number.tolist(), strict=True))
        for number in (present.events.sum(axis=0), present.patients)
    )
    withheld = limits.reason(events, patients, counts.shared)
    statistic = degrees = p = np.nan
    if counts.late_entries:
        withheld = withheld or "Gray's test does not take late entries"
    elif len(present.groups.names) > 1:
        difference, variance = gray_test(present)
        found, rank = chi_square(difference, variance)
        if rank:
            statistic, degrees, p = found, rank, np.nan if withheld else upper_tail(found, rank)
        else:
            withheld = withheld or (NO_VARIANCE if variance.any() else NEVER_TOGETHER)
    columns = ["statistic", "degrees_of_freedom", "p", "withheld"]
    return pd.DataFrame([(statistic, degrees, p, withheld)], columns=columns)


def _all_had_an_event(last: pd.DataFrame) -> pd.Series:
    return (last["at_risk"] > 0) & (last["at_risk"] == last["events"] + last["competing"])
