"""The forest: a row for each share with its limits under headings, and below them what they are together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.estimates.common.tidy_tables import whole_numbers
from analysis.estimates.pooling.binomial_normal import FEWEST, PooledShares
from analysis.figures.common.axes import SHARES, ends_of
from analysis.figures.common.number_words import percent, percent_interval
from analysis.figures.common.theme import FIGURE_WIDTH, SMALL_FONT_SIZE, Figure, Look, Palette, dress, layer, palette

HEADING, OF_OWN, PUBLISHED, POOLED = "heading", "own", "published", "pooled"
TOGETHER = "Together"
WHOLE = 1  # patients: of so few, percentages have no decimals
ROW = 25.0  # pixels
WORDS_FIT = f"{FIGURE_WIDTH} >= 520"  # a narrower figure has its words in tooltips and in the table
FULL_NAMES_FIT = f"{FIGURE_WIDTH} >= 700"
NAME_LIMIT = 240
TOOLTIP = {
    "name": "Of",
    "words": "Share (interval)",
    "counted": "Counted",
    "defined": "Defined as",
    "differs": "Differs from here",
    "used": "Pooled",
}
DASHED = "dashed: what a next centre would see"
_NUMBERS = ("share", "lower", "upper", "low", "high")
_WORDS = ("words", "counted", "defined", "differs", "used")
_COLUMNS = ("what", "at", "name", "full", "events", "patients", *_NUMBERS, "in_pool", "other", *_WORDS)
_Y = alt.Y("y:Q", scale=None)


def rows_table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows of a forest from top to bottom.

    Parameters
    ----------
    rows
        Of each what (heading, own, published or pooled), at (year or month), name, and what else there is of full (the
        name where there is room), events, patients, share, lower, upper, low, high (prediction limits), in_pool, other
        (another treatment), words, counted, defined, differs, used (in words).

    Returns
    -------
    DataFrame
        The same with place; shares in percent.
    """
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    numbers = {name: 100 * table[name].astype(float) for name in _NUMBERS}
    flags = {name: table[name].eq(True) for name in ("in_pool", "other")}
    words = {name: table[name].fillna("") for name in _WORDS}
    full = table["full"].fillna(table["name"])
    return table.assign(**numbers, **flags, **words, full=full, place=range(len(table)))


def heading_row(at: float, name: str) -> dict[str, object]:
    """Return a row that is the heading of those below it."""
    return {"what": HEADING, "at": at, "name": name}


def together_row(at: float, together: PooledShares | None, pooled: Sequence[str]) -> dict[str, object]:
    """Return the row of all taken together; None with fewer than three that could be."""
    row: dict[str, object] = {"what": POOLED, "at": at, "name": TOGETHER, "in_pool": True}
    if together is None:
        return row | {"words": f"not pooled: {len(pooled)} of the {FEWEST} that it takes"}
    found = together.summary.iloc[0]
    share, lower, upper = (float(found[name]) for name in ("share", "lower", "upper"))
    row |= {"counted": f"{len(pooled)} pooled: {', '.join(pooled)}", "used": together.heterogeneity}
    if math.isnan(share):
        return row | {"words": "not pooled"}
    words = f"{len(pooled)} pooled   {pooled_words(share, lower, upper)}"
    row |= {"share": share, "lower": lower, "upper": upper}
    row |= {name: int(found[name]) for name in ("events", "patients")}
    limits = prediction(together)
    if limits:
        row |= dict(zip(("low", "high"), limits, strict=True))
        words += f", next {'–'.join(percent(limit, WHOLE) for limit in limits)}"
    return row | {"words": words}


def pooled_words(share: float, lower: float, upper: float) -> str:
    """Return a pooled share with its limits: without decimals, as so few studies tell no more."""
    return percent_interval(share, lower, upper, WHOLE)


def prediction(together: PooledShares | None) -> tuple[float, float] | None:
    """Return the limits of the true share of a next centre; None if there are none."""
    if together is None:
        return None
    row = together.summary.iloc[0]
    low, high = float(row["prediction_lower"]), float(row["prediction_upper"])
    return None if math.isnan(low) else (low, high)


