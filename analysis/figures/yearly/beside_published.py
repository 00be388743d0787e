"""One's own share of a year beside what was published, taken together, and what a next centre would see (forest)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.centres.comparable import ALIKE, EVERY, POOLS, Papers
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.common.tidy_tables import whole_numbers
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import SHARES, ends_of
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import meanings
from analysis.figures.common.theme import (
    FIGURE_WIDTH,
    SMALL_FONT_SIZE,
    Look,
    Palette,
    dress,
    group_order,
    layer,
    palette,
)
from analysis.figures.yearly.bar_words import is_rate
from analysis.figures.yearly.beside_reading import beside_description, beside_reading
from analysis.figures.yearly.beside_rows import (
    HEADING,
    OF_OWN,
    OWN,
    POOLED,
    PUBLISHED,
    beside_each_year,
    forest_rows,
)
from analysis.figures.yearly.yearly_bars import STATES, Kind

ROW = 25.0  # pixels
WORDS_FIT = f"{FIGURE_WIDTH} >= 520"  # a narrower figure has its words in tooltips and in the table
FULL_NAMES_FIT = f"{FIGURE_WIDTH} >= 700"
NAME_LIMIT = 240
_Y = alt.Y("y:Q", scale=None)


def beside_chart(
    result: Yearly,
    *,
    kind: Kind,
    papers: Papers,
    years: Sequence[int] = (1, 2),
    remission: str = "complete remission",
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return a row for one's own share, for each published one and for all taken together, under a heading a year.

    Parameters
    ----------
    result
        One's own shares.
    kind
        The outcome, which gives one's own share its colour.
    papers
        The published numbers, and how they are pooled.
    years
        The years that are compared.
    remission
        The definition of remission, in words.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; by default as many as the rows take.
    """
    rows = forest_rows(result, papers, years)
    height = height or look.height(ROW * max(len(rows), 1))
    thick = height / max(len(rows), 1)
    rows = rows.assign(y=(rows["place"] + 0.5) * thick)
    colours = palette(look)
    title = f"{result.estimand.title.format(remission=remission)} (%)"
    groups = group_order(result.bars["group"])
    inks = colours.lines(groups) if len(groups) > 1 else [colours.states[STATES[kind]]]
    layers = [
        *_intervals(rows, colours, title),
        *_points(rows, colours, dict(zip(groups if len(groups) > 1 else [OWN], inks, strict=True)), title),
        _names(rows, colours),
        _words(rows, colours),
        _targets(rows, thick, title),
    ]
    return dress(layers, height=height, look=look, note=_note(result, papers, years))


def _x(field: str, title: str) -> alt.X:
    axis = alt.Axis(title=title, titleAnchor="end", values=SHARES, grid=True)
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=ends_of("x", 0, 100), nice=False), axis=axis)


def _intervals(rows: pd.DataFrame, colours: Palette, title: str) -> list[alt.Chart]:
    """Return the limits of each share, thick where all are taken together, and those of a next centre, dashed."""
    ends = ["y", "name", "year", "lower", "upper"]
    each = rows[rows["what"].isin([OF_OWN, PUBLISHED]) & rows["lower"].notna()]
    together = rows[(rows["what"] == POOLED) & rows["lower"].notna()]
    ahead = together.dropna(subset=["low", "high"])[["y", "name", "year", "low", "high"]]
    ahead_ends = ahead.melt(["y", "name", "year"], value_name="end")[["y", "name", "year", "end"]]
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


