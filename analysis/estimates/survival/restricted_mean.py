"""Restricted mean up to a chosen month: time without the event, or time lost if another event competes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.counts.leaving import Leaving, Steps
from analysis.estimates.common.areas import Area, Areas
from analysis.estimates.common.multiplicity import ADJUSTMENTS, check_adjustment
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.survival.kaplan_meier import survival_before, survival_steps
from analysis.estimates.survival.outcome_words import method_of_counts, outcome_name
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint


@dataclass(frozen=True, repr=False)
class RestrictedMean(Result):
    """Restricted means of one endpoint.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months, mean, standard_error, lower, upper (all in months), withheld ("" or why a number is missing).
    differences
        group_a, group_b, months, difference (`group_b` minus `group_a`), lower, upper, p, withheld: one row per pair of
        groups.
    time_lost
        Whether the mean is the time lost, the area under the incidence curve; else the time without the event.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    differences: pd.DataFrame
    time_lost: bool = False

    @classmethod
    def of(
        cls,
        counts: Leaving,
        *,
        months: float,
        level: float = 0.95,
        adjust: str = "holm",
        limits: SmallNumbers = SmallNumbers(),
    ) -> RestrictedMean:
        """Return restricted means from counts.

        Parameters
        ----------
        counts
            The counts at each time.
        months, level, adjust, limits
            As for `restricted_mean`.

        Raises
        ------
        ValueError
            If the month, the level or the adjustment is invalid.
        """
        _check(months, adjust)
        counts = counts.shown
        outcome = counts.outcome
        time_lost = bool(outcome.competing_words)
        area = _area_lost if time_lost else _area
        areas = {name: area(steps, months) for name, steps in zip(counts.groups.names, counts.steps(), strict=True)}
        told = Areas(areas, months, level, outcome.events_noun)
        differences = told.differences(limits, counts.shared, adjust)
        name = outcome_name(outcome)
        curve, variance = (
            ("Aalen-Johansen incidence", "a variance by the delta method")
            if time_lost
            else ("Kaplan-Meier", "Greenwood's variance")
        )
        method = method_of_counts(
            counts,
            f"Restricted mean time lost of {name}" if time_lost else f"Restricted mean of {name}",
            f"area under the {curve} curve to month {months:g}",
            f"{100 * level:g} % normal interval from {variance}",
            *([f"p of differences by {ADJUSTMENTS[adjust]}, {limits.words()}"] if len(differences) else []),
            competing="competes",
        )
        question = (
            f"How many of the first {months:g} months come after the event, on average?"
            if time_lost
            else f"How many of the first {months:g} months does a patient spend without the event, on average?"
        )
        return cls(question, method, counts.left_out.table, told.table(), differences, time_lost)


def restricted_mean(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    months: float,
    level: float = 0.95,
    adjust: str = "holm",
    limits: SmallNumbers = SmallNumbers(),
) -> RestrictedMean:
    """Return the area under the curve up to a month, and its differences between groups.

    The curve is Kaplan-Meier, or the Aalen-Johansen incidence if another event competes; its area is then the time
    lost (Andersen 2013). The variance is Greenwood's (Klein and Moeschberger 2003), or for an incidence by the delta
    method from the multinomial variance at each time. Limits and p-values of differences (z test) assume normality.

    Parameters
    ----------
    cohort, endpoint, by, level
        As for `kaplan_meier`.
    months
        The month up to which the area is taken. If a curve ends before it, all numbers are withheld.
    adjust
        "holm", "bonferroni" or "benjamini-hochberg", over the differences that are not withheld.
    limits
        Numbers of patients and events below which limits and p of a difference are withheld.

    Raises
    ------
    ValueError
        If the endpoint, a column or the adjustment is unknown, or the month or the level is invalid.

    Returns
    -------
    RestrictedMean; ``table`` has one row per group, ``differences`` one per pair of groups.

    References
    ----------
    Klein JP, Moeschberger ML (2003), Survival Analysis, section 4.5. Andersen PK (2013), Statistics in Medicine
    32:5278-5285.

    Examples
    --------
    >>> from analysis import load_sample
    >>> restricted_mean(load_sample(), months=48).table[["months", "mean"]].round(1).to_numpy().tolist()
    [[48.0, 45.6]]
    """
    _check(months, adjust)
    return RestrictedMean.of(Leaving.of(cohort, endpoint, by), months=months, level=level, adjust=adjust, limits=limits)


def _check(months: float, adjust: str) -> None:
    """Raise a ValueError if the month or the adjustment is invalid."""
    check_adjustment(adjust)
    if not 0 < months < np.inf:
        raise ValueError("A restricted mean is taken up to a number of months above 0.")


def _area_lost(counts: Steps, months: float) -> Area:
    """Return the area under the cumulative incidence, with its variance by the delta method.

    The gradient of the area is S(s-) (months - s) - c A in the hazard of the event at s, and -c A in that of the
    competing event, where A is the area added by events after s and c = 1 / (1 - both hazards at s).
    """
    inside = counts["months"] <= months + slack(months)
    at_risk, events, competing = (counts[name][inside].astype(float) for name in ("at_risk", "events", "competing"))
    n = np.maximum(at_risk, 1)
    event, other = events / n, competing / n
    gain = survival_before(at_risk, events + competing) * np.maximum(months - counts["months"][inside], 0)
    added = gain * event
    after = added[::-1].cumsum()[::-1] - added
    left = 1 - event - other
    loss = np.where(left > 0, after / np.where(left > 0, left, 1), 0.0)
    mean = (gain - loss) * event - loss * other
    variance = ((gain - loss) ** 2 * event + loss**2 * other - mean**2) / n
    decided = survival_steps(at_risk, events + competing)[-1] == 0
    return Area(
        mean=float(added.sum()),
        variance=float(np.maximum(variance, 0).sum()),
        patients=int(sum(counts[name].sum() for name in ("events", "competing", "censored"))),
        events=int(events.sum()),
        known_to=np.inf if decided else float(counts["months"][-1]),
    )


def _area(counts: Steps, months: float) -> Area:
    inside = counts["months"] <= months + slack(months)
    at_risk, events = (counts[name][inside].astype(float) for name in ("at_risk", "events"))
    survival = survival_steps(at_risk, events)
    steps = survival * np.diff(np.append(np.minimum(counts["months"][inside], months), months))
    ahead = np.cumsum(steps[::-1])[::-1]  # area from each time on
    # Greenwood's term of an event has the square of the area after it: none once the curve is at 0.
    weighing = (events > 0) & (ahead > 0)
    n, d = at_risk[weighing], events[weighing]
    return Area(
        mean=float(ahead[0]),
        variance=float(np.sum(ahead[weighing] ** 2 * d / (n * (n - d)))),
        patients=int(sum(counts[name].sum() for name in ("events", "competing", "censored"))),
        events=int(events.sum()),
        known_to=np.inf if survival[-1] == 0 else float(counts["months"][-1]),
    )