def forest_chart(
    rows: pd.DataFrame, *, inks: Mapping[str, str], title: str, look: Look, height: float | None, note: Sequence[str]
) -> Figure:
    """Return a forest.

    Parameters
    ----------
    rows
        From `rows_table`.
    inks
        The colour of each own share, by its name.
    title
        Of the axis of shares.
    look, height, note
        How the figure is drawn, the height of the plot in pixels (by default as many as the rows take), and the meaning
        of its marks.
    """
    height = height or look.height(ROW * max(len(rows), 1))
    thick = height / max(len(rows), 1)
    # A row is the same one as before the question changed by its time and name.
    rows = rows.assign(y=(rows["place"] + 0.5) * thick, part=rows["at"].map("{:g}".format) + " " + rows["name"])
    colours = palette(look)
    layers = [
        *_intervals(rows, colours, title),
        *_points(rows, colours, inks, title),
        _names(rows, colours),
        _words(rows, colours),
        _targets(rows, thick, title),
    ]
    return dress(layers, height=height, look=look, note=note)


def _x(field: str, title: str) -> alt.X:
    axis = alt.Axis(title=title, titleAnchor="end", values=SHARES, grid=True)
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=ends_of("x", 0, 100), nice=False), axis=axis)


def _intervals(rows: pd.DataFrame, colours: Palette, title: str) -> list[alt.Chart]:
    """Return the limits of each share, thick where all are taken together, and those of a next centre, dashed."""
    ends = ["y", "name", "part", "lower", "upper"]
    each = rows[rows["what"].isin([OF_OWN, PUBLISHED]) & rows["lower"].notna()]
    together = rows[(rows["what"] == POOLED) & rows["lower"].notna()]
    ahead = together.dropna(subset=["low", "high"])[["y", "name", "part", "low", "high"]]
    ahead_ends = ahead.melt(["y", "name", "part"], value_name="end")[["y", "name", "part", "end"]]
    thin = {"strokeWidth": 1.5, "color": alt.ExprRef(f"datum.own ? '{colours.text}' : '{colours.muted}'")}
    faint = alt.ExprRef("datum.used ? 1 : 0.6")
    return [
        layer(
            each[ends].assign(own=each["what"] == OF_OWN, used=each["in_pool"] | (each["what"] == OF_OWN)),
            "rule",
            {**thin, "opacity": faint},
            x=_x("lower", title),
            x2=alt.X2("upper:Q"),
            y=_Y,
        ),
        layer(
            ahead,
            "rule",
            {"strokeWidth": 1.5, "strokeDash": [4, 3], "color": colours.text},
            x=_x("low", title),
            x2=alt.X2("high:Q"),
            y=_Y,
        ),
        layer(
            ahead_ends,
            "tick",
            {"orient": "vertical", "size": 11, "thickness": 1.5, "color": colours.text, "opacity": 1},
            x=_x("end", title),
            y=_Y,
        ),
        layer(
            together[ends], "rule", {"strokeWidth": 6, "color": colours.text}, x=_x("lower", title),
            x2=alt.X2("upper:Q"), y=_Y,
        ),
    ]  # fmt: skip


def _points(rows: pd.DataFrame, colours: Palette, inks: Mapping[str, str], title: str) -> list[alt.Chart]:
    """Return a square for one's own share, a diamond for a published one, hollow where it is not pooled.

    A triangle is another treatment.
    """
    told = rows[rows["share"].notna()]
    columns = ["y", "name", "part", "share", "in_pool"]
    own, together = (told.loc[told["what"] == what, columns] for what in (OF_OWN, POOLED))
    published = told.loc[told["what"] == PUBLISHED, [*columns, "other"]]
    edge = {"opacity": 1, "strokeWidth": 1.5}
    hollow = alt.condition("datum.in_pool", alt.value(colours.muted), alt.value(colours.background))
    shape = alt.ExprRef("datum.other ? 'triangle-up' : 'diamond'")
    x = _x("share", title)
    own = own.assign(ink=[inks[name] for name in own["name"]])
    of_own: dict[str, Any] = {"fill": alt.Fill("ink:N", scale=None), "stroke": alt.Stroke("ink:N", scale=None)}
    return [
        layer(published, "point", {**edge, "shape": shape, "size": 75, "stroke": colours.muted}, x=x, y=_Y,
              fill=hollow),
        layer(own, "point", {**edge, "shape": "square", "size": 90}, x=x, y=_Y, **of_own),
        layer(together, "point", {**edge, "shape": "diamond", "size": 160, "stroke": colours.background,
              "fill": colours.text}, x=x, y=_Y),
    ]  # fmt: skip


