"""How R computes the same curves with the package survival, from the time and kind of the end of each follow-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import join_times
from analysis.estimates.common.method_words import LATE_ENTRIES
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import HALF, SURVIVAL_INTERVALS, KaplanMeier
from analysis.facts.endpoints import AnyEndpoint
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.r_twin import RTwin
from analysis.figures.survival.r_curve_picture import DrawnInR, drawn_in_r
from analysis.listings.event_times import ENDS, event_times

LIMITS = ["lower", "upper"]
MEDIANS = ["median", "median_lower", "median_upper"]
NO_EXACT_LIMITS = "limits are not compared, as package survival has no exact (beta product) interval"
NO_LATE_LIMITS = (
    "limits are not compared, as with late entries package survival takes another variance (infinitesimal jackknife)"
)
LIMITS_BEFORE_EVENTS = (
    "limits until the first event of a group are not compared, as they are exact (beta product) and package survival "
    "has none"
)


def survival_in_r(estimate: Estimate, *, y_title: str = "Alive (%)", failure: bool = False, **options: Any) -> RTwin:
    """Return how R computes and draws Kaplan-Meier curves; options as for the chart."""
    asked = estimate.asked
    data = r_data(estimate.cohort, asked.endpoint, by=asked.by)
    drawn = drawn_in_r(estimate.result, y_title=y_title, failure=failure, strokes=True, **options)
    return survival_twin(estimate.result, data, asked.interval, asked.level, drawn)


def incidence_in_r(estimate: Estimate, *, y_title: str = "With the event (%)", **options: Any) -> RTwin:
    """Return how R computes and draws cumulative incidences; options as for the chart."""
    asked = estimate.asked
    data = r_data(estimate.cohort, asked.endpoint, by=asked.by)
    return incidence_twin(estimate.result, data, asked.level, drawn_in_r(estimate.result, y_title=y_title, **options))


def r_data(cohort: Cohort, endpoint: AnyEndpoint, *, by: By | None = None) -> pd.DataFrame:
    """Return the data file of the R script: duration and end of each patient's follow-up, without ids.

    Times that are equal within rounding, such as 0.3 and 0.1 + 0.2, are made equal. Rows are sorted by all columns, so
    that their order identifies nobody.

    Returns
    -------
    DataFrame
        group, months, ended (0 = last contact, 1 = event, 2 = competing event) and, with late entries, start (months
        after which the patient is at risk; 0 for at risk from time zero).

    Raises
    ------
    ValueError
        If the endpoint or the grouping column is unknown.
    """
    times = event_times(cohort, endpoint, by=by)
    joined = join_times(times[["months", "entry_months"]].to_numpy(dtype=float).T.ravel())
    months, start = np.split(joined, 2)
    ended = times["ended"].map({end: code for code, end in zip([1, 2, 0], ENDS, strict=True)})
    table = pd.DataFrame({"group": np.asarray(times["group"]), "months": months, "ended": ended})
    if (start > 0).any():
        table["start"] = start
    return table.sort_values(list(table.columns), ignore_index=True)


def survival_twin(
    result: KaplanMeier, data: pd.DataFrame, interval: str, level: float, drawn: DrawnInR | None = None
) -> RTwin:
    """Return how R computes Kaplan-Meier curves: by the product limit of ``survfit`` (Kaplan and Meier 1958).

    "exact" limits, and limits before the first event of a group, differ from R's and are not compared.

    Parameters
    ----------
    result
        The curves on the screen.
    data
        From `r_data`, for the same cohort, endpoint and groups.
    interval, level
        As used for the curves.
    drawn
        How they are drawn; by default as a chart draws them.

    Raises
    ------
    ValueError
        If the interval is unknown, or the level is not between 0 and 1.
    """
    if interval not in SURVIVAL_INTERVALS:
        raise ValueError(f"Unknown interval {interval!r}; known are {', '.join(SURVIVAL_INTERVALS)}.")
    _check_level(level)
    exact = interval == "exact"
    limits = [] if exact else LIMITS
    medians = MEDIANS[:1] if exact else MEDIANS
    curve = result.curve[result.curve["events"] > 0]
    summary = result.summary[["group", "patients", "events", *medians]]
    with_patients = summary["patients"] > 0
    summary = summary.assign(**{name: summary[name].fillna(math.inf).where(with_patients) for name in medians})
    without_events = with_patients & (summary["events"] == 0)
    summary.loc[without_events, medians[1:]] = math.nan
    outcome = "Surv(start, months, ended == 1)" if LATE_ENTRIES in result.method else "Surv(months, ended == 1)"
    in_summary = [
        f"{name} = first_at_half(curve$months, curve${column})"
        for name, column in zip(medians, ["survival", *limits], strict=True)
    ]
    return _twin(
        data,
        level,
        drawn or drawn_in_r(result, y_title="Alive (%)", strokes=True),
        curve=curve[["group", "months", "at_risk", "events", "survival", *limits]],
        summary=summary,
        found=_fit_survival(outcome, "none" if exact else interval, limits) + _found(in_summary),
        not_compared=NO_EXACT_LIMITS if exact else LIMITS_BEFORE_EVENTS if without_events.any() else "",
    )


def _fit_survival(outcome: str, conf_type: str, limits: Sequence[str]) -> str:
    found = "".join(f",\n    {name} = ifelse(fit$surv > 0 & fit$surv < 1, fit${name}, NA)" for name in limits)
    return f"""
