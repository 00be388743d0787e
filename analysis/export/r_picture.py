"""The part of an R script that sets a picture on paper: its size and letters, its axes, and the numbers below them."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.export.r_source import r_text, r_texts
from analysis.figures.common.paper import LARGEST_LETTER, MILLIMETRES_PER_INCH, Paper
from analysis.figures.common.theme import Look, dash_patterns, palette

ROWS_BELOW = {"with events": 1, "at risk": 1, "all": 3, "none": 0}  # curves
SMALL_LETTER = 10  # as a figure is laid out; see `analysis.figures.common.paper`


def picture_settings(groups: Sequence[str], look: Look, below: Sequence[str], state: str) -> str:
    """Return R source: size, letters, names, colours and dashes of a picture, and what stands below it.

    Parameters
    ----------
    groups
        All groups in order.
    look
        The look, with its paper.
    below
        Paragraphs below the figure.
    state
        The state of a patient whose colour a single group has; "" for that of the group.
    """
    paper = look.paper or Paper()
    names, colours = [paper.named(group) for group in groups], palette(look)
    lines = [colours.states[state]] if state and len(groups) < 2 else colours.lines(names)
    return f"""
# The picture: inches, points of its largest letters, and how its groups are named and drawn.
width <- {paper.width_mm / MILLIMETRES_PER_INCH:.4f}
wide_to_high <- {paper.wide_to_high:.6g}
letters_pt <- {paper.letters_pt:g}
small <- {SMALL_LETTER} / {LARGEST_LETTER}
bands <- {str(paper.band).upper()}
rows_below <- {ROWS_BELOW[paper.counts]}
with_events <- {str(paper.counts == "with events").upper()}
names_of_groups <- {r_texts(names)}
colours <- {r_texts(lines)}
inks <- {r_texts(colours.inks(names))}
dashes <- {r_texts([_line_type(dash) for dash in dash_patterns(names, look)])}
text_colour <- {r_text(colours.text)}
muted_colour <- {r_text(colours.muted)}
grid_colour <- {r_text(colours.grid)}
below <- {r_texts(below)}
"""


def _line_type(dash: Sequence[int]) -> str:
    """Return a dash as R has it: lengths of strokes and gaps as hexadecimal digits."""
    return "solid" if 0 in dash else "".join(f"{length:X}" for length in dash)


OPEN_PICTURE = """# ---- Drawn ----

line <- 1.2 * letters_pt / 72

shortened <- function(texts, room) {
  for (place in seq_along(texts)) {
    text <- texts[place]
    while (nchar(text) > 1 && strwidth(texts[place], "inches", small) > room) {
      text <- substr(text, 1, nchar(text) - 1)
      texts[place] <- paste0(text, "...")
    }
  }
  texts
}

# Places that are at least this far apart, from the first on.
with_room <- function(places, apart) {
  named <- 1
  for (place in seq_along(places)) if (places[place] - places[named[length(named)]] >= apart) named <- c(named, place)
  named
}

