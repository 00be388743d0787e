"""Bars by year: drawing, cutting at the end of the axis, and notes."""

from __future__ import annotations

import re
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.estimates.yearly.remission_range import RemissionRange
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import ENOUGH, SHARES, Frame, axis_end, beyond_note
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import short_count
from analysis.figures.common.picking import INVISIBLE, TARGETS
from analysis.figures.common.rows import BAND_GAP, RowLabels, number_rows, widest_beside
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, layer, text_width
from analysis.figures.common.varying import varying
from analysis.figures.yearly.bar_words import bar_words, is_rate

Kind = Literal["remission", "relapse"]
STATES = {"remission": "complete", "relapse": "relapse"}
HEADROOM = 1.05
LEAST_RATE = 10.0  # the axis of rates extends at least to this
TITLE_HEIGHT = 26  # pixels of the title of the axis of years
PALE = [4, 3]  # dash of the edge of a pale bar
# Pixels that texts need in the width of a bar or of a year.
COUNT_ROOM = 30
NOBODY_ROOM = 56
LETTER = 6.6  # pixels of a digit below the bars, where these are narrow
STEP = 1.25  # from bar to bar, in widths of a bar
TENTHS = (4, 7)  # digits of the numbers that are told to a tenth of a thousand or million
_THOUSANDS = re.compile(r"\d{4,}(\.\d+)?")
HIDDEN_NOTE = "hidden or ?: small counts, and what would give them away"
UNTOLD = "?"  # a hidden number if there is no room for the word
BAR_COLUMNS = meanings(
    "group",
    "year",
    "at_risk",
    "events",
    "patients",
    "share",
    "lower",
    "upper",
    immature="whether fewer than half could have been followed so long; such a bar is pale",
    died_in_remission="seen in remission within the window but dead by the end of the year, so not counted",
    person_years="patient-years of follow-up",
)


def drawn_bars(result: Yearly, possible: RemissionRange | None = None) -> pd.DataFrame:
    """Return the bars in the unit of the axis, with words, `pale`, and the lowest and highest possible share."""
    scale = 1 if is_rate(result) else 100
    bars = bar_words(result).rename(columns={"immature": "pale"})
    drawn = {name: scale * bars[name].to_numpy(dtype=float) for name in ("share", "lower", "upper")}
    bars = bars.assign(**drawn, top=np.fmax(drawn["share"], drawn["upper"]))
    if possible:
        beside = possible.table[["group", "year", "lowest", "highest"]].astype({"group": str})
        bars = bars.merge(beside, on=["group", "year"], how="left")
        bars = bars.assign(lowest=100 * bars["lowest"], highest=100 * bars["highest"])
        bars = bars.assign(top=np.fmax(bars["top"], bars["highest"]))
    return bars


def reach(bars: pd.DataFrame) -> float:
    """Return the value to which an axis must extend for bars with enough patients; 0 without bars.

    The upper limit of a rate of 0 reflects only a short follow-up, and counts only if all rates are 0.
    """
    enough = bars["patients"].astype(float) >= ENOUGH
    some = enough & (bars["share"] > 0)
    end = axis_end(bars["share"], bars["upper"], some if some.any() else enough)
    return 0.0 if np.isnan(end) else HEADROOM * end


def bar_axis(result: Yearly, bars: pd.DataFrame) -> float:
    """Return the end of the axis of shares in percent or of rates, for bars from `drawn_bars`."""
    return max(LEAST_RATE, reach(bars)) if is_rate(result) else float(SHARES[-1])


def value_title(result: Yearly, remission: str) -> str:
    """Return the outcome and its denominator, as the title of an axis."""
    what, short = result.estimand.title.format(remission=remission), result.estimand.short
    return f"{what} {short if is_rate(result) else f'({short})'}"


def cut_at(bars: pd.DataFrame, highest: float) -> pd.DataFrame:
    """Return the bars cut at the end of the axis, and whether the interval of each extends beyond it."""
    beyond = (bars["upper"] > highest) | (bars["share"] > highest)
    drawn = {name: np.minimum(bars[name], highest) for name in ("share", "lower", "upper", "top")}
    return bars.assign(**drawn, beyond=beyond)