def _names(rows: pd.DataFrame, colours: Palette) -> alt.Chart:
    style = {
        "x": -10,
        "align": "right",
        "baseline": "middle",
        "fontSize": SMALL_FONT_SIZE,
        "limit": NAME_LIMIT,
        "color": alt.ExprRef(f"datum.strong ? '{colours.text}' : '{colours.muted}'"),
        "fontWeight": alt.ExprRef("datum.strong ? 'bold' : 'normal'"),
        "text": alt.ExprRef(f"{FULL_NAMES_FIT} ? datum.full : datum.name"),
    }
    table = rows[["y", "name", "full", "part"]].assign(strong=rows["what"] != PUBLISHED)
    return layer(table, "text", style, y=_Y)


def _words(rows: pd.DataFrame, colours: Palette) -> alt.Chart:
    """Return numbers and share of each row, right of the plot where there is room."""
    style = {
        "x": "width",
        "dx": 10,
        "align": "left",
        "baseline": "middle",
        "fontSize": alt.ExprRef(f"{WORDS_FIT} ? {SMALL_FONT_SIZE} : 0"),
        "color": alt.ExprRef(f"datum.strong ? '{colours.text}' : '{colours.muted}'"),
        "text": alt.ExprRef(f"{WORDS_FIT} ? datum.words : ''"),
    }
    table = rows[["y", "name", "part", "words"]].assign(strong=rows["what"] != PUBLISHED)
    return layer(table, "text", style, y=_Y)


def _targets(rows: pd.DataFrame, thick: float, title: str) -> alt.Chart:
    """Return each row from end to end with what it is as tooltip."""
    told = rows[rows["what"] != HEADING]
    ends = {"start": 0.0, "end": 100.0, "above": told["y"] - thick / 2, "below": told["y"] + thick / 2}
    table = told[["part", *TOOLTIP]].assign(**ends)
    return layer(
        table,
        "rect",
        {"opacity": 0},
        x=_x("start", title),
        x2=alt.X2("end:Q"),
        y=alt.Y("above:Q", scale=None),
        y2=alt.Y2("below:Q"),
        tooltip=[alt.Tooltip(f"{name}:N", title=heading) for name, heading in TOOLTIP.items()],
    )


def forest_words(start: str, rows: pd.DataFrame, unit: str) -> str:
    """Return the alternative text of a forest; `unit` is that of its times, such as "Year"."""
    told = [
        f"{unit} {at:g}, {name}: {' '.join(words.split())}."
        for at, name, words in zip(rows["at"], rows["name"], rows["words"], strict=True)
        if words
    ]
    return " ".join([start, *told])


def forest_numbers(rows: pd.DataFrame, at: str, who: str, *others: str) -> pd.DataFrame:
    """Return the numbers of a forest: time, name, events, patients and shares of 1, and other columns of the rows."""
    rows = rows[rows["what"] != HEADING]
    return pd.DataFrame(
        {
            at: rows["at"],
            who: rows["name"],
            "events": _whole(rows["events"]),
            "patients": _whole(rows["patients"]),
            **{name: rows[name] / 100 for name in ("share", "lower", "upper")},
            "next_lower": rows["low"] / 100,
            "next_upper": rows["high"] / 100,
            "pooled": np.where(rows["in_pool"], "yes", "no"),
            **{name: rows[name] for name in others},
        }
    )


def _whole(numbers: pd.Series) -> pd.Series:
    if numbers.notna().all():
        return numbers.astype(int)
    return pd.Series(whole_numbers(numbers.to_numpy(dtype=float)), numbers.index)
