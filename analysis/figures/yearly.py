"""Bars per year, with interval whiskers and the patients behind each bar under it."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from analysis.estimates.yearly import Yearly
from analysis.figures.axes import DEPTH, LINE_HEIGHT, SHARE_SCALE, Frame, share_axis
from analysis.figures.picking import framed, picks
from analysis.figures.readings import percent, share_words
from analysis.figures.rows import number_rows
from analysis.figures.theme import SMALL_FONT_SIZE, dress, group_order, layer, shape_scale, text_width

YEARS_TITLE = "Year since transplantation"
TITLES = {"remission": "In complete remission (%)", "relapse": "With a first relapse (%)"}
STATES = {"remission": "complete", "relapse": "relapse"}
HEADING = "n / N"
NOBODY = "0 assessed"

# Pixels that texts need in the width of a bar or of a year
COUNT_ROOM = 30
NOBODY_ROOM = 56


def yearly_chart(
    result: Yearly, *, kind: Literal["remission", "relapse"], dark: bool = False, height: float = 320
) -> alt.LayerChart:
    """Return the share of each year with its interval, and under every bar how many of how many.

    Parameters
    ----------
    result
        The shares.
    kind
        What is counted; it gives a single group its colour.
    dark
        Whether the page is dark.
    height
        Pixels of the plot; the axis and the rows of numbers come on top of it.
    """
    bars = _percentages(result.bars)
    held = bars[bars["patients"] > 0]
    frame = Frame(group_order(result.bars["group"]), dark, height, _year_x(bars), SHARE_SCALE, share_axis(TITLES[kind]))
    layers = [
        _bars(held, frame, kind),
        *_whiskers(held, frame),
        *([_points(held, frame)] if frame.compared else []),
        _shares(held, frame),
        _targets(bars, frame),
        *number_rows(
            bars[["group", "year"]].assign(heading=HEADING, text=bars["counts"]),
            [HEADING],
            frame,
            top=height + DEPTH - LINE_HEIGHT,
            key="shape",
            text=f"datum.text == '{NOBODY}' && bandwidth('x') < {NOBODY_ROOM} ? '0' : datum.text",
            size=f"bandwidth('x') < {COUNT_ROOM} ? {SMALL_FONT_SIZE - 2} : {SMALL_FONT_SIZE}",
        ),
    ]
    return dress(layers, height=height, dark=dark)


def yearly_description(result: Yearly) -> str:
    """Return the figure in words, for those who do not see it."""
    sentences = ["Bars in per cent by year since transplantation."]
    bars = _percentages(result.bars)
    for group, year, counts, patients, words in zip(
        bars["group"], bars["year"], bars["counts"], bars["patients"], bars["words"], strict=True
    ):
        start = f"Year {year}" if group == "All" else f"{group}, year {year}"
        sentences.append(f"{start}: {counts}, {words}." if patients else f"{start}: nobody assessed.")
    return " ".join(sentences)


def _percentages(bars: pd.DataFrame) -> pd.DataFrame:
    """Return the result in per cent, with the words of labels and tooltips."""
    numbers = list(zip(bars["events"], bars["patients"], bars["share"], strict=True))
    return bars.assign(
        group=bars["group"].astype(str),
        words=share_words(bars),
        printed=[f"{percent(share, patients)} %" if patients else "" for _, patients, share in numbers],
        counts=[f"{events}/{patients}" if patients else NOBODY for events, patients, _ in numbers],
        **{name: 100 * bars[name].astype(float) for name in ("share", "lower", "upper")},
    )


def _year_x(bars: pd.DataFrame) -> alt.X:
    years = sorted(int(year) for year in bars["year"].unique())
    scale = alt.Scale(domain=years, paddingInner=0.3, paddingOuter=0.15)
    return alt.X(
        "year:O",
        scale=scale,
        axis=alt.Axis(title=YEARS_TITLE, titleAnchor="end", labelAngle=0, ticks=False, labelPadding=8),
    )


def _offset(frame: Frame) -> dict[str, Any]:
    """Return where in its year a group's bar stands."""
    scale = alt.Scale(domain=frame.groups, paddingInner=0.15)
    return {"xOffset": alt.XOffset("group:N", scale=scale)} if frame.compared else {}


def _bars(held: pd.DataFrame, frame: Frame, kind: str) -> alt.Chart:
    """Return the bars: full in the colour of the state, or paler with an edge in the colour of the group."""
    style: dict[str, Any] = {"color": frame.palette.states[STATES[kind]]}
    channels: dict[str, Any] = {}
    if frame.compared:
        style = {"fillOpacity": 0.55, "strokeWidth": 1.5}
        channels = {
            "fill": alt.Fill("group:N", scale=frame.colours, legend=None),
            "stroke": alt.Stroke("group:N", scale=frame.colours, legend=None),
        }
    return layer(
        held[["group", "year", "share"]],
        "bar",
        style,
        x=frame.x,
        y=frame.y("share"),
        **channels,
        **_offset(frame),
    )


def _targets(bars: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return a frame as high as the plot round every bar: it answers the pointer where a bar is low or not there."""
    words = {"year": "Year", "words": "Share (interval)", "counts": HEADING}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        bars[["group", "year", "words", "counts"]],
        "bar",
        {"cursor": "pointer", "y": 0, "y2": frame.height},
        x=frame.x,
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **framed(frame.palette),
        **_offset(frame),
    ).add_params(picks("group", "year"))


def _whiskers(held: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the intervals; on the full colour of a single group they need an edge."""
    limits = held.dropna(subset=["lower", "upper"])[["group", "year", "lower", "upper"]]
    edge = [] if frame.compared else [{"strokeWidth": 4.5, "color": frame.palette.background}]
    return [
        layer(limits, "rule", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), **_offset(frame))
        for style in (*edge, {"strokeWidth": 1.5, "color": frame.palette.text})
    ]


def _points(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the group's shape on top of its bar, so that groups are told apart without colour."""
    return layer(
        held[["group", "year", "share"]],
        "point",
        {"size": 70, "filled": True, "opacity": 1, "stroke": frame.palette.background, "strokeWidth": 1},
        x=frame.x,
        y=frame.y("share"),
        fill=alt.Fill("group:N", scale=frame.colours, legend=None),
        shape=alt.Shape("group:N", scale=shape_scale(frame.groups), legend=None),
        **_offset(frame),
    )


def _shares(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the share above its whisker, seen where bars are wide enough for it."""
    room = max(map(text_width, held["printed"]), default=0)
    style = {
        "dy": -8,
        "baseline": "bottom",
        "fontSize": SMALL_FONT_SIZE,
        "fontWeight": "bold",
        "color": frame.palette.text,
        "opacity": alt.ExprRef(f"bandwidth('{'xOffset' if frame.compared else 'x'}') < {room:.0f} ? 0 : 1"),
    }
    shown = held[["group", "year", "printed"]].assign(top=held["upper"].fillna(held["share"]))
    return layer(shown, "text", style, x=frame.x, y=frame.y("top"), text=alt.Text("printed:N"), **_offset(frame))
