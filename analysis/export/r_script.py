"""The R twin of a survival figure: a script and a small data file with which R computes the numbers on screen anew."""

from __future__ import annotations

import csv
import io
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import assert_never

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.estimates.common.grouped_outcome import LATE_ENTRIES, grouped_outcome
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import HALF, SURVIVAL_INTERVALS, KaplanMeier
from analysis.export.r_source import one_line, r_table, r_text, r_texts
from analysis.export.table_files import csv_bytes
from analysis.facts.endpoints import AnyEndpoint

LIMITS = ["lower", "upper"]
MEDIANS = ["median", "median_lower", "median_upper"]
COMMENT_WIDTH = 110

NO_EXACT_LIMITS = "limits are not compared, as package survival has no exact (beta product) interval"
NO_LATE_LIMITS = (
    "limits are not compared, as with late entries package survival takes another variance (infinitesimal jackknife)"
)
LIMITS_BEFORE_EVENTS = (
    "limits until the first event of a group are not compared, as they are exact (beta product) and package survival "
    "has none"
)


@dataclass(frozen=True)
class _Twin:
    """What the script of one estimate has and that of the other has not.

    Attributes
    ----------
    estimate, words, before
        The column of the estimate, what it is called on the axis, and its value at month 0 before anything happens.
    curve, summary
        The numbers on screen that are compared, by group; missing ones are not compared, infinite ones not reached.
    fit
        R: the function ``curve_of``, from the patients of one group to their curve.
    in_summary
        R: columns of the summary beside patients and events, from ``curve``.
    not_compared
        What is not compared and why, "" where everything is.
    """

    estimate: str
    words: str
    before: int
    curve: pd.DataFrame
    summary: pd.DataFrame
    fit: str
    in_summary: Sequence[str]
    not_compared: str


def r_data(cohort: Cohort, endpoint: AnyEndpoint, *, by: By | None = None) -> pd.DataFrame:
    """Return the data that the R script reads: how long each patient was followed and how it ended, without ids.

    Times that count as one here, such as 0.3 and 0.1 + 0.2, are made equal. Rows are sorted by all of their columns, so
    their order tells nothing.

    Returns
    -------
    DataFrame with group, months, ended (0 = last contact, 1 = event, 2 = competing event) and, where the endpoint has
    late entries, start (months after which the patient is at risk; 0 for at risk from time zero on).

    Raises
    ------
    ValueError
        If the endpoint or the grouping column is unknown.
    """
    outcome = grouped_outcome(cohort, endpoint, by)
    times = outcome.times
    table = pd.DataFrame(
        {
            "group": np.asarray(outcome.group),
            "months": times["time"].astype(float).to_numpy(),
            "ended": np.select([times["event"].astype(bool), times["competing"].astype(bool)], [1, 2], 0),
        }
    )
    if outcome.counts.late_entries:
        table["start"] = times["entry"].astype(float).to_numpy()
    return table.sort_values(list(table.columns), ignore_index=True)


def r_script(
    result: KaplanMeier | CumulativeIncidence,
    *,
    data_name: str,
    title: str,
    provenance: Sequence[str],
    interval: str,
    level: float = 0.95,
) -> str:
    """Return an R script that computes the curves anew from their data and says whether the numbers are the same.

    It needs R and its package survival (Therneau), takes the product-limit estimate of Kaplan and Meier (1958) or the
    Aalen-Johansen estimate (1978) from ``survfit``, stops with a sentence at a number that differs by more than 1e-6,
    and draws the curves into a PDF that is named as the data file is.

    Parameters
    ----------
    result
        The curves on screen.
    data_name
        Name of the file with ``csv_bytes(r_data(...))`` of the same cohort, endpoint and groups, beside the script.
    title
        What the figure is called.
    provenance
        Where the numbers come from, a comment each.
    interval, level
        As the curves were computed with (`kaplan_meier`); an incidence has log-log limits whatever is said here. The
        limits of "exact", until the first event of a group, and of an incidence with late entries are not those of R;
        the script does not compare them, and says so.

    Raises
    ------
    ValueError
        If the interval is unknown, the level is not between 0 and 1, or two groups have names that a CSV file cannot
        tell apart.
    """
    if interval not in SURVIVAL_INTERVALS:
        raise ValueError(f"Unknown interval {interval!r}; known are {', '.join(SURVIVAL_INTERVALS)}.")
    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    match result:
        case KaplanMeier():
            twin = _survival(result, interval)
        case CumulativeIncidence():
            twin = _incidence(result)
        case _:
            assert_never(result)
    groups = [str(group) for group in result.summary["group"].cat.categories]
    parts = [
        _opening([title, *provenance], data_name, twin.not_compared),
        _settings(twin, groups, data_name, title, result.time_zero, level),
        _shown(twin),
        _READ,
        twin.fit,
        _found(twin),
        _COMPARE,
        _DRAW,
        _AGREE,
    ]
    return "\n".join(parts)