# ---- Computed with package survival: Kaplan-Meier, in which a competing event censors ----

# On screen a median is the first time at which the curve is 1/2 or less (rounding may leave it a trifle above). R's own
# median is the middle of the stretch in which a curve stays at 1/2.
first_at_half <- function(months, curve) {{
  min(months[!is.na(curve) & curve <= {HALF!r}], Inf)
}}

# Times that count as one are equal in the data file already; timefix = FALSE keeps R from joining further ones.
# On screen limits are exact (beta product) where the curve is at 1; there are none where it is at 0.
curve_of <- function(own) {{
  if (nrow(own) == 0) return(NULL)
  fit <- survfit(
    {outcome} ~ 1, data = own, conf.type = "{conf_type}", conf.int = level, timefix = FALSE
  )
  curve <- data.frame(
    months = fit$time, at_risk = fit$n.risk, events = fit$n.event, survival = fit$surv{found}
  )
  curve[curve$events > 0, ]
}}
"""


def incidence_twin(
    result: CumulativeIncidence, data: pd.DataFrame, level: float, drawn: DrawnInR | None = None
) -> RTwin:
    """Return how R computes cumulative incidences: by the Aalen-Johansen estimator (1978) of ``survfit``.

    Limits before the first event of a group, and with late entries, differ from R's and are not compared.

    Parameters
    ----------
    result
        The curves on the screen.
    data
        From `r_data`, for the same cohort, endpoint and groups.
    level
        As used for the curves.
    drawn
        How they are drawn; by default as a chart draws them.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    _check_level(level)
    late = LATE_ENTRIES in result.method
    limits = [] if late else LIMITS
    curve = result.curve[(result.curve["events"] > 0) | (result.curve["competing"] > 0)]
    curve = curve[["group", "months", "at_risk", "events", "competing", "incidence", *limits]]
    summary = result.summary[["group", "patients", "events", "competing"]]
    none_yet = curve["incidence"] == 0
    curve = curve.assign(**{name: curve[name].mask(none_yet) for name in limits})
    without_events = ((summary["patients"] > 0) & (summary["events"] == 0)).any()
    fit = _fit_incidence("Surv(start, months, state)" if late else "Surv(months, state)", limits)
    return _twin(
        data,
        level,
        drawn or drawn_in_r(result, y_title="With the event (%)"),
        curve=curve,
        summary=summary,
        found=fit + _found(["competing = sum(curve$competing)"]),
        not_compared=NO_LATE_LIMITS if late else LIMITS_BEFORE_EVENTS if without_events or none_yet.any() else "",
    )


