"""The same patients by every way of counting: a line for each, year by year, with how many of how many below."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

import altair as alt
import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import LINE_HEIGHT, YEARS_TITLE, Frame, ends_of, rows_top, value_axis
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.picking import picks
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, dress, group_order, layer, text_width
from analysis.figures.common.varying import varying
from analysis.figures.yearly.bar_words import is_estimated, is_rate
from analysis.figures.yearly.ways_reading import LEAST, ways_description, ways_reading
from analysis.figures.yearly.yearly_bars import (
    BAR_COLUMNS,
    HIDDEN_NOTE,
    any_hidden,
    arrows,
    count_rows,
    cut_at,
    cut_note,
    drawn_bars,
    offset,
    reach,
    row_labels,
    targets,
    whiskers,
)

HEIGHT = 300
BETWEEN_TICKS = 20
BETWEEN_YEARS = 0.25  # of the distance from year to year
TITLE_RISE = 46  # pixels from the plot to the middle of a title: above the title of the axis
FAINT = 0.4  # opacity of the ways before the one that is reached
NEAR_AXIS = 21  # pixels: a value below an interval that ends there would stand on the years
YEAR = ", year "


_OPACITY = alt.ExprRef(f"datum.faint ? {FAINT} : 1")


def ways_chart(
    *results: Yearly, titles: Sequence[str], reached: str = "", look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return a line for each way of counting, the years of several groups side by side.

    The highest and the lowest share of each year are printed. Points of years that fewer than half of the patients
    could have been followed to are hollow.

    Parameters
    ----------
    results
        One per way, on one axis: in percent, or first relapses per 100 patient-years.
    titles
        A short title of each, all different.
    reached
        The title of the way that is told: its values are printed, those before it are faint and those after it are not
        yet drawn; "" to tell all. Axes, labels and note are those of all.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    groups = group_order(results[0].bars["group"])
    bars = pd.concat([_slots(result, title) for result, title in zip(results, titles, strict=True)], ignore_index=True)
    highest = max(LEAST, reach(bars[bars["rate"]]))
    bars, end = cut_at(bars, highest), varying("y_high", highest)
    left = row_labels(_rows(bars), list(titles), look).left
    frame = Frame(
        list(titles),
        replace(look, order=()),  # the colours are those of the ways
        height,
        _slot_x(bars, groups),
        alt.Scale(domain=ends_of("y", 0, highest), nice=False),
        value_axis(_axis_title(results), left, values=alt.ExprRef(f"sequence(0, {end} + 1, {BETWEEN_TICKS})")),
    )
    drawn = _until(bars, titles, reached)
    held = drawn[drawn["share"].notna()]
    told = held[~held["faint"]]
    layers = [
        _lines(held, frame),
        *whiskers(told, frame),
        arrows(told[told["beyond"]], frame),
        _points(held, frame),
        *_extremes(told if reached else told[~told["rate"]], frame, highest),
        targets(drawn, frame),
        *count_rows(_rows(drawn), frame, top=height + rows_top(look, years=False)),
        *([_titles(bars, groups, frame)] if len(groups) > 1 else []),
    ]
    return dress(layers, height=height, look=look, note=_note(results, bars), params=[picks("group", "year")])


def _slots(result: Yearly, title: str) -> pd.DataFrame:
    """Return the values of one way, with the title as its group and a position for each year of each real group."""
    bars = drawn_bars(result)
    counts = bars["at_risk"].map("{:,}".format, na_action="ignore") if is_estimated(result) else bars["counts"]
    return bars.assign(
        of=bars["group"],
        at=bars["year"],
        group=title,
        year=[f"{group}{YEAR}{year}" for group, year in zip(bars["group"], bars["year"], strict=True)],
        rate=is_rate(result),
        below=counts.fillna(HIDDEN),
    )


def _until(bars: pd.DataFrame, titles: Sequence[str], reached: str) -> pd.DataFrame:
    """Return the bars of the ways up to the one that is reached, and which are faint."""
    ways = titles[: titles.index(reached) + 1] if reached else titles
    return bars[bars["group"].isin(ways)].assign(faint=(bars["group"] != reached) if reached else False)


def _slot_x(bars: pd.DataFrame, groups: Sequence[str]) -> alt.X:
    """Return the encoding of positions: the years of each group, with a gap between groups."""
    domain: list[str] = []
    for group in groups:
        domain += [*([f"before {group}"] if domain else []), *_of(bars, group)]
    return alt.X(
        "year:O",
        scale=alt.Scale(domain=alt.ExprRef(varying("slots", domain)), paddingInner=BETWEEN_YEARS, paddingOuter=0.15),
        axis=alt.Axis(
            title=YEARS_TITLE,
            titleAnchor="end",
            values=alt.ExprRef(varying("years", list(bars["year"].unique()))),
            labelExpr=f"split(datum.label, {json.dumps(YEAR)})[1]",
            labelAngle=0,
            ticks=False,
            labelPadding=8,
        ),
    )


def _of(bars: pd.DataFrame, group: str) -> list[str]:
    return bars.loc[bars["of"] == group].sort_values("at", kind="stable")["year"].unique().tolist()


def _axis_title(results: Sequence[Yearly]) -> str:
    return "%, or per 100 patient-years" if any(map(is_rate, results)) else "%"


def _lines(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the line of each way through the years of each group."""
    return layer(
        held[["group", "of", "at", "year", "share", "faint"]],
        "line",
        {"strokeWidth": 2, "opacity": _OPACITY},
        x=frame.x,
        y=frame.y("share"),
        order=alt.Order("at:Q"),
        detail=alt.Detail("of:N"),
        stroke=alt.Stroke("group:N", scale=frame.colours, legend=None),
        **offset(frame),
    )


