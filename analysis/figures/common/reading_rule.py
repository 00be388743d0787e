"""The rule across a figure over months: it follows the pointer, or stands at the month that is read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.common.axes import Frame, share_down
from analysis.figures.common.picking import POINTED
from analysis.figures.common.rows import NAME_GAP, spread_out
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer
from analysis.figures.common.varying import varying

AT = "read_at"  # the column of the targets with the month that is read there
LEFT_OF = 0.55  # of the axis: further right, the words stand left of the rule
NOWHERE = -1  # the month of the rule if none is read
ROOM = 420  # pixels of the plot below which only the values stand beside the rule


@dataclass(frozen=True, eq=False)
class Readings:
    """What is read at each month.

    Attributes
    ----------
    table : DataFrame
        group, months, value, words (value, interval, patients), short (value) and head (the month and, in the row of
        the first group, the difference of two groups); sorted by months.
    at : float or None
        The month at which the rule stands.
    """

    table: pd.DataFrame
    at: float | None

    def nearest(self, months: pd.Series) -> list[float]:
        """Return the month that is read at each of these months: the nearest, the earlier of two as near.

        Examples
        --------
        >>> visits = Readings(pd.DataFrame({"months": [0, 6, 6, 12]}), at=None)
        >>> visits.nearest(pd.Series([2.9, 3, 3.1, 30]))
        [0.0, 0.0, 6.0, 12.0]
        """
        read = np.unique(self.table["months"].to_numpy(dtype=float))
        between = (read[1:] + read[:-1]) / 2
        places = np.searchsorted(between, months.to_numpy(dtype=float))
        return [float(month) for month in read[places]] if len(read) else [float(NOWHERE)] * len(months)


def one_head(rows: pd.DataFrame, heads: list[str]) -> pd.Series:
    """Return for each row the head of its month if it is the first of that month, else ""."""
    first = ~rows["months"].duplicated()
    return pd.Series(heads, index=rows.index[first], dtype=object).reindex(rows.index, fill_value="")


def rule_layers(
    readings: Readings, frame: Frame, *, longest: float, low: float, high: float, log: bool = False
) -> list[alt.Chart]:
    """Return the rule with a point and the words of each group; only those of one month are drawn.

    `low` and `high` are the ends of the y axis, which may be logarithmic; a value below has its words at the foot of
    the plot, and no point.
    """
    at = readings.at
    fixed = varying("read_at", NOWHERE if at is None or at > longest else at)
    shown = f"datum.months == (isDefined({POINTED}.{AT}) ? {POINTED}.{AT}[0] : {fixed})"
    left = f"datum.months > {LEFT_OF} * {varying('longest', longest)}"
    placed = _placed(readings.table, frame, low, high, log)
    heads = placed[placed["head"] != ""]
    wide = f"width >= {ROOM}"
    text = {"fontSize": SMALL_FONT_SIZE, "baseline": "middle", "align": alt.ExprRef(f"{left} ? 'right' : 'left'")}
    text |= {"dx": alt.ExprRef(f"{left} ? -9 : 9")}
    halo = {"stroke": frame.palette.background, "strokeWidth": 4, "strokeJoin": "round"}
    pixels = alt.Y("y:Q", scale=None)

    def words(column: str, rows: pd.DataFrame) -> list[alt.Chart]:
        brief = "datum.short" if column == "words" else "split(datum.head, ':')[0]"
        told = alt.ExprRef(f"{wide} ? datum.{column} : {brief}")
        y = pixels if column == "words" else alt.Y("head_y:Q", scale=None)
        return [
            layer(rows, "text", {**text, **halo, "text": told}, x=frame.x, y=y),
            layer(rows, "text", {**text, "text": told}, x=frame.x, y=y, color=alt.Color("ink:N", scale=None)),
        ]

    layers = [
        layer(
            heads[["months"]],
            "rule",
            {"strokeWidth": 1.25, "color": frame.palette.text},
            x=frame.x,
            y=alt.YValue(0),  # type: ignore[no-untyped-call]  # Altair has no types of these two
            y2=alt.Y2Value(frame.height),  # type: ignore[no-untyped-call]
        ),
        layer(
            placed.loc[placed["value"] >= low, ["group", "months", "value"]],
            "point",
            {"filled": True, "size": 70, "stroke": frame.palette.background, "strokeWidth": 1},
            x=frame.x,
            y=frame.y("value"),
            color=alt.Color("group:N", scale=frame.colours, legend=None),
        ),
        *words("words", placed[["months", "words", "short", "y", "ink"]]),
        *words("head", heads[["months", "head", "head_y", "ink"]].assign(ink=frame.palette.text)),
    ]
    # The other months are no invisible marks: a browser would go through them at every click.
    return [each.transform_filter(shown) for each in layers]


def _placed(table: pd.DataFrame, frame: Frame, low: float, high: float, log: bool) -> pd.DataFrame:
    """Return the readings with places in pixels: words beside the values, apart from one another and from the head."""
    places, head_places = [], []
    half, height = NAME_GAP / 2, frame.height
    for _, held in groupby(zip(table["months"], table["value"], strict=True), key=lambda row: row[0]):
        at = [height * min(1.0, share_down(value, low, high, log=log)) for _, value in held]
        # The head stands at the foot of the plot, or at its top if a value is low.
        at_top = max(at) > height - 2 * NAME_GAP
        places += spread_out(at, NAME_GAP, 3 * half if at_top else half, height - (half if at_top else 3 * half))
        head_places += [half if at_top else height - half] * len(at)
    return table.assign(y=places, head_y=head_places, ink=table["group"].map({**frame.inks}).fillna(frame.palette.text))