def _points(rows: pd.DataFrame, colours: Palette, inks: dict[str, str], title: str) -> list[alt.Chart]:
    """Return a square for one's own share, a diamond for a published one, hollow where it is not pooled."""
    told = rows[rows["share"].notna()]
    columns = ["y", "name", "year", "share", "in_pool"]
    own, published, together = (told.loc[told["what"] == what, columns] for what in (OF_OWN, PUBLISHED, POOLED))
    edge = {"opacity": 1, "strokeWidth": 1.5}
    hollow = alt.condition("datum.in_pool", alt.value(colours.muted), alt.value(colours.background))
    x = _x("share", title)
    own = own.assign(ink=[inks[name] for name in own["name"]])
    of_own: dict[str, Any] = {"fill": alt.Fill("ink:N", scale=None), "stroke": alt.Stroke("ink:N", scale=None)}
    return [
        layer(published, "point", {**edge, "shape": "diamond", "size": 75, "stroke": colours.muted}, x=x, y=_Y,
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
    table = rows[["y", "name", "full", "year"]].assign(strong=rows["what"] != PUBLISHED)
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
    table = rows[["y", "name", "year", "words"]].assign(strong=rows["what"] != PUBLISHED)
    return layer(table, "text", style, y=_Y)


def _targets(rows: pd.DataFrame, thick: float, title: str) -> alt.Chart:
    """Return each row from end to end with what it is as tooltip."""
    words = {
        "name": "Study",
        "words": "Share (interval)",
        "counted": "Counted",
        "defined": "Defined as",
        "differs": "Differs from here",
        "used": "Pooled",
    }
    told = rows[rows["what"] != HEADING]
    ends = {"start": 0.0, "end": 100.0, "above": told["y"] - thick / 2, "below": told["y"] + thick / 2}
    table = told[["year", *words]].assign(**ends)
    return layer(
        table,
        "rect",
        {"opacity": 0},
        x=_x("start", title),
        x2=alt.X2("end:Q"),
        y=alt.Y("above:Q", scale=None),
        y2=alt.Y2("below:Q"),
        tooltip=[alt.Tooltip(f"{name}:N", title=heading) for name, heading in words.items()],
    )


def _note(result: Yearly, papers: Papers, years: Sequence[int]) -> list[str]:
    """Return what is pooled and how, what the marks mean, and what must be known before the figure is believed."""
    if is_rate(result):
        return ["no published shares beside a rate"]
    shown = beside_each_year(result, papers, years)
    notes = [f"together: {POOLS[papers.pooled].lower()}{', with this cohort' if papers.with_own else ''}"]
    notes += ["hollow: not pooled"] if any(each.left_out for year in shown for each in year.published) else []
    notes += ["dashed: what a next centre would see"] if any(each.prediction for each in shown) else []
    if papers.pooled != ALIKE and any(each.differs and not each.left_out for year in shown for each in year.published):
        notes.append("different definitions are pooled")
    shared = dict.fromkeys(centre for each in shown for centre in each.shared_centres)
    if papers.pooled == EVERY and shared:
        notes.append(f"papers of {', '.join(shared)} may count the same patients: limits too narrow")
    if papers.imitated:
        notes.append(f"this synthetic cohort imitates {papers.imitated}: that both agree says nothing")
    return notes


def _numbers(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2), **_: object) -> pd.DataFrame:
    rows = forest_rows(result, papers, years)
    rows = rows[rows["what"] != HEADING]
    return pd.DataFrame(
        {
            "year": rows["year"],
            "study": rows["name"],
            "events": _whole(rows["events"]),
            "patients": _whole(rows["patients"]),
            **{name: rows[name] / 100 for name in ("share", "lower", "upper")},
            "next_lower": rows["low"] / 100,
            "next_upper": rows["high"] / 100,
            "pooled": np.where(rows["in_pool"], "yes", "no"),
            **{name: rows[name] for name in ("counted", "defined", "differs", "used")},
        }
    )


def _whole(numbers: pd.Series) -> pd.Series:
    if numbers.notna().all():
        return numbers.astype(int)
    return pd.Series(whole_numbers(numbers.to_numpy(dtype=float)), numbers.index)


BESIDE_PUBLISHED = FigureKind(
    name="beside_published",
    chart=beside_chart,
    description=beside_description,
    reading=beside_reading,
    numbers=_numbers,
    columns=meanings(
        "year",
        "events",
        "patients",
        "lower",
        "upper",
        study="this cohort or one of its groups, a paper, or all that are pooled",
        share="of the denominator, as a fraction of 1",
        next_lower="lower limit of the true share in a next centre",
        next_upper="upper limit of the true share in a next centre",
        pooled="whether it is pooled",
        counted="how many of whom",
        defined="how a paper defines the outcome",
        differs="how that differs from here",
        used="why it is not pooled; of all taken together, how much the studies differ",
    ),
    disclosure=shared_yearly,
    in_r=None,
    verdict=no_verdict,
)
