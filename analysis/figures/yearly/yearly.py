"""Bars per year, with intervals as whiskers and the numbers of patients below."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.centres.comparable import Papers
from analysis.cohort.wording import HIDDEN
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.yearly.remission_range import RemissionRange
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import (
    SHARE_SCALE,
    SHARES,
    Frame,
    cut_sentence,
    ends_of,
    rows_top,
    share_axis,
    title_room,
    value_axis,
    year_x,
)
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.mark_layers import mark_layers, mark_targets
from analysis.figures.common.picking import picks
from analysis.figures.common.published_marks import marks_described
from analysis.figures.common.theme import Look, dress, group_order
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate
from analysis.figures.yearly.published_years import GAP, SHIFT, published_years, years_note
from analysis.figures.yearly.r_bars import yearly_in_r
from analysis.figures.yearly.yearly_bars import (
    BAR_COLUMNS,
    HIDDEN_NOTE,
    LEAST_RATE,
    Kind,
    any_hidden,
    bar_axis,
    bar_layers,
    bar_name,
    cut_at,
    cut_note,
    drawn_bars,
    pale_note,
    reach,
    row_labels,
    value_title,
)
from analysis.figures.yearly.yearly_reading import yearly_reading
from analysis.figures.yearly.yearly_verdict import yearly_verdict

HEIGHT = 320


def yearly_chart(
    result: Yearly,
    *,
    kind: Kind,
    remission: str = "complete remission",
    possible: RemissionRange | None = None,
    published: Papers | None = None,
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return the value of each year with its interval, and how many of how many below each bar.

    Bars of years that fewer than half of the patients could have been followed to are pale. A click picks a bar, even a
    missing one (`analysis.figures.common.picking`).

    Parameters
    ----------
    result
        The shares or rates.
    kind
        The outcome, which gives a single group its colour.
    remission
        The definition of remission, in words.
    possible
        The lowest and highest share if none or all of those not seen were in remission, drawn as a thin outer whisker.
    published
        Published shares, drawn as grey marks in the gaps between the bars; they are in no test.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and rows of numbers; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    bars = drawn_bars(result, possible)
    groups, rows = group_order(result.bars["group"]), _rows(result, bars)
    highest = bar_axis(result, bars)
    left, room = row_labels(rows, groups, look).left, title_room(look)
    scale, axis = _value_axis(result, highest, value_title(result, remission), left, room)
    bars = cut_at(bars, highest)
    marks = None if published is None else published_years(result, published)
    years = year_x(bars["year"]) if marks is None else year_x(bars["year"], after=GAP)
    frame = Frame(groups, look, height, years, scale, axis)
    layers = bar_layers(bars, rows, frame, kind, top=height + rows_top(look, years=False))
    note = _note(result, bars, possible is not None, look)
    if marks is not None:
        layers = [*mark_layers(marks, frame, SHIFT), *layers, mark_targets(marks, frame, SHIFT)]
        note += years_note(result, marks)
    return dress(layers, height=height, look=look, note=note, params=[picks("group", "year")])


def yearly_description(result: Yearly, *, least: float = LEAST_RATE, published: Papers | None = None) -> str:
    """Return the alternative text; `least` is the value to which an axis of rates extends at least."""
    unit = result.estimand.short if is_rate(result) else "in per cent"
    sentences = [f"Bars {unit} by year since transplantation."]
    bars = bar_words(result)
    for group, year, counts, patients, words in zip(
        bars["group"], bars["year"], bars["counts"], bars["patients"], bars["words"], strict=True
    ):
        start = bar_name(group, year)
        start = start[:1].upper() + start[1:] if group == "All" else start
        sentences.append(f"{start}: {counts}, {words}." if patients and words != counts else f"{start}: {counts}.")
    immature = bars[bars["immature"] & bars["share"].notna()]
    pale = [bar_name(group, year) for group, year in zip(immature["group"], immature["year"], strict=True)]
    if pale:
        sentences.append(f"Pale, as fewer than half could be followed that long: {', '.join(pale)}.")
    if is_rate(result):
        shown = drawn_bars(result)
        sentences += cut_sentence(cut_note(cut_at(shown, max(least, reach(shown)))))
    if published is not None:
        sentences += marks_described(published_years(result, published), "year")
    return " ".join(sentences)


def _value_axis(result: Yearly, highest: float, title: str, left: float, room: int) -> tuple[alt.Scale, alt.Axis]:
    """Return the axis of percentages or of rates."""
    if not is_rate(result):
        return SHARE_SCALE, share_axis(title, left, room=room)
    scale = alt.Scale(domain=ends_of("y", 0, highest), nice=False)
    return scale, value_axis(title, left, room, tickCount=len(SHARES))


def _rows(result: Yearly, bars: pd.DataFrame) -> pd.DataFrame:
    """Return heading, group, year and text of the numbers below the bars."""
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
    """Return numbers as text, "hidden" if missing."""
    return numbers.map(form.format, na_action="ignore").fillna(HIDDEN)


def _note(result: Yearly, bars: pd.DataFrame, possible: bool, look: Look) -> list[str]:
    """Return the meaning of marks that the figure has; on paper, where no page tells it, of the whiskers too."""
    notes = [HIDDEN_NOTE] if any_hidden(bars) else []
    notes += [f"whiskers: {100 * result.settings.level:g} % intervals"] if look.paper else []
    notes += pale_note(bars) + cut_note(bars)
    if possible:
        notes.append("outer whiskers: none or all unseen in remission")
    if is_estimated(result):
        notes.append(f"estimated ({result.estimand.estimator}): no fraction of those at risk")
    return notes


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
    in_r=yearly_in_r,
    verdict=yearly_verdict,
)
