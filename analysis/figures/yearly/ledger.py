"""The yearly ledger of all patients: a stacked bar per year above its numbers."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.cohort.wording import HIDDEN, count_words
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.place_by_year import PLACES
from analysis.figures.common.axes import Frame, ends_of, rows_top, value_axis, year_x
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import count_or_hidden
from analysis.figures.common.picking import INVISIBLE, TARGETS, picks
from analysis.figures.common.rows import ROW_HEIGHT, part_heights, part_rows
from analysis.figures.common.theme import Look, dress, layer
from analysis.figures.common.times_in_common import time_in_common
from analysis.figures.yearly.ledger_table import LEDGER_WORDS
from analysis.figures.yearly.yearly_bars import bar_name
from analysis.figures.yearly.yearly_reading import GONE

Y_TITLE = "Patients"
HEIGHT = 180
WORDS = {**LEDGER_WORDS, HIDDEN: "Hidden together"}

_Y, _Y2 = alt.Y("y:Q", scale=None), alt.Y2("y2:Q")


def ledger_chart(
    result: Yearly, *, group: str = "All", look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return where the patients of a group are in each year, as parts of a bar and numbers below it.

    Parts with hidden numbers are drawn as one open frame, as their sum follows from the others.

    A click on a part or its number picks it (`analysis.figures.common.picking`): group, year and place.

    Parameters
    ----------
    result
        The shares by any estimand; the ledger is the same.
    group
        The group to show.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and rows of numbers; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    ledger = result.ledger[result.ledger["group"].astype(str) == group]
    enrolled = max([1, *ledger["enrolled"]])
    scale = alt.Scale(domain=ends_of("y", 0, enrolled), nice=False)
    axis = value_axis(Y_TITLE, tickCount=4, format="d")
    frame = Frame([group], look, height, year_x(ledger["year"]), scale, axis)
    fills = {**frame.palette.places, HIDDEN: frame.palette.background}
    ledger = ledger.assign(**{HIDDEN: _hidden_sum(ledger)})
    there = [place for place in (*PLACES, HIDDEN) if (ledger[place] != 0).any() or place == "assessed"]
    colours = {place: fills[place] for place in there}
    parts = _parts(ledger, list(colours), height / enrolled, height)
    top = height + rows_top(look, years=False)
    layers = [
        layer(
            parts[["year", "place", "y", "y2"]],
            "bar",
            _edge(frame),
            x=frame.x,
            y=_Y,
            y2=_Y2,
            fill=alt.Fill("place:N", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None),
        ),
        _axis(ledger, frame),
        _targets(parts, list(colours), top, group, frame),
        *part_rows(
            parts.assign(part=parts["place"].map(WORDS))[["part", "year", "text"]],
            {WORDS[place]: colour for place, colour in colours.items()},
            frame,
            top=top,
        ),
    ]
    return dress(layers, height=height, look=look, params=[picks("group", "year", "place")])


def ledger_description(result: Yearly, *, group: str = "All") -> str:
    """Return the alternative text: the figure in words."""
    ledger = result.ledger[result.ledger["group"].astype(str) == group]
    sentences = ["Stacked bars of patients by year since transplantation."]
    for _, row in ledger.iterrows():
        places = [f"{LEDGER_WORDS[place].lower()} {count_or_hidden(row[place])}" for place in PLACES if row[place]]
        sentences.append(
            f"Year {row['year']}, {count_words(row['enrolled'], 'patient')}: {', '.join(places) or 'nobody'}."
        )
    return " ".join(sentences)


def ledger_reading(result: Yearly, *, group: str = "All") -> str:
    """Return how many of a group are assessed and where the others are, at the last year with enough in each group.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> ledger_reading(yearly_remission(load_sample()))
    'Year 3: 12 of 87 patients assessed; 11 followed but not seen, 4 died before, 14 lost before, 46 not yet due.'
    """
    ledger = result.ledger.astype({"group": str})
    years = sorted(ledger["year"].unique())
    year = int(time_in_common(ledger, years, "year", "assessed", FEW_AT_RISK).at)
    row = ledger[(ledger["group"] == group) & (ledger["year"] == year)].iloc[0]
    name = bar_name(group, year)
    told = f"{count_or_hidden(row['assessed'])} of {count_words(row['enrolled'], 'patient')} assessed"
    others = [f"{count_or_hidden(row[place])} {words}" for place, words in GONE.items() if row[place] != 0]
    return f"{name[:1].upper()}{name[1:]}: {told}{'; ' if others else ''}{', '.join(others)}."


def _hidden_sum(ledger: pd.DataFrame) -> pd.Series:
    """Return the number of patients in all hidden parts."""
    return (ledger["enrolled"] - ledger[list(PLACES)].astype(float).sum(axis=1)).astype(int)


def _parts(ledger: pd.DataFrame, places: list[str], pixels: float, height: float) -> pd.DataFrame:
    """Return year, place, text and the lower and upper pixel of each part, the first place at the bottom."""
    upto = ledger[places].astype(float).fillna(0).cumsum(axis=1)
    parts = ledger.melt(["year"], places, "place", "told")
    patients = parts["told"].astype(float).fillna(0)
    ends = upto.assign(year=ledger["year"]).melt(["year"], places, "place", "end")["end"]
    return parts.assign(
        patients=patients,
        y=height - pixels * ends,
        y2=height - pixels * (ends - patients),
        text=parts["told"].map(count_or_hidden),
    )


def _axis(ledger: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return an invisible layer that draws the axis of patients, as the parts are placed in pixels."""
    return layer(ledger[["year", "enrolled"]], "bar", {"opacity": 0}, x=frame.x, y=frame.y("enrolled"))


def _targets(parts: pd.DataFrame, places: list[str], top: float, group: str, frame: Frame) -> alt.Chart:
    """Return a frame around every part and every number below the axis."""
    middle = parts["place"].map(part_heights(places, top))
    numbers = parts.assign(y=middle - ROW_HEIGHT / 2, y2=middle + ROW_HEIGHT / 2)
    targets = pd.concat([parts[parts["patients"] > 0], numbers], ignore_index=True)
    targets = targets.assign(group=group, where=targets["place"].map(WORDS))
    words = {"year": "Year", "where": "Place", "text": "Patients"}
    return layer(
        targets[["group", "year", "place", "where", "text", "y", "y2"]],
        "bar",
        {"cursor": "pointer"},
        name=TARGETS,
        x=frame.x,
        y=_Y,
        y2=_Y2,
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **INVISIBLE,
    )


def _edge(frame: Frame) -> dict[str, object]:
    ink = f"datum.place == '{HIDDEN}' ? '{frame.palette.muted}' : '{frame.palette.background}'"
    return {
        "stroke": alt.ExprRef(ink),
        "strokeWidth": 1,
        "strokeDash": alt.ExprRef(f"datum.place == '{HIDDEN}' ? [3, 3] : [1, 0]"),
    }


def _numbers(result: Yearly, group: str = "All", **_: object) -> pd.DataFrame:
    return result.ledger[result.ledger["group"].astype(str) == group]


LEDGER = FigureKind(
    name="ledger",
    chart=ledger_chart,
    description=ledger_description,
    reading=ledger_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "year",
        enrolled="all patients of the group",
        assessed="alive with a known state at a visit near the end of the year",
        visit_missing="followed, but without such a visit",
        died_before="died before the end of the year",
        lost_before="lost to follow-up before the end of the year",
        not_yet_due="not yet followed so long when the data were cut",
        ended_unknown="follow-up ended before the end of the year, reason unknown",
    ),
    disclosure=shared_yearly,
    in_r=None,
    verdict=no_verdict,
)