# Opens the picture with its axes. `rows` holds the numbers below the x axis: heading to a matrix of texts, groups by
# places. As many of the places `at` are named as there is room for.
open_picture <- function(rows, at, x_range, y_range, y_ticks = pretty(y_range)) {
  several <- length(groups) > 1 && length(rows) > 0
  told <- unlist(lapply(below, strwrap, width = max(20, floor(width * 72 / (letters_pt * small * 0.5)))))
  title <- strwrap(axis_titles[2], max(12, floor(width * 72 / (letters_pt * 0.55))))
  around <- line * (3.4 + length(rows) * (1 + several * length(groups))) + line * (length(title) + 0.6)
  foot <- if (length(told)) small * line * (length(told) + 0.6) else 0
  high <- max(width / wide_to_high, 0.4 * width + around) + foot
  # cairo draws letters of every script; in the name of a picture % would stand for the number of a page.
  device <- if (capabilities("cairo")) cairo_pdf else pdf
  device(gsub("%", "%%", picture_file, fixed = TRUE), width = width, height = high, pointsize = letters_pt)
  plot.new()
  labels <- c(shortened(names(rows), 0.3 * width), if (several) shortened(names_of_groups, 0.3 * width))
  y_ticks <- y_ticks[y_ticks >= y_range[1] & y_ticks <= y_range[2]]
  half <- max(0, strwidth(as.character(unlist(rows)), "inches", small)) / 2
  names_below <- labels[-seq_along(rows)]
  beside <- rep(c(0, 2 * line), c(length(rows), length(labels) - length(rows)))
  left <- max(strwidth(labels, "inches", small) + beside + half, strwidth(y_ticks, "inches") + 0.2 * line) + 0.8 * line
  top <- line * (length(title) + 0.6)
  bottom <- foot + around - top
  par(mai = c(bottom, left, top, 1.2 * line), new = TRUE,
      xaxs = "i", yaxs = "i", las = 1, tcl = -0.25, mgp = c(1.7, 0.4, 0), bty = "n",
      fg = muted_colour, col.axis = muted_colour, col.lab = text_colour, lend = "butt")
  plot.new()
  plot.window(x_range, y_range)
  abline(h = y_ticks, col = grid_colour, lwd = 0.75)
  axis(2, y_ticks, tick = FALSE)
  edge <- grconvertX(0.3 * line / width, "ndc", "user")
  for (place in seq_along(title)) {
    mtext(title[place], 3, length(title) - place + 0.3, at = edge, adj = 0, col = text_colour)
  }
  widest <- max(2 * half, strwidth(at, "inches")) + 0.4 * line
  named <- with_room(grconvertX(at, "user", "inches"), widest)
  axis(1, x_range, labels = FALSE, lwd.ticks = 0)
  axis(1, at[named], lwd = 0, lwd.ticks = 1, gap.axis = -1)
  mtext(axis_titles[1], 1, 1.4, adj = 1, col = text_colour)
  height_of <- function(inches) grconvertY(inches / high, "ndc", "user")
  depth <- 2.6
  key_x <- grconvertX(c(0.3, 1.9) * line / width, "ndc", "user")
  beside_key <- grconvertX(2.3 * line / width, "ndc", "user")
  key_y <- NULL
  for (heading in names(rows)) {
    numbers <- rows[[heading]]
    mtext(shortened(heading, left), 1, depth, at = edge, adj = 0, cex = small, col = text_colour)
    for (place in seq_along(groups)) {
      if (several) depth <- depth + 1
      if (several) mtext(names_below[place], 1, depth, at = beside_key, adj = 0, cex = small, col = inks[place])
      if (heading == names(rows)[1]) key_y[place] <- height_of(bottom - (depth + 0.58) * line)
      mtext(numbers[place, named], 1, depth, at = at[named], cex = small, col = text_colour)
    }
    depth <- depth + 1
  }
  for (place in seq_along(told)) {
    text(edge, height_of(small * line * (length(told) - place + 0.5)),
         told[place], adj = c(0, 0), cex = small, col = muted_colour, xpd = NA)
  }
  key <<- function(where, ...) draw_key(where, key_x, key_y, ...)
}

by_group <- function(values) matrix(as.character(values), nrow = length(groups), byrow = TRUE)

# Tells which group is which: beside its numbers below the plot, or in a corner of the plot where there are none.
draw_key <- function(where, x, y, lty = NULL, pch = NULL, lwd = 1.7) {
  if (length(groups) < 2) return(invisible())
  if (is.null(y)) {
    marks <- list(lty = lty, pch = pch, lwd = if (!is.null(lty)) lwd, col = colours)
    told <- c(marks[lengths(marks) > 0], list(bty = "n", cex = small, text.col = inks))
    return(do.call(legend, c(list(where, names_of_groups), told)))
  }
  if (!is.null(lty)) segments(x[1], y, x[2], y, col = colours, lty = lty, lwd = lwd, xpd = NA)
  if (!is.null(pch)) points(rep(mean(x), length(y)), y, col = colours, pch = pch, xpd = NA)
}
"""
