"""Kaplan-Meier curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.endpoints import OVERALL_SURVIVAL, endpoint_times
from analysis.cohort.grouping import Grouping, group_labels, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.estimates.counts import group_counts
from analysis.estimates.intervals import beta_product_interval
from analysis.estimates.words import count_words, method_words

Floats = NDArray[np.float64]

SURVIVAL_INTERVALS = {"log-log": "log-log", "log": "log", "plain": "plain", "exact": "exact (beta product)"}
HALF = 0.5 + 1e-9  # The running product of a curve that meets 1/2 may end a rounding error above it.
LIMITS = ["survival", "lower", "upper"]


@dataclass(frozen=True)
class KaplanMeier:
    """Kaplan-Meier curves of one endpoint.

    Attributes
    ----------
    question, method
        What the curves answer, and how.
    left_out
        patient_id, reason: patients who are in no curve.
    curve
        group, months, at_risk, events, censored, survival, lower, upper: a row at 0 and one a distinct time.
        Limits are missing where the interval does not exist.
    summary
        group, patients, events, median, median_lower, median_upper (months; missing where not reached).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    summary: pd.DataFrame

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times.

        Parameters
        ----------
        months
            Times from 0.

        Returns
        -------
        DataFrame with group, months, at_risk, cumulative_events, cumulative_censored, survival, lower, upper. Beyond
        the last time of a group nobody is at risk, and survival is missing unless the curve has come down to 0.

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        if any(not time >= 0 for time in months):
            raise ValueError("Survival is asked for at times from 0 months on.")
        groups = self.curve["group"].cat.categories
        rows = [_at(self.curve[self.curve["group"] == group], group, time) for group in groups for time in months]
        columns = ["group", "months", "at_risk", "cumulative_events", "cumulative_censored", *LIMITS]
        return _with_groups(pd.DataFrame(rows, columns=columns), groups)


def kaplan_meier(
    cohort: Cohort,
    endpoint: str = OVERALL_SURVIVAL,
    *,
    by: str | Grouping | None = None,
    level: float = 0.95,
    interval: str = "log-log",
) -> KaplanMeier:
    """Return Kaplan-Meier curves with pointwise confidence limits (Kaplan and Meier 1958).

    Parameters
    ----------
    cohort
        The patients.
    endpoint
        "overall_survival" (death from any cause) or "relapse_free_survival" (relapse or death).
    by
        A column or a `Grouping`; without it there is one group, "All".
    level
        Confidence level, between 0 and 1.
    interval
        "log-log", "log" or "plain" (Greenwood's variance on that scale; Kalbfleisch and Prentice 2002), or "exact"
        (beta product: Fay, Brittain and Proschan 2013). A group without events has the exact one in any case.

    Raises
    ------
    ValueError
        If the endpoint, the grouping column or the interval is unknown.
    """
    outcome = endpoint_times(cohort, endpoint)
    labels = group_labels(cohort, by)
    curve, summary = product_limit(
        labels, outcome.times["months"], outcome.times["event"], interval=interval, level=level
    )
    left_out = without_group(cohort, labels)
    method = method_words(
        f"Kaplan-Meier estimate of {outcome.name.lower()} ({outcome.event_words}), months from transplantation, "
        f"{100 * level:g} % {SURVIVAL_INTERVALS[interval]} interval, "
        f"{count_words(summary['patients'].sum(), 'patient')}, {count_words(summary['events'].sum(), 'event')}",
        left_out,
    )
    return KaplanMeier(outcome.question, method, left_out, curve, summary)


def product_limit(
    labels: pd.Series, months: pd.Series, event: pd.Series, *, interval: str, level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the product-limit curve of each group, and its median.

    Parameters
    ----------
    labels, months, event
        Group, time and whether it is an event, one a patient; see `group_counts`.
    interval, level
        As for `kaplan_meier`.

    Returns
    -------
    The ``curve`` and the ``summary`` of a `KaplanMeier`.
    """
    if interval not in SURVIVAL_INTERVALS:
        raise ValueError(f"Unknown interval {interval!r}; known are {', '.join(SURVIVAL_INTERVALS)}.")
    counts = group_counts(labels, months, event)
    curves = [_curve(table, interval, level).assign(group=group) for group, table in counts.items()]
    columns = ["group", "months", "at_risk", "events", "censored", *LIMITS]
    curve = _with_groups(pd.concat(curves, ignore_index=True)[columns], labels.cat.categories)
    summary = curve.groupby("group", observed=False).apply(_summary, include_groups=False).reset_index()
    return curve, summary.astype({"patients": int, "events": int})


def _curve(counts: pd.DataFrame, interval: str, level: float) -> pd.DataFrame:
    at_risk = counts["at_risk"].to_numpy(dtype=float)
    events = counts["events"].to_numpy(dtype=float)
    after = at_risk - events - counts["censored"].to_numpy(dtype=float)
    after[-1] = at_risk[-1] - events[-1]  # Nothing is claimed beyond the last time; at it, all who were there count.
    if not at_risk[0]:
        return counts.assign(survival=np.nan, lower=np.nan, upper=np.nan)
    survival = _survival(counts)
    if interval == "exact" or not events.any():
        lower, upper = beta_product_interval(at_risk, events, after, level)
    else:
        lower, upper = _greenwood_limits(survival, at_risk, events, interval, level)
    return counts.assign(survival=survival, lower=lower, upper=upper)


def _survival(counts: pd.DataFrame) -> Floats:
    """Return S(t) at each time of one group's counts."""
    from lifelines import KaplanMeierFitter

    # A row of events and a row of censorings a time, weighted by how many patients it stands for.
    each = counts.melt("months", ["events", "censored"], "kind", "patients")
    each = each[each["patients"] > 0]
    fitter = KaplanMeierFitter().fit(each["months"], each["kind"] == "events", weights=each["patients"])
    survival: Floats = fitter.survival_function_at_times(counts["months"]).to_numpy(dtype=float)
    return survival


def _greenwood_limits(
    survival: Floats, at_risk: Floats, events: Floats, interval: str, level: float
) -> tuple[Floats, Floats]:
    """Return limits from Greenwood's variance on the chosen scale; missing where the curve is at 1 or 0."""
    from scipy.special import ndtri

    z = float(ndtri((1 + level) / 2))
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
    return np.where(defined, np.maximum(lower, 0), np.nan), np.where(defined, np.minimum(upper, 1), np.nan)


def _summary(curve: pd.DataFrame) -> pd.Series:
    medians = {"median": "survival", "median_lower": "lower", "median_upper": "upper"}
    below = {name: curve.loc[curve[column] <= HALF, "months"].min() for name, column in medians.items()}
    patients = int(curve["at_risk"].iloc[0]) if len(curve) else 0
    return pd.Series({"patients": patients, "events": int(curve["events"].sum()), **below})


def _at(curve: pd.DataFrame, group: str, time: float) -> tuple[object, ...]:
    past = curve[curve["months"] <= time + slack(time)]
    at_risk = int(curve.loc[curve["months"] >= time - slack(time), ["events", "censored"]].sum().sum())
    last = past.iloc[-1]
    known = at_risk > 0 or last["survival"] == 0
    limits = last[LIMITS] if known else [np.nan] * 3
    return (group, time, at_risk, int(past["events"].sum()), int(past["censored"].sum()), *limits)


def _with_groups(table: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    """Return the table with its ``group`` column as an ordered categorical."""
    return table.assign(group=pd.Categorical(table["group"], groups, ordered=True))