def cut_note(bars: pd.DataFrame) -> list[str]:
    """Return a note on the intervals that extend beyond the axis."""
    cut = bars[bars["beyond"]]
    places = [bar_name(group, year) for group, year in zip(cut["group"], cut["year"], strict=True)]
    return beyond_note(places, cut["words"].tolist(), "arrows: intervals")


def pale_note(bars: pd.DataFrame) -> list[str]:
    """Return the meaning of pale bars, if there are any."""
    pale = bars.loc[bars["share"].notna(), "pale"].any()
    return ["pale bars: fewer than half could be followed that long"] if pale else []


def any_hidden(bars: pd.DataFrame) -> bool:
    """Return whether a number of the bars is hidden."""
    return bool(bars["events"].isna().any() or bars["patients"].isna().any())


def bar_name(group: str, year: int) -> str:
    """Return "year 2", or "UC, year 2" for one of several groups."""
    return f"year {year}" if group == "All" else f"{group}, year {year}"


def row_labels(rows: pd.DataFrame, groups: list[str], look: Look) -> RowLabels:
    """Return the labels of the rows of numbers below the bars."""
    return RowLabels(list(rows["heading"].unique()), groups, "shape", BAND_GAP, widest_beside(look))


def bar_layers(bars: pd.DataFrame, rows: pd.DataFrame, frame: Frame, kind: Kind, *, top: float) -> list[alt.Chart]:
    """Return bars, intervals, values, areas with tooltips, and the rows of numbers from `top` on.

    Parameters
    ----------
    bars
        From `drawn_bars`; ``year`` is the position on the x axis of `frame`.
    rows
        heading, group, year and text of the numbers below the bars.
    frame
        The frame of the figure.
    kind
        The outcome, which gives a single group its colour.
    top
        Pixels from the top of the plot to the first row of numbers.
    """
    held = bars[bars["share"].notna()]
    return [
        _bars(held, frame, kind),
        *whiskers(held, frame),
        arrows(held[held["beyond"]], frame),
        *(_possible(held, frame) if "lowest" in held else []),
        *([_points(held, frame)] if frame.compared else []),
        _values(held, frame),
        targets(bars, frame),
        *count_rows(rows, frame, top=top),
    ]


def count_rows(rows: pd.DataFrame, frame: Frame, *, top: float) -> list[alt.Chart]:
    """Return the rows of numbers below the years; parameters as of `bar_layers`."""
    narrow = SMALL_FONT_SIZE - (0 if frame.look.on_stage else 2)
    crowded = f"datum.short != datum.text && {LETTER} * length(datum.text) > {STEP} * bandwidth('x')"
    return number_rows(
        rows.assign(short=rows["text"].map(shortened)),
        row_labels(rows, frame.groups, frame.look),
        frame,
        top=top,
        text=f"{crowded} ? datum.short : bandwidth('x') >= {NOBODY_ROOM} ? datum.text : "
        f"indexof(datum.text, '0 ') == 0 ? '0' : replace(datum.text, /{HIDDEN}/g, '{UNTOLD}')",
        size=f"bandwidth('x') < {COUNT_ROOM} ? {narrow} : {SMALL_FONT_SIZE}",
    )


def shortened(text: str) -> str:
    """Return a text with its numbers from a thousand on in two or three digits.

    Examples
    --------
    >>> shortened("190/4118"), shortened("45120/411800"), shortened("12/39")
    ('190/4.1k', '45k/412k', '12/39')
    """

    def short(number: int) -> str:
        return short_count(number, 1 if len(str(number)) in TENTHS else 0)

    return _THOUSANDS.sub(lambda found: short(int(found[0].partition(".")[0])), text)


def offset(frame: Frame) -> dict[str, Any]:
    """Return the position of a group's bar within its year."""
    scale = alt.Scale(domain=frame.groups, paddingInner=0.15)
    return {"xOffset": alt.XOffset("group:N", scale=scale)} if frame.compared else {}