def _points(held: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the points, each way with its shape; hollow where few could have been followed so long."""
    return layer(
        held[["group", "year", "share", "pale", "faint"]],
        "point",
        {"size": 60, "opacity": _OPACITY, "strokeWidth": 1.75},
        x=frame.x,
        y=frame.y("share"),
        fill=alt.condition(
            "datum.pale", alt.value(frame.palette.background), alt.Fill("group:N", scale=frame.colours, legend=None)
        ),
        stroke=alt.Stroke("group:N", scale=frame.colours, legend=None),
        shape=alt.Shape("group:N", scale=frame.shapes, legend=None),
        **offset(frame),
    )


def _extremes(shares: pd.DataFrame, frame: Frame, highest: float) -> list[alt.Chart]:
    """Return the highest share of each year above its interval, and the lowest below it or, near the axis, beside."""
    of_year = shares.groupby("year", sort=False)["share"]
    above, below = shares.loc[of_year.idxmax()], shares.loc[of_year.idxmin()]
    below = below[~below.index.isin(above.index)]
    beside = below["lower"].fillna(below["share"]) < NEAR_AXIS / frame.height * highest
    below = below.assign(beside=beside, end=below["lower"].fillna(below["share"]).mask(beside, below["share"]))
    room = varying("value_room", round(max(map(text_width, shares["printed"]), default=0)))
    style = {
        "fontSize": alt.ExprRef(f"bandwidth('x') >= {room} ? {SMALL_FONT_SIZE} : 0"),
        "fontWeight": "bold",
        "color": frame.palette.text,
        "text": alt.ExprRef("datum.printed"),
    }
    placed = {
        "align": alt.ExprRef("datum.beside ? 'left' : 'center'"),
        "dx": alt.ExprRef("datum.beside ? 6 : 0"),
        "dy": alt.ExprRef("datum.beside ? -9 : 13"),
        "baseline": "middle",
    }
    above, below = above[["group", "year", "printed", "top"]], below[["group", "year", "printed", "end", "beside"]]
    return [
        layer(table, "text", {**style, **halo, **place}, x=frame.x, y=frame.y(end), **offset(frame))
        for table, place, end in ((above, {"dy": -8, "baseline": "bottom"}, "top"), (below, placed, "end"))
        for halo in ({"stroke": frame.palette.background, "strokeWidth": 4}, {})
    ]


def _note(results: Sequence[Yearly], bars: pd.DataFrame) -> list[str]:
    """Return what lines and numbers do not show by themselves."""
    names = [result.estimand.label for result in results if is_estimated(result)]
    notes = [f"{' and '.join(names).lower()}: estimated; below stand those at risk"] if names else []
    notes += ["rate: relapses in patient-years"] if any(map(is_rate, results)) else []
    notes += [HIDDEN_NOTE] if any_hidden(bars) else []
    hollow = bars.loc[bars["share"].notna(), "pale"].any()
    notes += ["hollow: fewer than half could be followed that long"] if hollow else []
    ways = [way if of == "All" else f"{way}, {of}" for way, of in zip(bars["group"], bars["of"], strict=True)]
    return [*notes, *cut_note(bars.assign(group=ways, year=bars["at"]))]


def _rows(bars: pd.DataFrame) -> pd.DataFrame:
    """Return heading, group, year and text of the numbers below the years."""
    return bars[["group", "year"]].assign(heading="n / N", text=bars["below"])


def _titles(bars: pd.DataFrame, titles: Sequence[str], frame: Frame) -> alt.Chart:
    """Return the name of each group, above its first year.

    If one does not fit, they are broken into lines; if a word does not, each title is a line higher than the next one.
    """
    slots = [_of(bars, title) for title in titles]
    broken = [wrap(title, max(map(len, " ".join(titles).split()))) for title in titles]
    rows = [
        (slot[0], -TITLE_RISE, title, "\n".join(lines), len(lines) - 1, len(titles) - 1 - place)
        for place, (slot, title, lines) in enumerate(zip(slots, titles, broken, strict=True))
    ]
    table = pd.DataFrame(rows, columns=["year", "y", "text", "broken", "lines", "after"])
    whole_fit = _fit("title_room", [[title] for title in titles], slots)
    broken_fit = _fit("broken_title_room", broken, slots)
    style = {
        "align": "left",
        "baseline": "middle",
        "dx": alt.ExprRef("-bandwidth('x') / 2"),
        "dy": alt.ExprRef(f"-{LINE_HEIGHT} * ({whole_fit} ? 0 : {broken_fit} ? datum.lines : datum.after)"),
        "text": alt.ExprRef(f"!({whole_fit}) && {broken_fit} ? datum.broken : datum.text"),
        "lineBreak": "\n",
        "lineHeight": LINE_HEIGHT,
        "fontSize": SMALL_FONT_SIZE,
        "color": frame.palette.muted,
    }
    return layer(table, "text", style, x=frame.x, y=alt.Y("y:Q", scale=None))


def _fit(name: str, texts: Sequence[Sequence[str]], slots: Sequence[Sequence[str]]) -> str:
    """Return a Vega expression: whether the lines of each title end before the next title, or with the last bar."""
    widths = [max(map(text_width, lines)) for lines in texts]
    bars = [*(len(slot) + 1 for slot in slots[:-1]), len(slots[-1])]
    widest = max(width / number for width, number in zip(widths, bars, strict=True))
    return f"bandwidth('x') >= {varying(name, round((1 - BETWEEN_YEARS) * widest, 1))}"


def _numbers(*results: Yearly, titles: Sequence[str], **_: object) -> pd.DataFrame:
    bars = [result.bars.assign(counted=title) for result, title in zip(results, titles, strict=True)]
    return pd.concat(bars, ignore_index=True)


WAYS_OF_COUNTING = FigureKind(
    name="ways_of_counting",
    chart=ways_chart,
    description=ways_description,
    reading=ways_reading,
    numbers=_numbers,
    columns={**BAR_COLUMNS, "counted": "the way of counting"},
    disclosure=shared_yearly,
    in_r=None,
    verdict=no_verdict,
)
