"""How R computes the mean number of relapses again in base R, patient by patient from its definition, and draws it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.counts.relapse_paths import RelapsePaths
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.mean_relapses import MeanRelapses
from analysis.facts.relapse import relapse_rule
from analysis.facts.relapse_spells import CENSORED
from analysis.figures.common.axes import longest_time, month_ticks, months_title
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.r_twin import RTwin
from analysis.figures.survival.r_curve_picture import DrawnInR

CURVE = ["group", "months", "at_risk", "relapses", "deaths", "mean", "standard_error", "lower", "upper"]
COUNTED = {"cumulative_relapses": "cumulative_events", "cumulative_deaths": "cumulative_others"}


def mean_relapses_in_r(
    estimate: Estimate, *, until: float | None = None, few_at_risk: int = FEW_AT_RISK, highest: float, y_title: str
) -> RTwin:
    """Return how R computes and draws mean numbers of relapses.

    Parameters
    ----------
    estimate
        The mean numbers.
    until, few_at_risk
        As for the chart.
    highest, y_title
        The end of the y axis in relapses per 100 patients, and its title.
    """
    asked, result = estimate.asked, estimate.result
    counts = RelapsePaths.of(estimate.cohort, relapse_rule(asked.rule), asked.by)
    drawn = _drawn(result, until, few_at_risk, highest, y_title)
    moving = (result.curve["relapses"] > 0) | (result.curve["deaths"] > 0)
    curve = result.curve.loc[moving, CURVE]
    summary = result.summary.copy()
    steps = curve["group"].value_counts().reindex(summary["group"], fill_value=0).to_numpy()
    summary.insert(1, "event_times", steps)
    return RTwin(
        data=_data(counts),
        rows="a row a spell of a patient from one relapse to the next; ended is 1 for a relapse, 2 for death, 0 for "
        "the last contact; patients are numbered in this file only",
        groups=[str(group) for group in summary["group"].cat.categories],
        axis_titles=drawn.axis_titles,
        level=asked.level,
        shown={"summary": summary, "curve": curve, "ticks": drawn.ticks},
        settings=drawn.settings,
        found=_FOUND,
        drawn=drawn.code + _DOTS,
    )


def _data(counts: RelapsePaths) -> pd.DataFrame:
    """Return group, patient, start, stop, ended of each spell: patients one by one, in the order of their courses."""
    table = pd.concat(_spells(counts), ignore_index=True)
    return table.assign(patient=pd.factorize(pd.MultiIndex.from_frame(table[["group", "patient"]]))[0] + 1)


def _spells(counts: RelapsePaths) -> Iterator[pd.DataFrame]:
    for group, paths, patients in counts.of_groups():
        own = paths.at(np.repeat(np.arange(len(patients)), patients))
        ended = np.where(own.next_state == CENSORED, 0, own.next_state)
        columns = {"patient": own.path, "start": own.start, "stop": own.stop, "ended": ended}
        yield pd.DataFrame({"group": group, **columns})


def _drawn(result: MeanRelapses, until: float | None, few_at_risk: int, highest: float, y_title: str) -> DrawnInR:
    longest = until or longest_time(result.curve["months"])
    places = month_ticks(longest)
    ticks = result.at(places).rename(columns=COUNTED)
    settings: dict[str, Any] = {
        "ticks": places,
        "longest": longest,
        "lowest": 0,
        "highest": highest,
        "few_at_risk": few_at_risk,
        "headings": ["At risk", "Relapses", "Died"],
        "estimate": "mean",
        "before": 0,
        "failure": False,
        "strokes": False,
    }
    kept = ["group", "months", "at_risk", *COUNTED.values()]
    return DrawnInR((months_title(result.time_zero), y_title), ticks[kept], settings, "")


_FOUND = """
# ---- Computed in base R: mean number of relapses with death as terminal event, robust standard error (Ghosh and Lin
# 2000), from each patient's part in every time ----

curve_of <- function(own) {
  if (nrow(own) == 0) return(NULL)
  times <- sort(unique(own$stop[own$ended > 0]))
  if (length(times) == 0) return(NULL)
  entry <- c(tapply(own$start, own$patient, min))
  end <- c(tapply(own$stop, own$patient, max))
  at_risk <- outer(end, times, ">=") & (entry == 0 | outer(entry, times, "<"))
  number_of <- function(ended) {
    happened <- own[own$ended == ended, ]
    unclass(table(factor(happened$patient, names(end)), factor(match(happened$stop, times), seq_along(times))))
  }
  relapses <- number_of(1)
  deaths <- number_of(2)
  n <- colSums(at_risk)
  alive <- c(1, cumprod(1 - colSums(deaths) / n))[seq_along(times)]
  mean <- cumsum(alive * colSums(relapses) / n)
  # What happened to each patient less what was expected, weighted, and added up over the times.
  summed <- function(happened, weight) {
    surprise <- happened - sweep(at_risk, 2, colSums(happened) / n, "*")
    matrix(apply(sweep(surprise, 2, weight / n, "*"), 1, cumsum), nrow = length(times))
  }
  influence <- summed(relapses, alive) - mean * summed(deaths, 1) + summed(deaths, mean)
  error <- sqrt(rowSums(influence^2))
  factor_of_limits <- exp(qnorm((1 + level) / 2) * error / mean)
  data.frame(
    months = times, at_risk = n, relapses = colSums(relapses), deaths = colSums(deaths), mean = mean,
    standard_error = error, lower = mean / factor_of_limits, upper = mean * factor_of_limits
  )
}

summary_of <- function(own, curve) {
  data.frame(
    event_times = NROW(curve$months),
    patients = length(unique(own$patient)),
    relapsed = length(unique(own$patient[own$ended == 1])),
    relapses = sum(own$ended == 1),
    deaths = sum(own$ended == 2)
  )
}

# How many are at risk just before each tick of the axis, and how many relapses and deaths there were by then.
at_ticks <- function(own) {
  entry <- c(tapply(own$start, own$patient, min))
  end <- c(tapply(own$stop, own$patient, max))
  by_then <- function(tick, ended) sum(own$stop <= tick + 1e-9 & own$ended == ended)
  data.frame(
    months = ticks,
    at_risk = sapply(ticks, function(tick) sum(end >= tick - 1e-9 & (entry == 0 | entry < tick))),
    cumulative_events = sapply(ticks, by_then, 1),
    cumulative_others = sapply(ticks, by_then, 2)
  )
}

spells <- lapply(groups_in_file, function(name) data[data$group == name, ])
patients <- lapply(spells, function(own) data.frame(months = c(tapply(own$stop, own$patient, max))))
curves <- lapply(spells, curve_of)
found_curve <- do.call(rbind, curves)
found_summary <- do.call(rbind, Map(summary_of, spells, curves))
found_ticks <- do.call(rbind, lapply(spells, at_ticks))
"""

_DOTS = """
# A dot for each relapse, on the riser of its step.
for (place in seq_along(groups)) {
  curve <- curves[[place]]
  if (is.null(curve)) next
  rise <- diff(c(0, curve$mean))
  row <- rep(seq_along(rise), curve$relapses)
  nth <- sequence(curve$relapses[curve$relapses > 0])
  points(curve$months[row], 100 * (curve$mean[row] - rise[row] * (1 - nth / curve$relapses[row])),
         pch = 16, cex = 0.5, col = colours[place])
}
"""
