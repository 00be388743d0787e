"""The same patients by all estimands: small bars side by side in one chart, so that it is redrawn at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import wrap

import altair as alt
import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import DEPTH, LINE_HEIGHT, Frame
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.picking import picks
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, dress, group_order, layer, text_width
from analysis.figures.common.times_in_common import time_in_common, times_in_common
from analysis.figures.common.varying import varying
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate
from analysis.figures.yearly.yearly import yearly_description
from analysis.figures.yearly.yearly_bars import (
    BAR_COLUMNS,
    HIDDEN_NOTE,
    TITLE_HEIGHT,
    Kind,
    any_hidden,
    bar_layers,
    cut_at,
    cut_note,
    drawn_bars,
    pale_note,
    reach,
)

HEIGHT = 130
LEAST = 100.0  # the axis extends at least to this
BETWEEN_TICKS = 50
BETWEEN_BARS = 0.25  # of the distance from bar to bar
TITLE_RISE = 27  # pixels from the plot to the middle of a title, with room for the value above an interval up to 100 %
YEAR = ", year "


def estimand_strip(
    *results: Yearly, titles: Sequence[str], kind: Kind, look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return the bars of several estimands, with how many of how many below each.

    Parameters
    ----------
    results
        One per estimand, on one axis: in percent, or first relapses per 100 patient-years.
    titles
        A short title of each, all different.
    kind
        The outcome, which gives a single group its colour.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    bars = pd.concat([_slots(result, title) for result, title in zip(results, titles, strict=True)], ignore_index=True)
    highest = max(LEAST, reach(bars[bars["rate"]]))
    bars, end = cut_at(bars, highest), varying("highest", highest)
    frame = Frame(
        group_order(results[0].bars["group"]),
        look,
        height,
        _slot_x(bars, titles),
        alt.Scale(domain=[0, alt.ExprRef(end)], nice=False),
        alt.Axis(title=_axis_title(results), values=alt.ExprRef(f"sequence(0, {end} + 1, {BETWEEN_TICKS})")),
    )
    layers = [
        *bar_layers(bars, _rows(bars), frame, kind, top=height + DEPTH - LINE_HEIGHT - TITLE_HEIGHT),
        _titles(bars, titles, frame),
    ]
    return dress(layers, height=height, look=look, note=_note(results, bars), params=[picks("group", "year")])


def strip_description(*results: Yearly, titles: Sequence[str]) -> str:
    """Return the alternative text: the figure in words."""
    words = [yearly_description(result, least=LEAST) for result in results]
    return " ".join(f"{title}: {each}" for each, title in zip(words, titles, strict=True))


def ways_line(*results: Yearly, titles: Sequence[str]) -> str:
    """Return a clause: the lowest and highest share by any way of counting, at the last year with enough in the first.

    Parameters
    ----------
    results, titles
        As for `estimand_strip`; rates are left out.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> ways = [yearly_remission(load_sample(), estimand=way) for way in ("assessed", "deaths_counted")]
    >>> ways_line(*ways, titles=["Assessed", "Deaths counted"])
    'year 3: 31 % (deaths counted) to 42 % (assessed).'
    """
    bars = bar_words(results[0])
    groups = list(dict.fromkeys(bars["group"]))
    years = times_in_common(bars[bars["share"].notna()], "year")
    if not years:
        return ""
    year = time_in_common(bars, years, "year", "patients", FEW_AT_RISK).at
    ways = [
        bar_words(result).assign(way=title.lower())
        for result, title in zip(results, titles, strict=True)
        if not is_rate(result)
    ]
    held = pd.concat(ways)
    held = held[(held["year"] == year) & held["share"].notna()].sort_values("share", kind="stable")
    ranges = []
    for group in groups:
        each = held[held["group"] == group]
        ends = [f"{row['printed']} ({row['way']})" for _, row in each.iloc[[0, -1]].iterrows()]
        ranges.append(f"{'' if group == 'All' else f'{group} '}{' to '.join(ends)}")
    return f"year {year:g}: {', '.join(ranges)}."


def strip_reading(*results: Yearly) -> str:
    """Return why fewer have ever been in remission than are assessed in it, if so in some year; else ""."""
    by_name = {result.estimand.name: result for result in results}
    if not {"ever", "assessed"} <= set(by_name):
        return ""
    bars = [bar_words(by_name[name]).set_index(["group", "year"]) for name in ("ever", "assessed")]
    ever, assessed = bars
    assessed_late = by_name["assessed"].late > 0
    sentences = [
        f"{'Year' if group == 'All' else f'{group}, year'} {year}: {ever.loc[(group, year), 'printed']} ever, "
        f"{assessed.loc[(group, year), 'printed']} of those assessed."
        for group, year in ever.index.intersection(assessed.index)
        if ever.loc[(group, year), "share"] < assessed.loc[(group, year), "share"]
    ]
    if not sentences:
        return ""
    why = (
        "Fewer ever than assessed is no error: a visit in the months after the end of a year counts for that year in "
        "“assessed” only, and “assessed” leaves out those who died or were lost, whom “ever” allows for."
    )
    late = "Who came under observation in remission, or after it, is in “assessed” only." if assessed_late else ""
    return " ".join(filter(None, [*sentences, why, late]))


def _slots(result: Yearly, title: str) -> pd.DataFrame:
    """Return the bars of one estimand, with a position of their own instead of the year."""
    bars = drawn_bars(result)
    estimated = is_estimated(result)
    whole = _told(bars["person_years"], "{:.0f}") if is_rate(result) else _told(bars["patients"])
    return bars.assign(
        year=[f"{title}{YEAR}{year}" for year in bars["year"]],
        counted="" if estimated else _told(bars["events"]),
        of="" if estimated else whole,
        rate=is_rate(result),
        left=_told(bars["at_risk"]) if estimated else "",
    )


def _told(numbers: pd.Series, form: str = "{:,}") -> pd.Series:
    """Return numbers as text, "hidden" if missing."""
    return numbers.map(form.format, na_action="ignore").fillna(HIDDEN)


def _slot_x(bars: pd.DataFrame, titles: Sequence[str]) -> alt.X:
    """Return the encoding of positions: the years of each estimand, with a gap between estimands."""
    domain: list[str] = []
    for title in titles:
        domain += [*([f"before {title}"] if domain else []), *_of(bars, title)]
    return alt.X(
        "year:O",
        scale=alt.Scale(domain=alt.ExprRef(varying("slots", domain)), paddingInner=BETWEEN_BARS, paddingOuter=0.15),
        axis=alt.Axis(
            title=None,
            values=alt.ExprRef(varying("years", list(bars["year"].unique()))),
            labelExpr=f"split(datum.label, {json.dumps(YEAR)})[1]",
            labelAngle=0,
            ticks=False,
            labelPadding=8,
        ),
    )


def _of(bars: pd.DataFrame, title: str) -> list[str]:
    return [slot for slot in bars["year"].unique() if slot.rpartition(YEAR)[0] == title]


def _axis_title(results: Sequence[Yearly]) -> str | list[str]:
    return ["%, or per 100", "patient-years"] if any(map(is_rate, results)) else "%"


def _note(results: Sequence[Yearly], bars: pd.DataFrame) -> list[str]:
    """Return what the numbers below the bars do not show."""
    names = [result.estimand.name for result in results if is_estimated(result)]
    notes = [f"{' and '.join(names)}: estimated, no fraction of those at risk"] if names else []
    told = bars.assign(year=bars["year"].str.rpartition(YEAR)[2])
    notes += pale_note(bars) + cut_note(told)
    notes += [HIDDEN_NOTE] if any_hidden(bars) else []
    return [*notes, *(["rate: out of patient-years"] if any(map(is_rate, results)) else [])] or [" "]


def _rows(bars: pd.DataFrame) -> pd.DataFrame:
    """Return heading, group, year and text of the numbers below the bars."""
    texts = {"Counted": bars["counted"], "Out of": bars["of"]}
    if (bars["left"] != "").any():
        texts["At risk"] = bars["left"]
    return pd.concat([bars[["group", "year"]].assign(heading=heading, text=text) for heading, text in texts.items()])


def _titles(bars: pd.DataFrame, titles: Sequence[str], frame: Frame) -> alt.Chart:
    """Return the title of each estimand, above its first bar.

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
    return f"bandwidth('x') >= {varying(name, round((1 - BETWEEN_BARS) * widest, 1))}"


def _numbers(*results: Yearly, titles: Sequence[str], **_: object) -> pd.DataFrame:
    bars = [result.bars.assign(counted=title) for result, title in zip(results, titles, strict=True)]
    return pd.concat(bars, ignore_index=True)


ESTIMAND_STRIP = FigureKind(
    name="estimand_strip",
    chart=estimand_strip,
    description=strip_description,
    reading=strip_reading,
    numbers=_numbers,
    columns={**BAR_COLUMNS, "counted": "the way of counting"},
    disclosure=shared_yearly,
    in_r=None,
    verdict=no_verdict,
)
