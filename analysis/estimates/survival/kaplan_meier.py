"""Kaplan-Meier curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Leaving, Steps
from analysis.estimates.common.intervals import beta_product_interval, normal_quantile
from analysis.estimates.common.result import Result
from analysis.estimates.common.steps import steps_at
from analysis.estimates.common.tidy_tables import by_group
from analysis.estimates.survival.outcome_words import CountedByGroup, caution, method_of_counts, outcome_name
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

SURVIVAL_INTERVALS = {"log-log": "log-log", "log": "log", "plain": "plain", "exact": "exact (beta product)"}
EXACT_AT_FIRST = ", exact (beta product) until the first event of a group"
HALF = 0.5 + 1e-9  # a curve that reaches 1/2 may be a rounding error above it
LIMITS = ["survival", "lower", "upper"]


@dataclass(frozen=True, repr=False)
class KaplanMeier(Result):
    """Kaplan-Meier curves of one endpoint.

    Attributes
    ----------
    question, method
        What the curves answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, months, at_risk, events, censored, survival, lower, upper: one row at 0 and one per time at which a
        patient enters or leaves the group's risk set. Limits are missing where the interval does not exist, such as at
        survival 0.
    summary
        group, patients, events, median, median_lower, median_upper (months; missing if not reached).
    time_zero
        What the months are counted from.
    counts
        The counts from which the curves are estimated.
    level, interval
        Confidence level and kind of interval.
    shared
        Number of patients in more than one group.
    caution
        A warning of small early risk sets under late entry; "" without.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    summary: pd.DataFrame
    time_zero: str
    counts: CountedByGroup
    level: float
    interval: str
    shared: int = 0
    caution: str = ""

    @classmethod
    def of(cls, counts: Leaving, *, level: float = 0.95, interval: str = "log-log") -> KaplanMeier:
        """Return curves estimated from counts.

        Parameters
        ----------
        counts
            The counts at each time.
        level, interval
            As for `kaplan_meier`.

        Raises
        ------
        ValueError
            If the interval is unknown, or the level is not between 0 and 1.
        """
        counts = counts.shown
        curve, summary = product_limit(counts, interval=interval, level=level)
        few = caution(counts)
        return cls(
            question=counts.outcome.question,
            method=" ".join(filter(None, [kaplan_meier_method(counts, level, interval), few])),
            left_out=counts.left_out.table,
            curve=curve,
            summary=summary,
            time_zero=counts.outcome.time_zero,
            counts=counts,
            level=level,
            interval=interval,
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
        DataFrame with group, months, at_risk, cumulative_events, cumulative_censored, survival, lower, upper. Beyond
        the last time of a group nobody is at risk, and survival is missing unless the curve has reached 0.

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        return steps_at(self.curve, months, ["events", "censored"], LIMITS, _is_down_to_zero)


def kaplan_meier(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    level: float = 0.95,
    interval: str = "log-log",
) -> KaplanMeier:
    """Return Kaplan-Meier curves with pointwise confidence limits.

    Parameters
    ----------
    cohort
        The patients.
    endpoint
        The name of an endpoint (``analysis.facts.endpoints.ENDPOINTS``), columns of the patients (`TimeToEvent`), or
        either of them from a `Landmark` on. A competing event censors: one minus the curve then overstates the share
        with the event; use `cumulative_incidence` for it.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".
    level
        Confidence level, between 0 and 1.
    interval
        "log-log", "log" or "plain" (Greenwood's variance on that scale; Kalbfleisch and Prentice 2002), or "exact"
        (beta product; Fay, Brittain and Proschan 2013). Until its first event a group always has exact limits.

    Raises
    ------
    ValueError
        If the endpoint, the grouping column or the interval is unknown, or the level is not between 0 and 1.

    Returns
    -------
    KaplanMeier; ``summary`` has one row per group.

    References
    ----------
    Kaplan EL, Meier P (1958), Journal of the American Statistical Association 53:457-481. Kalbfleisch JD, Prentice RL
    (2002), The Statistical Analysis of Failure Time Data. Fay MP, Brittain EH, Proschan MA (2013), Biostatistics
    14(4):723-736.

    Examples
    --------
    >>> from analysis import load_sample
    >>> curves = kaplan_meier(load_sample())
    >>> curves.at([12, 48])[["months", "at_risk", "survival"]].round(3).to_numpy().tolist()
    [[12.0, 84.0, 0.977], [48.0, 4.0, 0.868]]
    """
    return KaplanMeier.of(Leaving.of(cohort, endpoint, by), level=level, interval=interval)


def kaplan_meier_method(counts: CountedByGroup, level: float, interval: str) -> str:
    """Return the method sentence of the curves."""
    return method_of_counts(
        counts,
        f"Kaplan-Meier estimate of {outcome_name(counts.outcome)}",
        f"{100 * level:g} % {SURVIVAL_INTERVALS[interval]} interval{'' if interval == 'exact' else EXACT_AT_FIRST}",
    )


def product_limit(counts: Leaving, *, interval: str, level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the product-limit curve of each group, and its median.

    Parameters
    ----------
    counts
        The counts at each time. A competing event censors.
    interval, level
        As for `kaplan_meier`.

    Returns
    -------
    The ``curve`` and the ``summary`` of a `KaplanMeier`.
    """
    if interval not in SURVIVAL_INTERVALS:
        raise ValueError(f"Unknown interval {interval!r}; known are {', '.join(SURVIVAL_INTERVALS)}.")
    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    columns = ["months", "at_risk", "events", "censored", *LIMITS]
    steps = [_curve(each, interval, level) for each in counts.steps()]
    medians = np.reshape([_medians(each, interval) for each in steps], (len(steps), len(LIMITS)))
    summary = pd.DataFrame(
        {
            "group": counts.groups.column(np.arange(len(steps))),
            "patients": counts.patients,
            "events": counts.events.sum(axis=0),
            **dict(zip(("median", "median_lower", "median_upper"), medians.T, strict=True)),
        },
        pd.RangeIndex(len(steps)),
    )
    return by_group(counts.groups, steps, columns), summary


def _curve(counts: Steps, interval: str, level: float) -> Steps:
    counts = {**counts, "censored": counts["censored"] + counts["competing"]}
    if not (counts["events"].any() or counts["censored"].any()):
        return counts | dict.fromkeys(LIMITS, np.full(len(counts["months"]), np.nan))
    at_risk, events = counts["at_risk"].astype(float), counts["events"].astype(float)
    survival = survival_steps(at_risk, events)
    if interval == "exact":
        lower, upper = beta_product_interval(at_risk, events, _followed_beyond(at_risk, events), level)
    else:
        lower, upper = _greenwood_limits(survival, at_risk, events, interval, level)
        none_yet = events.cumsum() == 0
        lower[none_yet], upper[none_yet] = limits_before_events(at_risk, events, level)
    return {**counts, "survival": survival, "lower": lower, "upper": upper}


def survival_steps(at_risk: Floats, events: Floats) -> Floats:
    """Return the product-limit estimate of one group at each time.

    lifelines is not used: with late entry it counts a patient as at risk at the time of entry already.
    """
    return np.cumprod(1 - events / np.maximum(at_risk, 1))


def limits_before_events(at_risk: Floats, events: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the exact (beta product) limits of one group's survival curve at each time before its first event."""
    before = events.cumsum() == 0
    return beta_product_interval(at_risk[before], events[before], _followed_beyond(at_risk, events)[before], level)


def _followed_beyond(at_risk: Floats, events: Floats) -> Floats:
    """Return the number followed beyond each time, for the exact band.

    At the last time it is the number at risk without the event. With late entry it is the smallest number so far, for
    a late entrant was not observed before.
    """
    return np.minimum.accumulate(np.append(at_risk[1:], at_risk[-1] - events[-1]))


def survival_before(at_risk: Floats, events: Floats) -> Floats:
    """Return the product-limit estimate of one group just before each time."""
    return np.append(1.0, survival_steps(at_risk, events))[:-1]


def _greenwood_limits(
    survival: Floats, at_risk: Floats, events: Floats, interval: str, level: float
) -> tuple[Floats, Floats]:
    """Return limits from Greenwood's variance on the chosen scale; missing where the curve is at 1 or 0."""
    z = normal_quantile(level)
    # Limits change only at events, which are few among the times.
    happened = events > 0
    survival, at_risk, events = survival[happened], at_risk[happened], events[happened]
    lower: Floats
    upper: Floats
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))  # of log S
        if interval == "log-log":
            exponent = np.exp(z * error / np.log(survival))
            lower, upper = survival ** (1 / exponent), survival**exponent
        elif interval == "log":
            lower, upper = survival * np.exp(-z * error), survival * np.exp(z * error)
        else:
            lower, upper = survival * (1 - z * error), survival * (1 + z * error)
    defined = (survival > 0) & (survival < 1)
    lower, upper = np.where(defined, np.maximum(lower, 0), np.nan), np.where(defined, np.minimum(upper, 1), np.nan)
    last_event = np.cumsum(happened)
    return np.append(np.nan, lower)[last_event], np.append(np.nan, upper)[last_event]


def _medians(curve: Steps, interval: str) -> list[float]:
    """Return the first times at which the curve and its limits are at most 1/2; missing if they never are.

    Exact limits before the first event are used only if all limits are exact, or if there is no event.
    """
    happened = curve["events"].cumsum() > 0
    read = happened if interval != "exact" and happened.any() else np.full(len(happened), True)
    return [next(iter(curve["months"][read & (curve[column] <= HALF)]), np.nan) for column in LIMITS]


def _is_down_to_zero(last: pd.DataFrame) -> pd.Series:
    return last["survival"] == 0