def _survival(result: KaplanMeier, interval: str) -> _Twin:
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
    return _Twin(
        estimate="survival",
        words="Survival",
        before=1,
        curve=curve[["group", "months", "at_risk", "events", "survival", *limits]],
        summary=summary,
        fit=_fit_survival(outcome, "none" if exact else interval, limits),
        in_summary=[
            f"{name} = first_at_half(curve$months, curve${column})"
            for name, column in zip(medians, ["survival", *limits], strict=True)
        ],
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


def _incidence(result: CumulativeIncidence) -> _Twin:
    late = LATE_ENTRIES in result.method
    limits = [] if late else LIMITS
    curve = result.curve[(result.curve["events"] > 0) | (result.curve["competing"] > 0)]
    curve = curve[["group", "months", "at_risk", "events", "competing", "incidence", *limits]]
    summary = result.summary[["group", "patients", "events", "competing"]]
    none_yet = curve["incidence"] == 0
    curve = curve.assign(**{name: curve[name].mask(none_yet) for name in limits})
    without_events = ((summary["patients"] > 0) & (summary["events"] == 0)).any()
    return _Twin(
        estimate="incidence",
        words="Cumulative incidence",
        before=0,
        curve=curve,
        summary=summary,
        fit=_fit_incidence("Surv(start, months, state)" if late else "Surv(months, state)", limits),
        in_summary=["competing = sum(curve$competing)"],
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


def _opening(lines: Sequence[str], data_name: str, not_compared: str) -> str:
    """Return what the script is, as comments."""
    how = (
        f"Run this script with Rscript in the folder that holds it and {data_name}. It computes the curves anew with "
        "package survival, stops with a sentence if a number differs from the one on screen by more than 1e-6, draws "
        f"{_picture_name(data_name)}, and says that all numbers agree."
    )
    told = [*lines, "", how]
    if not_compared:
        told.append(f"Not everything is compared: {not_compared}.")
    wrapped = [part for line in told for part in textwrap.wrap(one_line(line), COMMENT_WIDTH) or [""]]
    return "\n".join(f"# {part}".rstrip() for part in wrapped)


def _settings(twin: _Twin, groups: Sequence[str], data_name: str, title: str, time_zero: str, level: float) -> str:
    not_compared = f"; {twin.not_compared}" if twin.not_compared else ""
    return f"""
library(survival)

data_file <- {r_text(data_name)}
picture_file <- {r_text(_picture_name(data_name))}
title <- {r_text(title)}
axis_titles <- c({r_text(f"Months from {time_zero}")}, {r_text(twin.words)})
level <- {level!r}
tolerance <- 1e-6
estimate <- {r_text(twin.estimate)}
before <- {twin.before}
not_compared <- {r_text(not_compared)}

# The groups as on screen, and as in the data file: there a ' stands before what a spreadsheet would run.
groups <- {r_texts(groups)}
groups_in_file <- {r_texts(_names_in_file(groups))}
"""


def _shown(twin: _Twin) -> str:
    groups = twin.summary["group"]
    steps = twin.curve["group"].value_counts().reindex(groups, fill_value=0).to_numpy()
    summary = twin.summary.copy()
    summary.insert(1, "event_times", steps)
    return f"""# ---- On screen, to ten digits: group by its place in groups; NA is not on screen, or not compared ----

{r_table("shown_summary", summary)}

{r_table("shown_curve", twin.curve)}
"""


def _found(twin: _Twin) -> str:
    own = "".join(f",\n    {column}" for column in twin.in_summary)
    return f"""summary_of <- function(own, curve) {{
  data.frame(
    event_times = NROW(curve$months),
    patients = nrow(own),
    events = sum(curve$events){own}
  )
}}

patients <- lapply(groups_in_file, function(name) data[data$group == name, ])
curves <- lapply(patients, curve_of)
found_curve <- do.call(rbind, curves)
found_summary <- do.call(rbind, Map(summary_of, patients, curves))
"""


_READ = """# ---- The data: a row a patient; ended is 0 for last contact, 1 for the event, 2 for a competing event ----

if (!file.exists(data_file)) {
  stop(data_file, " is not in ", getwd(), "; run the script in the folder that holds it.", call. = FALSE)
}
# encoding, and not fileEncoding, keeps every letter also where R runs in a locale without it. The mark of UTF-8 stands
# before the name of the first column.
data <- read.csv(data_file, encoding = "UTF-8", colClasses = "character", na.strings = character(0))
names(data)[1] <- "group"
data[-1] <- lapply(data[-1], as.numeric)
# Who is at risk from time zero on is so for an event at month 0 too, and R takes its intervals as open at the left.
if (!is.null(data$start)) data$start[data$start == 0] <- -1"""

_COMPARE = """# ---- Compared ----

words <- function(number) {
  ifelse(is.na(number), "missing",
         ifelse(is.infinite(number), "not reached", sprintf("%.10g", as.numeric(number))))
}

stop_at_differences <- function(shown, found, where) {
  differing <- unlist(lapply(names(shown)[-1], function(column) {
    screen <- shown[[column]]
    in_r <- found[[column]]
    apart <- abs(screen - in_r)
    agrees <- is.na(screen) | screen == in_r | is.finite(apart) & apart <= tolerance * pmax(1, abs(screen))
    wrong <- which(!(agrees %in% TRUE))
    sprintf("%s, column %s, on screen %s, in R %s", where[wrong], column, words(screen[wrong]), words(in_r[wrong]))
  }))
  more <- if (length(differing) > 1) sprintf(" (and %d more differ)", length(differing) - 1) else ""
  if (length(differing)) stop("A number differs: ", differing[1], more, ".", call. = FALSE)
}

quoted <- encodeString(groups, quote = "\\"")
stop_at_differences(shown_summary, found_summary, sprintf("group %s", quoted[shown_summary$group]))
stop_at_differences(shown_curve, found_curve,
                    sprintf("group %s, month %s", quoted[shown_curve$group], words(shown_curve$months)))
"""

_DRAW = """# ---- Drawn ----

# cairo draws letters of every script; in the name of a picture % would stand for the number of a page.
device <- if (capabilities("cairo")) cairo_pdf else pdf
device(gsub("%", "%%", picture_file, fixed = TRUE), width = 8, height = 6)
colours <- hcl.colors(max(1, length(groups)), "Dark 3")
plot(NULL, xlim = c(0, max(1, data$months)), ylim = c(0, 1), las = 1, xlab = axis_titles[1], ylab = axis_titles[2],
     main = paste(strwrap(title, 70), collapse = "\\n"))
for (place in seq_along(groups)) {
  curve <- curves[[place]]
  if (is.null(curve)) next
  end <- max(patients[[place]]$months)
  for (column in intersect(c(estimate, "lower", "upper"), names(curve))) {
    values <- c(before, curve[[column]])
    lines(c(0, curve$months, end), c(values, values[length(values)]), type = "s", col = colours[place],
          lty = if (column == estimate) "solid" else "dotted", lwd = if (column == estimate) 2 else 1)
  }
}
corner <- if (before == 1) "bottomleft" else "topleft"
if (length(groups) > 1) legend(corner, groups, col = colours, lty = "solid", lwd = 2, bty = "n")
invisible(dev.off())
"""

_AGREE = """numbers <- sum(!is.na(shown_summary[-1]), !is.na(shown_curve[-1]))
cat(sprintf("All %d numbers agree within %g (R %s, package survival %s)%s.\\n", numbers, tolerance,
            getRversion(), packageVersion("survival"), not_compared))
"""


def _names_in_file(groups: Sequence[str]) -> list[str]:
    """Return the groups as `csv_bytes` writes them."""
    written = csv_bytes(pd.DataFrame({"group": list(groups)})).decode("utf-8-sig")
    names = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"Two groups are both written as {twice!r} in a CSV file; rename one for the R script.")
    return names


def _picture_name(data_name: str) -> str:
    return f"{PurePath(data_name).stem}.pdf"
