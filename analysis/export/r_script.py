"""The script with which R computes the numbers of a figure again from a small data file."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd

from analysis.export.r_source import one_line, r_table, r_text, r_texts
from analysis.export.table_files import csv_bytes
from analysis.figures.common.r_twin import RTwin

COMMENT_WIDTH = 110


def r_script(twin: RTwin, *, data_name: str, title: str, provenance: Sequence[str]) -> str:
    """Return an R script that computes the curves from their data and checks the numbers against the screen.

    It needs R and its package survival (Therneau), stops at a number that differs by more than 1e-6, and draws the
    curves into a PDF named after the data file.

    Parameters
    ----------
    twin
        How R computes the curves.
    data_name
        The name of the file with ``csv_bytes(twin.data)``, in the same folder.
    title
        The title of the figure.
    provenance
        The origin of the numbers, one comment each.

    Raises
    ------
    ValueError
        If the names of two groups are the same in a CSV file.
    """
    parts = [
        _opening([title, *provenance], data_name, twin.not_compared),
        _settings(twin, data_name, title),
        _shown(twin),
        _READ,
        twin.fit,
        _found(twin),
        _COMPARE,
        _DRAW,
        _AGREE,
    ]
    return "\n".join(parts)


def _opening(lines: Sequence[str], data_name: str, not_compared: str) -> str:
    """Return the first comments of the script."""
    how = (
        f"Run this script with Rscript in the folder that holds it and {data_name}. It computes the curves anew with "
        "package survival, stops with a sentence if a number differs from the one on screen by more than 1e-6, draws "
        f"{_picture_name(data_name)}, and says that all numbers agree."
    )
    paragraphs = [*lines, "", how]
    if not_compared:
        paragraphs.append(f"Not everything is compared: {not_compared}.")
    wrapped = [part for line in paragraphs for part in textwrap.wrap(one_line(line), COMMENT_WIDTH) or [""]]
    return "\n".join(f"# {part}".rstrip() for part in wrapped)


def _settings(twin: RTwin, data_name: str, title: str) -> str:
    not_compared = f"; {twin.not_compared}" if twin.not_compared else ""
    return f"""
library(survival)

data_file <- {r_text(data_name)}
picture_file <- {r_text(_picture_name(data_name))}
title <- {r_text(title)}
axis_titles <- c({r_text(f"Months from {twin.time_zero}")}, {r_text(twin.words)})
level <- {twin.level!r}
tolerance <- 1e-6
estimate <- {r_text(twin.estimate)}
before <- {twin.before}
not_compared <- {r_text(not_compared)}

# The groups as on screen, and as in the data file: there a ' stands before what a spreadsheet would run.
groups <- {r_texts(twin.groups)}
groups_in_file <- {r_texts(_names_in_file(twin.groups))}
"""


def _shown(twin: RTwin) -> str:
    groups = twin.summary["group"]
    steps = twin.curve["group"].value_counts().reindex(groups, fill_value=0).to_numpy()
    summary = twin.summary.copy()
    summary.insert(1, "event_times", steps)
    return f"""# ---- On screen, to ten digits: group by its place in groups; NA is not on screen, or not compared ----

{r_table("shown_summary", summary)}

{r_table("shown_curve", twin.curve)}
"""


def _found(twin: RTwin) -> str:
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
    """Return the names of groups as in the CSV file."""
    written = csv_bytes(pd.DataFrame({"group": list(groups)})).decode("utf-8-sig")
    names = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"Two groups are both written as {twice!r} in a CSV file; rename one for the R script.")
    return names


def _picture_name(data_name: str) -> str:
    return f"{PurePath(data_name).stem}.pdf"
