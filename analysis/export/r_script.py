"""The script with which R computes the numbers of a figure again from a small data file."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd

from analysis.export.r_picture import OPEN_PICTURE, picture_settings
from analysis.export.r_source import one_line, r_table, r_text, r_texts, r_value
from analysis.export.table_files import csv_bytes
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.theme import Look

COMMENT_WIDTH = 110


def r_script(
    twin: RTwin, *, data_name: str, title: str, provenance: Sequence[str], look: Look, below: Sequence[str] = ()
) -> str:
    """Return an R script that computes a figure from its data, checks the numbers against the screen, and draws it.

    It stops at a number that differs by more than 1e-6, and draws the figure in the size of its paper into a PDF named
    after the data file.

    Parameters
    ----------
    twin
        How R computes and draws the figure.
    data_name
        The name of the file with ``csv_bytes(twin.data)``, in the same folder.
    title
        The title of the figure.
    provenance
        The origin of the numbers, one comment each.
    look
        How the figure is drawn, with its paper.
    below
        Paragraphs below the figure.

    Raises
    ------
    ValueError
        If the names of two groups are the same in a CSV file.
    """
    parts = [
        _opening([title, *provenance], data_name, twin),
        _settings(twin, data_name),
        picture_settings(twin.groups, look, below, twin.state),
        "# ---- On screen, to ten digits: group by its place in groups; NA is not on screen, or not compared ----\n",
        *(f"{r_table(f'shown_{name}', table)}\n" for name, table in twin.shown.items()),
        f"# ---- The data: {one_line(twin.rows)} ----\n{_READ}",
        twin.found,
        _COMPARE,
        *(f"stop_at_differences(shown_{name}, found_{name})" for name in twin.shown),
        "",
        OPEN_PICTURE,
        twin.drawn,
        "invisible(dev.off())\n",
        _agree(twin),
    ]
    return "\n".join(parts)


def _opening(lines: Sequence[str], data_name: str, twin: RTwin) -> str:
    """Return the first comments of the script."""
    how = (
        f"Run this script with Rscript in the folder that holds it and {data_name}. It computes the numbers anew with "
        f"{f'package {twin.package}' if twin.package else 'base R'}, stops with a sentence if one differs from that on "
        f"screen by more than 1e-6, draws {_picture_name(data_name)} in the size of the journal, and says that all "
        "numbers agree."
    )
    paragraphs = [*lines, "", how]
    if twin.not_compared:
        paragraphs.append(f"Not everything is compared: {twin.not_compared}.")
    if twin.not_drawn:
        paragraphs.append(f"Not everything is drawn: {twin.not_drawn}.")
    wrapped = [part for line in paragraphs for part in textwrap.wrap(one_line(line), COMMENT_WIDTH) or [""]]
    return "\n".join(f"# {part}".rstrip() for part in wrapped)


def _settings(twin: RTwin, data_name: str) -> str:
    package = f"library({twin.package})\n" if twin.package else ""
    own = "\n".join(f"{name} <- {r_value(value)}" for name, value in twin.settings.items())
    return f"""
{package}
data_file <- {r_text(data_name)}
picture_file <- {r_text(_picture_name(data_name))}
axis_titles <- {r_texts(twin.axis_titles)}
level <- {twin.level!r}
tolerance <- 1e-6
{own}

# The groups as on screen, and as in the data file: there a ' stands before what a spreadsheet would run.
groups <- {r_texts(twin.groups)}
groups_in_file <- {r_texts(_names_in_file(twin.groups))}
"""


def _agree(twin: RTwin) -> str:
    numbers = ", ".join(f"!is.na(shown_{name}[-1])" for name in twin.shown)
    package = f', package {twin.package} ", as.character(packageVersion("{twin.package}")), ")"'
    version = package if twin.package else ')"'
    not_compared = f"; {twin.not_compared}" if twin.not_compared else ""
    return f"""numbers <- sum({numbers})
cat(sprintf("All %d numbers agree within %g (R ", numbers, tolerance), as.character(getRversion()), "{version},
    {r_text(not_compared)}, ".\\n", sep = "")
"""


_READ = """
if (!file.exists(data_file)) {
  stop(data_file, " is not in ", getwd(), "; run the script in the folder that holds it.", call. = FALSE)
}
# encoding, and not fileEncoding, keeps every letter also where R runs in a locale without it. The mark of UTF-8 stands
# before the name of the first column.
data <- read.csv(data_file, encoding = "UTF-8", colClasses = "character", na.strings = character(0))
names(data)[1] <- "group"
data[-1] <- lapply(data[-1], as.numeric)"""

_COMPARE = """# ---- Compared ----

words <- function(number) {
  ifelse(is.na(number), "missing",
         ifelse(is.infinite(number), "not reached", sprintf("%.10g", as.numeric(number))))
}

stop_at_differences <- function(shown, found) {
  time <- intersect(c("months", "year"), names(shown))
  where <- sprintf("group %s", encodeString(groups, quote = "\\"")[shown$group])
  if (length(time)) where <- sprintf("%s, %s %s", where, sub("s$", "", time), words(shown[[time]]))
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