def _bars(held: pd.DataFrame, frame: Frame, kind: Kind) -> alt.Chart:
    """Return the bars: in the colour of the state or, with several groups, lighter with an edge in the group's."""
    full, pale = (0.55, 0.15) if frame.compared else (1.0, 0.3)
    style: dict[str, Any] = {
        "strokeWidth": 1.5,
        "fillOpacity": alt.ExprRef(f"datum.pale ? {pale} : {full}"),
        "strokeDash": alt.ExprRef(f"datum.pale ? {PALE} : [1, 0]"),
    }
    channels: dict[str, Any] = {}
    if frame.compared:
        channels = {
            "fill": alt.Fill("group:N", scale=frame.colours, legend=None),
            "stroke": alt.Stroke("group:N", scale=frame.colours, legend=None),
        }
    else:
        colour = frame.palette.states[STATES[kind]]
        style = {**style, "fill": colour, "stroke": colour}
    return layer(
        held[["group", "year", "share", "pale"]],
        "bar",
        style,
        x=frame.x,
        y=frame.y("share"),
        **channels,
        **offset(frame),
    )


def targets(bars: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return an invisible area as high as the plot for every bar, as a bar may be low or missing."""
    words = {"year": "Year", "words": "Value (interval)", "counts": "Counted"}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        bars[["group", "year", "words", "counts"]],
        "bar",
        {"cursor": "pointer", "y": 0, "y2": frame.height, **({} if frame.compared else {"width": {"band": 1.3}})},
        name=TARGETS,
        x=frame.x,
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **INVISIBLE,
        **offset(frame),
    )


def whiskers(held: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the intervals, with an edge on the full colour of a single group."""
    limits = held.loc[(held["lower"] + held["upper"]).notna(), ["group", "year", "lower", "upper", "pale"]]
    edge = {"strokeWidth": 4.5, "color": frame.palette.background}
    parts = [(limits, {"strokeWidth": 1.75, "color": frame.palette.text})]
    if not frame.compared:
        parts.insert(0, (limits[~limits["pale"]], edge))
    return [
        layer(table, "rule", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), **offset(frame))
        for table, style in parts
    ]


def arrows(cut: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return an arrow at the end of the axis for each interval that extends beyond it."""
    style = {"shape": "triangle-up", "size": 60, "filled": True, "opacity": 1, "color": frame.palette.text}
    return layer(cut[["group", "year", "upper"]], "point", style, x=frame.x, y=frame.y("upper"), **offset(frame))


def _possible(held: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the outer whiskers: a thin line with a short stroke at both ends."""
    limits = held.dropna(subset=["lowest", "highest"])[["group", "year", "lowest", "highest"]]
    ends = limits.melt(["group", "year"], value_name="end")[["group", "year", "end"]]
    line = {"strokeWidth": 1, "color": frame.palette.text}
    stroke = {"orient": "horizontal", "size": 12, "thickness": 1.25, "color": frame.palette.text, "opacity": 1}
    return [
        layer(limits, "rule", line, x=frame.x, y=frame.y("lowest"), y2=alt.Y2("highest:Q"), **offset(frame)),
        layer(ends, "tick", stroke, x=frame.x, y=frame.y("end"), **offset(frame)),
    ]


def _points(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the group's shape on top of its bar, so that groups differ in more than colour."""
    return layer(
        held[["group", "year", "share"]],
        "point",
        {"size": 70, "filled": True, "opacity": 1, "stroke": frame.palette.background, "strokeWidth": 1},
        x=frame.x,
        y=frame.y("share"),
        fill=alt.Fill("group:N", scale=frame.colours, legend=None),
        shape=alt.Shape("group:N", scale=frame.shapes, legend=None),
        **offset(frame),
    )


def _values(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the value above its whisker if the bars are wide enough; else it takes no room."""
    room = max(map(text_width, held["printed"]), default=0)
    fits = f"bandwidth('{'xOffset' if frame.compared else 'x'}') >= {varying('value_room', round(room))}"
    style = {
        "dy": alt.ExprRef(f"{fits} ? -8 : 0"),
        "baseline": "bottom",
        "fontSize": alt.ExprRef(f"{fits} ? {SMALL_FONT_SIZE} : 0"),
        "fontWeight": "bold",
        "color": frame.palette.text,
        "text": alt.ExprRef(f"{fits} ? datum.printed : ''"),
    }
    return layer(held[["group", "year", "printed", "top"]], "text", style, x=frame.x, y=frame.y("top"), **offset(frame))