def _fit_incidence(outcome: str, limits: Sequence[str]) -> str:
    found = "".join(f",\n    {name} = fit${name}[, event]" for name in limits)
    conf_type = "log-log" if limits else "none"
    return f"""
# ---- Computed with package survival (3.0 or later): Aalen-Johansen, in which a competing event competes ----

# Times that count as one are equal in the data file already; timefix = FALSE keeps R from joining further ones.
# On screen limits are exact (beta product) where the incidence is at 0; there are none where it is at 1.
curve_of <- function(own) {{
  if (nrow(own) == 0) return(NULL)
  own$state <- factor(own$ended, 0:2, c("last contact", "event", "competing event"))
  own$id <- seq_len(nrow(own))
  fit <- survfit(
    {outcome} ~ 1, data = own, id = id, conf.type = "{conf_type}", conf.int = level, timefix = FALSE
  )
  event <- match("event", fit$states)
  competing <- match("competing event", fit$states)
  curve <- data.frame(
    months = fit$time, at_risk = fit$n.risk[, 1], events = fit$n.event[, event],
    competing = fit$n.event[, competing], incidence = fit$pstate[, event]{found}
  )
  curve[curve$events > 0 | curve$competing > 0, ]
}}
"""


def _twin(
    data: pd.DataFrame,
    level: float,
    drawn: DrawnInR,
    *,
    curve: pd.DataFrame,
    summary: pd.DataFrame,
    found: str,
    not_compared: str,
) -> RTwin:
    groups = summary["group"]
    steps = curve["group"].value_counts().reindex(groups, fill_value=0).to_numpy()
    counted = summary.copy()
    counted.insert(1, "event_times", steps)
    return RTwin(
        data=data,
        rows="a row a patient; ended is 0 for last contact, 1 for the event, 2 for a competing event",
        groups=_groups(summary),
        axis_titles=drawn.axis_titles,
        level=level,
        shown={"summary": counted, "curve": curve, "ticks": drawn.ticks},
        settings=drawn.settings,
        found=found,
        drawn=drawn.code,
        package="survival",
        not_compared=not_compared,
        not_drawn=drawn.left_out,
    )


def _found(in_summary: Sequence[str]) -> str:
    """Return R code: curves, summary and numbers below the axis of all groups, from ``curve_of`` for one."""
    own = "".join(f",\n    {column}" for column in in_summary)
    return f"""
summary_of <- function(own, curve) {{
  data.frame(
    event_times = NROW(curve$months),
    patients = nrow(own),
    events = sum(curve$events){own}
  )
}}

# How many are at risk just before each tick of the axis, and had each end by then.
at_ticks <- function(own) {{
  by_then <- function(tick, ended) sum(own$months <= tick + 1e-9 & own$ended %in% ended)
  start <- if (is.null(own$start)) rep(-1, nrow(own)) else own$start
  data.frame(
    months = ticks,
    at_risk = sapply(ticks, function(tick) sum(own$months >= tick - 1e-9 & start < tick)),
    cumulative_events = sapply(ticks, by_then, 1),
    cumulative_others = sapply(ticks, by_then, others)
  )
}}

# Who is at risk from time zero on is so for an event at month 0 too, and R takes its intervals as open at the left.
if (!is.null(data$start)) data$start[data$start == 0] <- -1
patients <- lapply(groups_in_file, function(name) data[data$group == name, ])
curves <- lapply(patients, curve_of)
found_curve <- do.call(rbind, curves)
found_summary <- do.call(rbind, Map(summary_of, patients, curves))
found_ticks <- do.call(rbind, lapply(patients, at_ticks))
"""


def _groups(summary: pd.DataFrame) -> list[str]:
    return [str(group) for group in summary["group"].cat.categories]


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
