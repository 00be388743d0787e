"""Every patient as a dot, in the line of the state that the patient is in at one month."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.disclosure.refused import SINGLE_PATIENTS
from analysis.facts.months_in_states import GONE, NOT_YET
from analysis.figures.common.kind import FigureKind, no_reading, no_verdict
from analysis.figures.common.marks import state_colour
from analysis.figures.common.meanings import meanings
from analysis.figures.common.picking import TARGETS, picks
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, Palette, dress, layer, palette
from analysis.figures.common.varying import varying
from analysis.listings.month_dots import Dots

MOST_DOTS = 1000
TOO_MANY = (
    f"Dots are drawn for at most {MOST_DOTS:,} patients. How many are in each state over time is on the Remission & "
    "relapse page."
)
MOST_IN_LINE = 100
PITCH, FINE_PITCH = 16, 8  # pixels between lines of dots
FINE_FROM = 200  # patients
NAME_LINE = 17  # pixels for the name of a state
BAND_GAP = 5
SHARE = 0.85  # of the room of a dot that it takes

_Y = alt.Y("y:Q", scale=None, axis=None)


def dots_chart(dots: Dots, *, look: Look = Look()) -> alt.LayerChart:
    """Return one dot per patient by state; a click picks its patient_id (`analysis.figures.common.picking`).

    The lines of a state have room for all who are in it at any month, so that nothing moves but dots.

    Parameters
    ----------
    dots
        The patients in their states.
    look
        How the figure is drawn.
    """
    colours, patients = palette(look), len(dots.table)
    pitch = PITCH if patients <= FINE_FROM else FINE_PITCH
    columns = min(max(-(-patients // 2), 1), MOST_IN_LINE)
    lines = -(-dots.most["patients"] // columns)
    tops = (lines * pitch + NAME_LINE + BAND_GAP).cumsum().shift(fill_value=0)
    top = dict(zip(dots.most["state"], tops, strict=True))
    height = max(float((lines * pitch + NAME_LINE + BAND_GAP).sum()), 1.0)
    room = f"width / {varying('columns', columns)}"
    size = f"PI / 4 * pow({SHARE} * min({varying('pitch', pitch)}, {room}), 2)"
    layers = [
        _names(dots, top, colours),
        layer(
            _placed(dots, top, columns, pitch, colours),
            "point",
            {
                "filled": True,
                "opacity": 1,
                "cursor": "pointer",
                "shape": "circle",
                "size": alt.ExprRef(size),
                "x": alt.ExprRef(f"(datum.column + 0.5) * {room}"),
            },
            name=TARGETS,
            y=_Y,
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("ink:N", scale=None),
            tooltip=[alt.Tooltip("patient_id:N", title="Patient"), alt.Tooltip("told:N", title="State")],
        ),
    ]
    note = [f"month {dots.month:g} since transplantation", *(["pale: not selected"] if dots.selected else [])]
    return dress(layers, height=height, look=look, note=note, params=[picks("patient_id")])


def _placed(dots: Dots, top: dict[str, int], columns: int, pitch: int, colours: Palette) -> pd.DataFrame:
    """Return the place and colours of each dot; those not followed are open, those not selected pale."""
    table = dots.table.astype({"state": str})
    place = table.groupby("state").cumcount()
    # A state is filled line by line.
    line, column = np.divmod(place, columns)
    inks = {state: _ink(state, colours) for state in top}
    fills = {state: colours.background if state in (GONE, NOT_YET) else ink for state, ink in inks.items()}
    return pd.DataFrame(
        {
            "patient_id": table["patient_id"],
            "told": table["state"].where(table["kept"], table["state"] + ", not selected"),
            "column": column,
            "y": table["state"].map(top) + NAME_LINE + (line + 0.5) * pitch,
            "ink": table["state"].map(inks).where(table["kept"], colours.grid),
            "fill": table["state"].map(fills).where(table["kept"], colours.grid),
        }
    )


def _ink(state: str, colours: Palette) -> str:
    return colours.states[GONE] if state in (GONE, NOT_YET) else state_colour(state, colours)


def _names(dots: Dots, top: dict[str, int], colours: Palette) -> alt.Chart:
    """Return the name of each state above its dots, with the number of patients in it."""
    counts = _counts(dots)
    table = pd.DataFrame(
        {
            "text": [f"{_sentence(state)}  {counts[state]}" for state in top],
            "y": [float(place) + NAME_LINE / 2 for place in top.values()],
        }
    )
    style = {"align": "left", "baseline": "middle", "fontSize": SMALL_FONT_SIZE, "color": colours.text, "x": 0}
    return layer(table, "text", style, y=_Y, text=alt.Text("text:N"))


def _counts(dots: Dots) -> dict[str, str]:
    """Return the number of patients in each state that anybody is ever in: of those selected, and of all."""
    states = dots.table["state"].astype(str)
    kept = states[dots.table["kept"]].value_counts()
    of_all = states.value_counts()
    return {
        state: f"{kept.get(state, 0):,}{f' of {of_all.get(state, 0):,}' if dots.selected else ''}"
        for state in dots.most["state"]
    }


def dots_description(dots: Dots) -> str:
    """Return the alternative text: the number in each state.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.listings.month_dots import dots
    >>> dots_description(dots(load_sample(), month=1))
    'Month 1, 87 patients: partial remission 16, active 71.'
    """
    kept = int(dots.table["kept"].sum())
    told = [f"{state} {count}" for state, count in _counts(dots).items() if not count.startswith("0")]
    return f"Month {dots.month:g}, {count_words(kept, 'patient')}: {', '.join(told) or 'nobody'}."


def _sentence(state: str) -> str:
    return state[:1].upper() + state[1:]


def _numbers(dots: Dots, **_: object) -> pd.DataFrame:
    return dots.table


DOTS = FigureKind(
    name="dots",
    chart=dots_chart,
    description=dots_description,
    reading=no_reading,
    numbers=_numbers,
    columns=meanings(
        "patient_id",
        state="state of the patient at the month of the figure",
        kept="whether the patient is selected",
    ),
    disclosure=SINGLE_PATIENTS,
    in_r=None,
    verdict=no_verdict,
)
