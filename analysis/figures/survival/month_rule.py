"""The rule across curves at one month: it follows the pointer, or stands at the month that is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import altair as alt
import pandas as pd

from analysis.estimates.common.differences import estimate_difference
from analysis.figures.common.axes import Frame
from analysis.figures.common.differences import SHARE_PATIENTS, points_interval
from analysis.figures.common.number_words import percent
from analysis.figures.common.picking import NEAREST
from analysis.figures.common.rows import NAME_GAP, spread_out
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer
from analysis.figures.common.varying import varying
from analysis.figures.survival.told_curves import Curves, cell_words

MOST_ROWS = 600  # of readings; over more months, only every second, third, ... is read under the pointer
LEFT_OF = 0.55  # of the axis: further right, the words stand left of the rule
NOWHERE = -1  # the month of the rule if none is read
ROOM = 420  # pixels of the plot below which only the values stand beside the rule
Rows = Mapping[str, Mapping[str, Any]]  # the curves at one month, by group


def readings(curves: Curves, longest: float, read_at: float | None) -> tuple[pd.DataFrame, int]:
    """Return what is read at each month, and how many months are between these.

    Parameters
    ----------
    curves
        The curves.
    longest
        The end of the time axis, in months.
    read_at
        A month that must be among them.

    Returns
    -------
    tuple
        A table of group, months, percent, words (value, interval, at risk), short (value) and head (the month and, in
        the row of the first group, the difference of two groups); and the months between rows of a group.
    """
    step = max(1, -(-int(longest) * len(curves.patients) // MOST_ROWS))
    months = sorted({*range(0, int(longest) + 1, step), *([read_at] if read_at is not None else [])})
    at = curves.at([float(month) for month in months])
    known = at[at["share"].notna()].sort_values("months", kind="stable").to_dict("records")
    rows = [
        (
            row["group"],
            row["months"],
            100 * row["share"],
            _named(row["group"], cell_words(row, curves.patients[row["group"]])),
            f"{percent(row['share'], curves.patients[row['group']])} %",
        )
        for row in known
    ]
    heads = [
        _head(curves, month, {row["group"]: row for row in of_month})
        for month, of_month in groupby(known, key=lambda row: row["months"])
    ]
    table = pd.DataFrame(rows, columns=["group", "months", "percent", "words", "short"])
    first = ~table["months"].duplicated()
    return table.assign(
        head=pd.Series(heads, index=table.index[first], dtype=object).reindex(table.index, fill_value="")
    ), step


def month_words(curves: Curves, month: float | None) -> str:
    """Return the reading at a month as a sentence: all groups, with the difference of two; "" without a month."""
    if month is None:
        return ""
    rows = {row["group"]: row for row in curves.at([float(month)]).to_dict("records") if not math.isnan(row["share"])}
    if not rows:
        return f"At month {month:g} no curve is left."
    values = ", ".join(_named(group, cell_words(row, curves.patients[group])) for group, row in rows.items())
    between = _difference(curves, rows)
    return f"At month {month:g}: {values}{f'; difference {between}' if between else ''}."


def rule_layers(
    table: pd.DataFrame, step: int, frame: Frame, *, longest: float, read_at: float | None, lowest: float = 0
) -> list[alt.Chart]:
    """Return the rule with a point and the words of each curve; only those of one month are visible.

    Where the axis starts at `lowest` percent, a curve below has its words at the foot of the plot, and no point.
    """
    fixed = varying("read_at", NOWHERE if read_at is None or read_at > longest else read_at)
    every = varying("read_every", step)
    month = f"isDefined({NEAREST}.months) ? {every} * round({NEAREST}.months[0] / {every}) : {fixed}"
    shown = f"datum.months == ({month})"
    left = f"datum.months > {LEFT_OF} * {varying('longest', longest)}"
    seen = {"opacity": alt.ExprRef(f"{shown} ? 1 : 0")}
    placed = _placed(table, frame, lowest)
    heads = placed[placed["head"] != ""]
    wide = f"width >= {ROOM}"
    text = {"fontSize": SMALL_FONT_SIZE, "baseline": "middle", "align": alt.ExprRef(f"{left} ? 'right' : 'left'")}
    text |= {"dx": alt.ExprRef(f"{left} ? -9 : 9")}
    halo = {"stroke": frame.palette.background, "strokeWidth": 4, "strokeJoin": "round"}
    pixels = alt.Y("y:Q", scale=None)

    def words(column: str, rows: pd.DataFrame) -> list[alt.Chart]:
        brief = "datum.short" if column == "words" else "split(datum.head, ':')[0]"
        told = alt.ExprRef(f"{shown} ? {wide} ? datum.{column} : {brief} : ''")
        y = pixels if column == "words" else alt.Y("head_y:Q", scale=None)
        return [
            layer(rows, "text", {**text, **halo, "text": told}, x=frame.x, y=y),
            layer(rows, "text", {**text, "text": told}, x=frame.x, y=y, color=alt.Color("ink:N", scale=None)),
        ]

    return [
        layer(
            heads[["months"]],
            "rule",
            {**seen, "strokeWidth": 1.25, "color": frame.palette.text},
            x=frame.x,
            y=alt.value(0),
            y2=alt.value(frame.height),
        ),
        layer(
            placed.loc[placed["percent"] >= lowest, ["group", "months", "percent"]],
            "point",
            {**seen, "filled": True, "size": 70, "stroke": frame.palette.background, "strokeWidth": 1},
            x=frame.x,
            y=frame.y("percent"),
            color=alt.Color("group:N", scale=frame.colours, legend=None),
        ),
        *words("words", placed[["months", "words", "short", "y", "ink"]]),
        *words("head", heads[["months", "head", "head_y", "ink"]].assign(ink=frame.palette.text)),
    ]


def _placed(table: pd.DataFrame, frame: Frame, lowest: float) -> pd.DataFrame:
    """Return the readings with places in pixels: words beside the curves, apart from one another and from the head."""
    places, head_places = [], []
    half, height = NAME_GAP / 2, frame.height
    for _, held in groupby(zip(table["months"], table["percent"], strict=True), key=lambda row: row[0]):
        at = [height * min(1.0, (100 - share) / (100 - lowest)) for _, share in held]
        # The head stands at the foot of the plot, or at its top if a curve is low.
        low = max(at) > height - 2 * NAME_GAP
        places += spread_out(at, NAME_GAP, 3 * half if low else half, height - (half if low else 3 * half))
        head_places += [half if low else height - half] * len(at)
    return table.assign(y=places, head_y=head_places, ink=table["group"].map({**frame.inks}).fillna(frame.palette.text))


def _head(curves: Curves, month: float, rows: Rows) -> str:
    between = _difference(curves, rows)
    return f"Month {month:g}{f': difference {between}' if between else ''}"


def _difference(curves: Curves, rows: Rows) -> str:
    """Return how far the second of two groups is from the first; "" for one group or several."""
    if len(curves.patients) != 2 or len(rows) != 2:
        return ""
    pair = {group: (rows[group]["share"], rows[group]["lower"], rows[group]["upper"]) for group in curves.patients}
    value, lower, upper, _ = estimate_difference(pair, curves.what, SHARE_PATIENTS if curves.overlap else "")
    words = points_interval(value, lower, upper).split(" (", 1)
    return "" if math.isnan(value) else " (".join([f"{words[0]} points", *words[1:]])


def _named(group: str, words: str) -> str:
    return words if group == "All" else f"{group} {words}"
