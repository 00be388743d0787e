"""How R computes and draws a measure over time from the values at each scheduled visit."""

from __future__ import annotations

from analysis.estimates.common.means import GEOMETRIC, LEVEL, MEDIAN
from analysis.estimates.scores.trajectory import in_centre
from analysis.figures.common.axes import longest_time, months_title
from analysis.figures.common.bands import Band
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.theme import group_order
from analysis.figures.scores.trajectory_axis import y_ends

NO_LINES = "no line or end of a patient, but a point for each value, as nothing here says whose it is"
LIMITS = {
    "iqr": "quantile(values, c(0.25, 0.75), type = 7, names = FALSE)",
    "sd": "if (size < 2) c(NA, NA) else middle + c(-1, 1) * sd(values)",
    "ci": "if (size < 2) c(NA, NA) else middle + c(-1, 1) * qt((1 + level) / 2, size - 1) * sd(values) / sqrt(size)",
    MEDIAN: "if (rank < 1) c(NA, NA) else sort(values)[c(rank, size + 1 - rank)]",
}


def trajectory_in_r(
    estimate: Estimate,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    normal: Band | None = None,
    log: bool = False,
    **_: object,
) -> RTwin | None:
    """Return how R computes and draws a measure over time; None without counts.

    The data hold how many patients have each value at each scheduled visit; nothing says which values are of one
    patient, so that the picture has a faint point for each value in the place of a line for each patient.

    Parameters
    ----------
    estimate
        The measure over time.
    label, unit, normal, log
        As for `analysis.figures.scores.trajectory.trajectory_chart`.
    """
    result = estimate.result
    if result.counts is None or not len(result.summary):
        return None
    values = in_centre(result.counts.values, result.centre).to_table().dropna(subset="group").reset_index(drop=True)
    summary = result.summary
    low, high = y_ends(summary, values["value"].min(), values["value"].max())
    months = sorted(summary["months"].unique())
    return RTwin(
        data=values,
        rows="how many patients of a group have a value at a scheduled month",
        groups=group_order(summary["group"]),
        axis_titles=(months_title(), f"{label} ({unit})" if unit else label),
        level=LEVEL,
        shown={"summary": summary},
        settings={
            "visits": [float(month) for month in months],
            "x_end": longest_time(summary["months"]),
            "y_ends": [low, high],
            **({"normal": [float(normal[1]), float(normal[2])], "normal_name": normal[0]} if normal else {}),
        },
        found=_found(result.centre, result.spread),
        drawn=_OPENED + (_NORMAL if normal else "") + _DRAWN,
        not_drawn=f"{'the axis is even, not logarithmic; ' if log else ''}{NO_LINES}",
    )


def _found(centre: str, spread: str) -> str:
    """Return R code that computes the centre with its limits at each visit of each group."""
    logarithms = centre == GEOMETRIC
    limits = LIMITS[MEDIAN if (centre, spread) == (MEDIAN, "ci") else spread]
    return f"""
# ---- Computed with base R: {centre} with its limits at each visit ----

summary_at <- function(values) {{
  size <- length(values)
  if (!size) return(c(0, NA, NA, NA))
  {"values <- log(values)" if logarithms else "values <- values"}
  middle <- {"median" if centre == MEDIAN else "mean"}(values)
  rank <- qbinom((1 - level) / 2, size, 0.5)
  limits <- {limits}
  c(size, {"exp(c(middle, limits))" if logarithms else "middle, limits"})
}}

places <- expand.grid(months = visits, group = groups_in_file, stringsAsFactors = FALSE)
found <- mapply(function(group, month) {{
  held <- data[data$group == group & abs(data$months - month) < 1e-9, ]
  summary_at(rep(held$value, held$patients))
}}, places$group, places$months)
found_summary <- data.frame(
  months = places$months, patients = found[1, ], centre = found[2, ], lower = found[3, ], upper = found[4, ]
)
"""


_OPENED = """
open_picture(list(Patients = by_group(found_summary$patients)), visits, c(0, x_end), y_ends)
"""
_NORMAL = """
shaded <- pmin(pmax(normal, y_ends[1]), y_ends[2])
rect(0, shaded[1], x_end, shaded[2], col = "grey92", border = NA)
if (shaded[1] < shaded[2]) text(x_end, shaded[1], normal_name, adj = c(1, -0.4), cex = small, col = "grey40")
"""
_DRAWN = """
shapes <- rep_len(c(16, 15, 17, 18), length(groups))
within <- function(values) pmin(pmax(values, y_ends[1]), y_ends[2])
for (place in seq_along(groups)) {
  own <- data[data$group == groups_in_file[place], ]
  points(own$months, own$value, pch = 16, cex = 0.35 * small * sqrt(own$patients),
         col = adjustcolor(colours[place], 0.3), xpd = TRUE)
}
for (place in seq_along(groups)) {
  at <- found_summary[places$group == groups_in_file[place], ]
  known <- at[!is.na(at$lower) & !is.na(at$upper), ]
  if (bands && nrow(known)) {
    polygon(c(known$months, rev(known$months)), within(c(known$lower, rev(known$upper))),
            col = adjustcolor(colours[place], if (length(groups) < 4) 0.25 else 0.14), border = NA)
  }
}
for (place in seq_along(groups)) {
  at <- found_summary[places$group == groups_in_file[place], ]
  lines(at$months, at$centre, col = colours[place], lty = dashes[place], lwd = 1.9, xpd = TRUE)
  points(at$months, at$centre, col = colours[place], pch = shapes[place], xpd = TRUE)
}
key("topright", lty = dashes, pch = shapes)
"""
