"""How R computes and draws yearly bars from their counts."""

from __future__ import annotations

from analysis.centres.comparable import Papers
from analysis.estimates.yearly.estimators import PER_PATIENT_YEARS
from analysis.figures.common.axes import YEARS_TITLE
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.theme import group_order
from analysis.figures.yearly.bar_words import is_estimated, is_rate
from analysis.figures.yearly.yearly_bars import STATES, Kind, bar_axis, drawn_bars, value_title

SHARES = {
    "wilson": "prop.test(number, of, conf.level = level, correct = FALSE)",
    "clopper-pearson": "binom.test(number, of, conf.level = level)",
}
RATE = "poisson.test(number, of, conf.level = level)"


def yearly_in_r(
    estimate: Estimate,
    *,
    kind: Kind,
    remission: str = "complete remission",
    possible: Estimate | None = None,
    published: Papers | None = None,
    **_: object,
) -> RTwin | None:
    """Return how R computes and draws yearly bars; None without bars, or for a probability.

    A probability is no fraction of the counts.

    Shares have the limits of ``prop.test`` (Wilson) or ``binom.test`` (Clopper-Pearson), rates those of
    ``poisson.test`` (Garwood).

    Parameters
    ----------
    estimate
        The shares or rates.
    kind, remission, possible, published
        As for `analysis.figures.yearly.yearly.yearly_chart`.
    """
    result = estimate.result
    if is_estimated(result) or not len(result.bars):
        return None
    bars, rate = result.bars, is_rate(result)
    drawn = drawn_bars(result, possible.result if possible else None)
    data = bars[["group", "year", "events", "patients", *(["person_years"] if rate else [])]]
    shown = bars[["group", "year", "share", "lower", "upper"]]
    if possible:
        range_of_shares = possible.result.table
        data = data.assign(unseen=range_of_shares["patients"] - range_of_shares["assessed"])
        shown = shown.assign(lowest=range_of_shares["lowest"], highest=range_of_shares["highest"])
    settings = result.settings
    return RTwin(
        data=data.assign(pale=bars["immature"].astype(int)),
        rows="a row a bar; pale is 1 where fewer than half could have been followed so long",
        groups=group_order(bars["group"]),
        axis_titles=(YEARS_TITLE, value_title(result, remission)),
        level=settings.level,
        shown={"bars": shown},
        settings={
            "unit": PER_PATIENT_YEARS if rate else 1,
            "axis_end": bar_axis(result, drawn),
            "printed": drawn["printed"].tolist(),
        },
        found=_found(rate, RATE if rate else SHARES[settings.interval], possible is not None),
        drawn=_DRAWN.format(rows=_RATE_ROWS if rate else _SHARE_ROWS, scale="" if rate else "100 * "),
        state=STATES[kind],
        not_drawn="" if published is None else "the published shares, which are no numbers of this cohort",
    )


def _found(rate: bool, test: str, possible: bool) -> str:
    """Return R code that computes shares or rates with their limits."""
    beside = ""
    if possible:
        beside = """
some <- ifelse(data$patients + data$unseen > 0, data$patients + data$unseen, NA)
found_bars$lowest <- data$events / some
found_bars$highest <- (data$events + data$unseen) / some
"""
    return f"""
# ---- Computed with base R: the value of each bar with its limits ----

value_of <- function(number, of) {{
  if (of == 0) return(c(NA, NA, NA))
  limits <- suppressWarnings({test})$conf.int
  c(number / of, limits) * unit
}}

of <- data${"person_years" if rate else "patients"}
values <- vapply(seq_len(nrow(data)), function(row) value_of(data$events[row], of[row]), c(0, 0, 0))
found_bars <- data.frame(year = data$year, share = values[1, ], lower = values[2, ], upper = values[3, ])
{beside}"""


_SHARE_ROWS = 'list("n / N" = paste(data$events, data$patients, sep = "/"))'
_RATE_ROWS = (
    'list(Relapses = data$events, "Patient-years" = sprintf("%.1f", data$person_years), Patients = data$patients)'
)

_DRAWN = """
years <- unique(data$year)
open_picture(lapply({rows}, by_group), years, range(years) + c(-0.65, 0.65), c(0, axis_end))
several <- length(groups) > 1
wide <- 0.7 / length(groups)
middle <- data$year + wide * (match(data$group, groups_in_file) - (length(groups) + 1) / 2)
bars <- lapply(found_bars[-1], function(values) pmin({scale}values, axis_end))
colour <- colours[match(data$group, groups_in_file)]
known <- !is.na(bars$share)
half <- wide * if (several) 0.42 else 0.5
fill <- mapply(adjustcolor, colour, ifelse(data$pale == 1, if (several) 0.15 else 0.3, if (several) 0.55 else 1))
rect((middle - half)[known], 0, (middle + half)[known], bars$share[known], col = fill[known], border = colour[known],
     lty = ifelse(data$pale == 1, "43", "solid")[known], lwd = 1.1)
limits <- known & !is.na(bars$lower)
edged <- limits & !several & data$pale == 0
segments(middle[edged], bars$lower[edged], middle[edged], bars$upper[edged], col = "white", lwd = 3.4)
segments(middle[limits], bars$lower[limits], middle[limits], bars$upper[limits], col = text_colour, lwd = 1.3)
top <- pmax(bars$share, bars$upper, na.rm = TRUE)
if (!is.null(bars$lowest)) {{
  ranged <- known & !is.na(bars$lowest)
  segments(middle[ranged], bars$lowest[ranged], middle[ranged], bars$highest[ranged], col = text_colour, lwd = 0.75)
  for (end in list(bars$lowest, bars$highest)) {{
    segments((middle - half / 4)[ranged], end[ranged], (middle + half / 4)[ranged], end[ranged], col = text_colour)
  }}
  top <- pmax(top, bars$highest, na.rm = TRUE)
}}
beyond <- known & {scale}found_bars$upper > axis_end + 1e-9
if (any(beyond, na.rm = TRUE)) points(middle[which(beyond)], bars$upper[which(beyond)], pch = 17, col = text_colour)
fits <- max(strwidth(printed, cex = small)) <= wide
if (fits) text(middle[known], top[known], printed[known], pos = 3, offset = 0.25, cex = small, font = 2, xpd = NA)
shapes <- rep_len(c(16, 15, 17, 18), length(groups))
if (several) {{
  shape <- shapes[match(data$group, groups_in_file)]
  points(middle[known], bars$share[known], pch = shape[known], cex = 1.3, col = "white", xpd = TRUE)
  points(middle[known], bars$share[known], pch = shape[known], col = colour[known], xpd = TRUE)
}}
key("topright", pch = shapes)
"""
