"""How R draws step curves above the numbers below their axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.axes import longest_time, month_ticks, months_title

OTHERS = {"cumulative_censored": ("Censored", [0, 2]), "cumulative_competing": ("Competing", [2])}


@dataclass(frozen=True, eq=False)
class DrawnInR:
    """How R draws curves.

    Attributes
    ----------
    axis_titles
        The titles of the x axis and the y axis.
    ticks
        group, months of each tick, at_risk, cumulative_events and cumulative_others, as on screen.
    settings
        What the code needs, by name.
    left_out
        The lines behind the curves that are not drawn, as others or another estimate are in them; "" for none.
    """

    axis_titles: tuple[str, str]
    ticks: pd.DataFrame
    settings: Mapping[str, float | str | Sequence[float] | Sequence[str]]
    left_out: str

    @property
    def code(self) -> str:
        """R code that draws ``curves`` of ``patients``."""
        return _CODE


def drawn_in_r(
    result: KaplanMeier | CumulativeIncidence,
    *,
    y_title: str,
    failure: bool = False,
    strokes: bool = False,
    until: float | None = None,
    lowest: int = 0,
    few_at_risk: int = FEW_AT_RISK,
    whole: object = None,
    naive: bool = False,
    published: object = None,
    reconstructed: object = None,
    **_: object,
) -> DrawnInR:
    """Return how R draws curves.

    Parameters
    ----------
    result
        The curves.
    y_title, failure, until, lowest, few_at_risk
        As for `analysis.figures.survival.kaplan_meier.survival_chart`.
    whole, naive, published, reconstructed
        Whether the whole cohort, one minus Kaplan-Meier, published shares, or curves reconstructed from papers stand
        behind the curves on screen.
    strokes
        Whether short strokes mark who was censored.
    """
    longest = until or longest_time(result.curve["months"])
    places = month_ticks(longest)
    ticks = result.at(places)
    column = next(name for name in OTHERS if name in ticks)
    heading, ends = OTHERS[column]
    falls = isinstance(result, KaplanMeier)
    kept = ["group", "months", "at_risk", "cumulative_events"]
    return DrawnInR(
        axis_titles=(months_title(result.time_zero), y_title),
        ticks=ticks[kept].assign(cumulative_others=ticks[column]),
        settings={
            "ticks": places,
            "longest": longest,
            "lowest": 0 if failure else lowest,
            "highest": 100,
            "few_at_risk": few_at_risk,
            "headings": ["At risk", "Events", heading],
            "others": ends,
            "estimate": "survival" if falls else "incidence",
            "before": int(falls),
            "failure": failure,
            "strokes": strokes,
        },
        left_out=" and ".join(
            words
            for words, held in (
                ("the whole cohort behind the curves", whole),
                ("one minus Kaplan-Meier", naive),
                ("the published shares", published),
                ("the curves reconstructed from papers", reconstructed),
            )
            if held
        ),
    )


_CODE = """
numbers <- list(found_ticks$at_risk, found_ticks$cumulative_events, found_ticks$cumulative_others)
if (with_events) {
  numbers[[1]] <- sprintf("%s (%s)", numbers[[1]], numbers[[2]])
  headings[1] <- sprintf("%s (%s)", headings[1], tolower(headings[2]))
}
open_picture(head(setNames(lapply(numbers, by_group), headings), rows_below), ticks, c(0, longest), c(lowest, highest))
percent <- function(share) 100 * pmax(lowest / 100, if (failure) 1 - share else share)

# The values of a step curve from time 0 to its end, and where fewer are at risk it is thin and dotted.
for (place in seq_along(groups)) {
  own <- patients[[place]]
  if (!nrow(own)) next
  curve <- curves[[place]]
  end <- min(max(own$months), longest)
  kept <- curve$months <= end
  steps <- function(times) rep(times, each = 2)[-c(1, 2 * length(times))]
  stairs <- function(shares) percent(rep(shares, each = 2))
  if (bands && all(c("lower", "upper") %in% names(curve))) {
    known <- kept & !is.na(curve$lower) & !is.na(curve$upper)
    x <- steps(c(curve$months[known], end))
    if (any(known)) {
      polygon(c(x, rev(x)), c(stairs(curve$lower[known]), rev(stairs(curve$upper[known]))),
              col = adjustcolor(colours[place], if (length(groups) < 4) 0.16 else 0.1), border = NA)
    }
  }
  times <- c(0, curve$months[kept])
  shares <- c(before, curve[[estimate]][kept])
  x <- steps(c(times, end))
  y <- stairs(shares)
  at <- function(time) percent(shares[findInterval(time, times)])
  few <- if (nrow(own) < few_at_risk) 0 else min(sort(own$months, decreasing = TRUE)[few_at_risk], end)
  full <- x <= few
  draw <- function(x, y, ...) lines(x, y, col = colours[place], xpd = TRUE, ...)
  if (few > 0) draw(c(x[full], few), c(y[full], at(few)), lwd = 1.7, lty = dashes[place])
  if (few < end) draw(c(few, x[!full]), c(at(few), y[!full]), lwd = 1.1, lty = "dotted")
  if (strokes) {
    censored <- unique(own$months[own$ended != 1 & own$months <= end])
    heights <- at(censored)
    half <- 0.035 * letters_pt / 8 * (highest - lowest) / par("pin")[2]
    segments(censored, heights - half, censored, heights + half, col = colours[place], lwd = 0.9, xpd = NA)
  }
}
key(if (before == 1 && !failure) "bottomleft" else "topleft", lty = dashes)
"""
