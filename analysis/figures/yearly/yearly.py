"""Bars per year, with interval whiskers and the patients behind each bar under it."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.yearly.remission_range import RemissionRange
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import (
    DEPTH,
    ENOUGH,
    LINE_HEIGHT,
    SHARE_SCALE,
    SHARES,
    Frame,
    axis_end,
    beyond_note,
    cut_sentence,
    year_x,
)
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import HIDDEN
from analysis.figures.common.picking import TARGETS, framed, picks
from analysis.figures.common.rows import number_rows
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, dress, group_order, layer, text_width
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate
from analysis.figures.yearly.denominators import DENOMINATORS
from analysis.figures.yearly.yearly_reading import yearly_reading

Kind = Literal["remission", "relapse"]

HEIGHT = 320
STATES = {"remission": "complete", "relapse": "relapse"}
TITLES = {
    "ever": "Ever in {remission}",
    "current": "Alive and in {remission}",
    "at_risk": "First relapse in the year",
    "cumulative": "Relapsed so far",
    "rate": "First relapses",
}
LEAST_RATE = 10.0  # the axis of rates reaches at least so far
HEADROOM = 1.05
TITLE_HEIGHT = 26  # of the axis of years
PALE = [4, 3]  # dash of the edge of a bar that few could have been followed to

# Pixels that texts need in the width of a bar or of a year
COUNT_ROOM = 30
NOBODY_ROOM = 56
HIDDEN_NOTE = "hidden or ?: small counts, and what would give them away"
UNTOLD = "?"  # a hidden number where there is no room for the word


def yearly_chart(
    result: Yearly,
    *,
    kind: Kind,
    remission: str = "complete remission",
    possible: RemissionRange | None = None,
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return the value of each year with its interval, and under every bar how many of how many.

    The bars of years that fewer than half of the patients could have been followed to are pale. A click picks a bar,
    also where it is not there (`analysis.figures.common.picking`).

    Parameters
    ----------
    result
        The shares or rates.
    kind
        What is counted; it gives a single group its colour.
    remission
        What counts as remission, in words.
    possible
        The lowest and the highest share that those not seen allow: a thin outer whisker.
    look
        How the figure is drawn.
    height
        Pixels of the plot, by default as the look asks; the axis and the rows of numbers come on top of it.
    """
    height = height or look.height(HEIGHT)
    bars = drawn_bars(result, possible)
    scale, axis, highest = _value_axis(result, bars, _title(result, kind, remission, height))
    bars = cut_at(bars, highest)
    frame = Frame(group_order(result.bars["group"]), look, height, year_x(bars["year"]), scale, axis)
    layers = bar_layers(bars, _rows(result, bars), frame, kind, top=height + DEPTH - LINE_HEIGHT)
    note = _note(result, bars, possible is not None)
    return dress(layers, height=height, look=look, note=note, params=[picks("group", "year")])


def yearly_description(result: Yearly, *, least: float = LEAST_RATE) -> str:
    """Return the figure in words, for those who do not see it; `least` is what an axis of rates reaches at least."""
    unit = DENOMINATORS[result.estimand].short if is_rate(result) else "in per cent"
    sentences = [f"Bars {unit} by year since transplantation."]
    bars = bar_words(result)
    for group, year, counts, patients, words in zip(
        bars["group"], bars["year"], bars["counts"], bars["patients"], bars["words"], strict=True
    ):
        start = _start(group, year)
        start = start[:1].upper() + start[1:] if group == "All" else start
        sentences.append(f"{start}: {counts}, {words}." if patients and words != counts else f"{start}: {counts}.")
    immature = bars[bars["immature"] & bars["share"].notna()]
    pale = [_start(group, year) for group, year in zip(immature["group"], immature["year"], strict=True)]
    if pale:
        sentences.append(f"Pale, for under half could be followed so long: {', '.join(pale)}.")
    if is_rate(result):
        shown = drawn_bars(result)
        sentences += cut_sentence(cut_note(cut_at(shown, max(least, reach(shown)))))
    return " ".join(sentences)


def _start(group: str, year: int) -> str:
    return f"year {year}" if group == "All" else f"{group}, year {year}"


def drawn_bars(result: Yearly, possible: RemissionRange | None = None) -> pd.DataFrame:
    """Return the bars in the unit of the axis, with their words, whether they are pale, and what is possible."""
    scale = 1 if is_rate(result) else 100
    bars = bar_words(result).rename(columns={"immature": "pale"})
    bars = bars.assign(**{name: scale * bars[name].astype(float) for name in ("share", "lower", "upper")})
    if possible:
        beside = possible.table[["group", "year", "lowest", "highest"]].astype({"group": str})
        bars = bars.merge(beside, on=["group", "year"], how="left")
        bars = bars.assign(lowest=100 * bars["lowest"], highest=100 * bars["highest"])
    return bars.assign(top=bars[[name for name in ("share", "upper", "highest") if name in bars]].max(axis=1))


def _value_axis(result: Yearly, bars: pd.DataFrame, title: str | list[str]) -> tuple[alt.Scale, alt.Axis, float]:
    """Return the axis of per cent, or that of rates, which reaches as far as it must, and its end."""
    if not is_rate(result):
        return SHARE_SCALE, alt.Axis(title=title, values=SHARES), float(SHARES[-1])
    highest = max(LEAST_RATE, reach(bars))
    scale = alt.Scale(domain=[0, highest], nice=False)
    return scale, alt.Axis(title=title, tickCount=len(SHARES)), highest


def reach(bars: pd.DataFrame) -> float:
    """Return how far an axis has to reach for bars with enough patients; 0 without bars.

    The upper limit of a rate of none says how little time was seen, and counts only where no rate is above 0.
    """
    enough = bars["patients"].astype(float) >= ENOUGH
    some = enough & (bars["share"] > 0)
    end = axis_end(bars["share"], bars["upper"], some if some.any() else enough)
    return 0.0 if np.isnan(end) else HEADROOM * end


def cut_at(bars: pd.DataFrame, highest: float) -> pd.DataFrame:
    """Return the bars as far as an axis reaches, and whether the interval of each goes on beyond it."""
    beyond = (bars["upper"] > highest) | (bars["share"] > highest)
    drawn = {name: bars[name].clip(upper=highest) for name in ("share", "lower", "upper", "top")}
    return bars.assign(**drawn, beyond=beyond)


def cut_note(bars: pd.DataFrame) -> list[str]:
    """Return which intervals go on beyond the axis."""
    cut = bars[bars["beyond"]]
    places = [_start(group, year) for group, year in zip(cut["group"], cut["year"], strict=True)]
    return beyond_note(places, cut["words"].tolist(), "arrows: intervals")


def _title(result: Yearly, kind: Kind, remission: str, height: float) -> str | list[str]:
    """Return what is counted and of whom, on two lines where one is longer than the axis."""
    otherwise = "In {remission}" if kind == "remission" else "With a first relapse"
    what = TITLES.get(result.estimand, otherwise).format(remission=remission)
    short = DENOMINATORS[result.estimand].short
    lines = [what, short if is_rate(result) else f"({short})"]
    joined = " ".join(lines)
    return joined if text_width(joined) < height else lines


def bar_layers(bars: pd.DataFrame, rows: pd.DataFrame, frame: Frame, kind: Kind, *, top: float) -> list[alt.Chart]:
    """Return bars, intervals, values, what answers the pointer, and the rows of numbers from `top` on.

    Parameters
    ----------
    bars
        As of `drawn_bars`; ``year`` is the place on the x axis of `frame`.
    rows
        heading, group, year and text of the numbers under the bars.
    """
    held = bars[bars["share"].notna()]
    return [
        _bars(held, frame, kind),
        *_whiskers(held, frame),
        *([_arrows(held[held["beyond"]], frame)] if held["beyond"].any() else []),
        *(_possible(held, frame) if "lowest" in held else []),
        *([_points(held, frame)] if frame.compared else []),
        _values(held, frame),
        _targets(bars, frame),
        *number_rows(
            rows,
            list(rows["heading"].unique()),
            frame,
            top=top,
            key="shape",
            text=f"bandwidth('x') >= {NOBODY_ROOM} ? datum.text : indexof(datum.text, '0 ') == 0 ? '0' : "
            f"replace(datum.text, /{HIDDEN}/g, '{UNTOLD}')",
            size=f"bandwidth('x') < {COUNT_ROOM} ? {SMALL_FONT_SIZE - 2} : {SMALL_FONT_SIZE}",
        ),
    ]


def any_hidden(bars: pd.DataFrame) -> bool:
    """Return whether a number of the bars is not told."""
    return bool(bars[["events", "patients"]].isna().any(axis=None))


def _rows(result: Yearly, bars: pd.DataFrame) -> pd.DataFrame:
    """Return heading, group, year and text of the numbers under the bars."""
    texts = {"n / N": bars["counts"]}
    if is_estimated(result):
        texts = {"At risk": _told(bars["at_risk"])}
    if is_rate(result):
        texts = {
            "Relapses": _told(bars["events"]),
            "Patient-years": _told(bars["person_years"], "{:.1f}"),
            "Patients": _told(bars["patients"]),
        }
    return pd.concat([bars[["group", "year"]].assign(heading=heading, text=text) for heading, text in texts.items()])


def _told(numbers: pd.Series, form: str = "{}") -> pd.Series:
    """Return numbers as texts, or that they are hidden."""
    return numbers.map(form.format, na_action="ignore").fillna(HIDDEN)


def _offset(frame: Frame) -> dict[str, Any]:
    """Return where in its year a group's bar stands."""
    scale = alt.Scale(domain=frame.groups, paddingInner=0.15)
    return {"xOffset": alt.XOffset("group:N", scale=scale)} if frame.compared else {}


def _bars(held: pd.DataFrame, frame: Frame, kind: Kind) -> alt.Chart:
    """Return the bars: full in the colour of the state, or paler with an edge in the colour of the group."""
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
        **_offset(frame),
    )


def _targets(bars: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return a frame as high as the plot round every bar: it answers the pointer where a bar is low or not there."""
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
        **framed(frame.palette),
        **_offset(frame),
    )


def _whiskers(held: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the intervals; on the full colour of a single group they need an edge."""
    limits = held.dropna(subset=["lower", "upper"])[["group", "year", "lower", "upper", "pale"]]
    edge = {"strokeWidth": 4.5, "color": frame.palette.background}
    parts = [(limits, {"strokeWidth": 1.75, "color": frame.palette.text})]
    if not frame.compared:
        parts.insert(0, (limits[~limits["pale"]], edge))
    return [
        layer(table, "rule", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), **_offset(frame))
        for table, style in parts
    ]


def _arrows(cut: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return an arrow at the end of the axis for each interval that goes on beyond it."""
    style = {"shape": "triangle-up", "size": 60, "filled": True, "opacity": 1, "color": frame.palette.text}
    return layer(cut[["group", "year", "upper"]], "point", style, x=frame.x, y=frame.y("upper"), **_offset(frame))


def _possible(held: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the outer whiskers: a thin line with a short stroke at either end."""
    limits = held.dropna(subset=["lowest", "highest"])[["group", "year", "lowest", "highest"]]
    ends = limits.melt(["group", "year"], value_name="end")[["group", "year", "end"]]
    line = {"strokeWidth": 1, "color": frame.palette.text}
    stroke = {"orient": "horizontal", "size": 12, "thickness": 1.25, "color": frame.palette.text, "opacity": 1}
    return [
        layer(limits, "rule", line, x=frame.x, y=frame.y("lowest"), y2=alt.Y2("highest:Q"), **_offset(frame)),
        layer(ends, "tick", stroke, x=frame.x, y=frame.y("end"), **_offset(frame)),
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
        shape=alt.Shape("group:N", scale=frame.shapes, legend=None),
        **_offset(frame),
    )


def _values(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the value above its whisker, where bars are wide enough for it; elsewhere it takes no room either."""
    room = max(map(text_width, held["printed"]), default=0)
    fits = f"bandwidth('{'xOffset' if frame.compared else 'x'}') >= {room:.0f}"
    style = {
        "dy": alt.ExprRef(f"{fits} ? -8 : 0"),
        "baseline": "bottom",
        "fontSize": alt.ExprRef(f"{fits} ? {SMALL_FONT_SIZE} : 0"),
        "fontWeight": "bold",
        "color": frame.palette.text,
        "text": alt.ExprRef(f"{fits} ? datum.printed : ''"),
    }
    return layer(
        held[["group", "year", "printed", "top"]], "text", style, x=frame.x, y=frame.y("top"), **_offset(frame)
    )


def _note(result: Yearly, bars: pd.DataFrame, possible: bool) -> list[str]:
    """Return what is not seen at once, as far as it is there."""
    notes = [HIDDEN_NOTE] if any_hidden(bars) else []
    notes += pale_note(bars) + cut_note(bars)
    if possible:
        notes.append("outer whiskers: none or all unseen in remission")
    if is_estimated(result):
        notes.append(f"estimated ({DENOMINATORS[result.estimand].estimator}): no fraction of those at risk")
    return notes


def pale_note(bars: pd.DataFrame) -> list[str]:
    """Return what pale bars mean, where there are some."""
    return ["pale bars: under half could be followed so long"] if bars.loc[bars["share"].notna(), "pale"].any() else []


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


def _numbers(result: Yearly, **_: object) -> pd.DataFrame:
    return result.bars


YEARLY = FigureKind(
    name="yearly",
    chart=yearly_chart,
    description=yearly_description,
    reading=yearly_reading,
    numbers=_numbers,
    columns=BAR_COLUMNS,
    disclosure=shared_yearly,
    in_r=None,
)
