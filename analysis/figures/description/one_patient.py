"""One patient: states as a strip, below it treatments as bars, and a panel for each measure on the same time axis.

All panels are in one view, with pixels of y for each measure, as only a single view stretches with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.disclosure.refused import ALONE
from analysis.facts.remission import RemissionRule
from analysis.figures.common.axes import Frame, longest_time, month_x, months_title
from analysis.figures.common.keys import key_layers
from analysis.figures.common.kind import FigureKind, no_reading, no_verdict
from analysis.figures.common.marks import mark_entry, mark_layer, state_colour, state_entry
from analysis.figures.common.meanings import meanings
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, dress, layer
from analysis.figures.description.treatment_bars import bar_layers, bars_height, shown_periods, treatment_words
from analysis.listings.drug_periods import drug_periods
from analysis.listings.lanes import MARKS, lanes

PANEL_HEIGHT = 64
STRIP = 16  # pixels of the strip of states
TITLE = 30  # pixels above a panel for the name of its measure
NO_VALUES = "no value"
MOST_TICKS = 4
FLAT_ABOVE = 0.6  # of the highest value: if the lowest is above this share, the axis does not start at 0

_Y, _Y2 = alt.Y("y:Q", scale=None), alt.Y2("y2:Q")


@dataclass(frozen=True)
class Panel:
    """A measure and where it is drawn.

    Attributes
    ----------
    title
        The measure in words, with its unit.
    unit
        Its unit; "" for none.
    values
        months, value.
    ticks
        The labelled values; the first and last are the edges of the panel.
    top, height
        In pixels.
    """

    title: str
    unit: str
    values: pd.DataFrame
    ticks: list[float]
    top: float
    height: float

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.top + self.height * (high - value) / (high - low)


def patient_chart(
    cohort: Cohort,
    patient_id: str,
    measures: Sequence[str],
    *,
    rule: str | RemissionRule = "recorded",
    look: Look = Look(),
    panel_height: float | None = None,
) -> alt.LayerChart:
    """Return all that is known of a patient over time.

    Parameters
    ----------
    cohort
        The cohort of the patient.
    patient_id
        The id of the patient.
    measures
        Numeric columns of the visits, one panel each, from the top.
    rule
        The definition of remission, as for `lanes`.
    look
        How the figure is drawn.
    panel_height
        Height of a panel in pixels; the default depends on the look.

    Raises
    ------
    ValueError
        If the cohort has no such patient.
    """
    patient = cohort.of_patient(patient_id)
    course, taken = lanes(patient, rule=rule), drug_periods(patient, patient_id)
    seen = patient.visits.loc[patient.visits[list(measures)].notna().any(axis=1), "months"]
    months = pd.concat([course.patients["months"], seen])
    first = min(0.0, float(months.min()))
    taken = shown_periods(taken, first)
    on_stage = (look.height(0) - bars_height(taken)) / max(len(measures), 1) - TITLE
    panel_height = panel_height or (on_stage if look.on_stage else PANEL_HEIGHT)
    panels = _panels(patient, measures, panel_height, STRIP + bars_height(taken))
    height = STRIP + bars_height(taken) + sum(TITLE + panel.height for panel in panels)
    frame = Frame(
        [],
        look,
        height,
        month_x(longest_time(months), months_title(), first, years=not look.on_paper),
        alt.Scale(),
        alt.Axis(),
    )
    colours = frame.palette
    entries = [
        *(state_entry(state, colours) for state in course.states if state in set(course.stays["state"])),
        *(mark_entry(mark, colours) for mark in MARKS if mark in set(course.marks["mark"])),
    ]
    layers = [
        *_scales(panels, frame),
        _strip(course.stays, frame),
        *bar_layers(taken, STRIP, first, frame),
        *_marks(course.marks, panels, frame),
        *_values(panels, frame),
        *key_layers(entries, colours),
    ]
    return dress(layers, height=height, look=look)


def patient_description(
    cohort: Cohort, patient_id: str, measures: Sequence[str], *, rule: str | RemissionRule = "recorded"
) -> str:
    """Return the alternative text: the figure in words."""
    patient = cohort.of_patient(patient_id)
    course = lanes(patient, rule=rule)
    stays = [f"{stay.state} from month {stay.start:.1f} to {stay.end:.1f}" for stay in course.stays.itertuples()]
    marks = [f"{mark.mark} at month {mark.months:.1f}" for mark in course.marks.itertuples()]
    sentences = [f"Patient {patient_id} over months since transplantation: {', '.join([*stays, *marks])}."]
    sentences += filter(None, [treatment_words(drug_periods(patient, patient_id))])
    for panel in _panels(patient, measures, 1, 0):
        values = panel.values
        if values.empty:
            sentences.append(f"{panel.title}: {NO_VALUES}.")
            continue
        told = [
            f"{value:g} at month {month:g}"
            for month, value in zip(values["months"].iloc[[0, -1]], values["value"].iloc[[0, -1]], strict=True)
        ]
        low, high = values["value"].min(), values["value"].max()
        sentences.append(
            f"{panel.title}, {count_words(len(values), 'value')}: first {told[0]}, last {told[1]}, "
            f"lowest {low:g}, highest {high:g}."
        )
    return " ".join(sentences)


def _panels(patient: Cohort, measures: Sequence[str], height: float, below: float) -> list[Panel]:
    own = patient.visits.sort_values("months", kind="stable")
    panels = []
    for place, measure in enumerate(measures):
        held = own[own[measure].notna() & own["months"].notna()]
        values = pd.DataFrame({"months": held["months"].astype(float), "value": held[measure].astype(float)})
        label, unit = column_label(measure), column_unit(measure)
        title = f"{label} ({unit})" if unit else label
        top = below + TITLE + place * (TITLE + height)
        panels.append(Panel(title, unit, values, _ticks(values["value"], unit == "points"), top, height))
    return panels


def _ticks(values: pd.Series, from_zero: bool) -> list[float]:
    """Return three or four round numbers that include all values, from 0 unless that would flatten them."""
    if values.empty:
        return [0.0, 1.0]
    low, high = float(values.min()), float(values.max())
    if 0 <= low < FLAT_ABOVE * high or low == high or from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    high = high if high > low else low + 1
    unit = 10.0 ** np.floor(np.log10((high - low) / 2))
    for step in (unit * times for times in (1, 2, 5, 10, 20)):
        # Tolerance: a value on a tick except for rounding needs no further tick.
        first, last = int(np.floor(low / step + SAME)), int(np.ceil(high / step - SAME))
        if last - first < MOST_TICKS:
            break
    return [float(step * number) for number in range(first, last + 1)]


def _scales(panels: Sequence[Panel], frame: Frame) -> list[alt.Chart]:
    """Return the grid lines, tick labels and title of each panel."""
    ticks = pd.DataFrame(
        [(f"{tick:g}", panel.y(tick)) for panel in panels if len(panel.values) for tick in panel.ticks],
        columns=["text", "y"],
    )
    titles = pd.DataFrame([(panel.title, panel.top - 10) for panel in panels], columns=["text", "y"])
    empty = pd.DataFrame(
        [(NO_VALUES, panel.top + panel.height / 2) for panel in panels if panel.values.empty], columns=["text", "y"]
    )
    small = {"baseline": "middle", "fontSize": SMALL_FONT_SIZE}
    words = alt.Text("text:N")
    muted, text = frame.palette.muted, frame.palette.text
    return [
        layer(ticks[["y"]], "rule", {"color": frame.palette.grid, "x": 0, "x2": "width"}, y=_Y),
        layer(ticks, "text", {**small, "align": "right", "x": -8, "color": muted}, y=_Y, text=words),
        layer(titles, "text", {**small, "align": "left", "x": 0, "color": text}, y=_Y, text=words),
        layer(empty, "text", {**small, "align": "left", "x": 8, "color": muted}, y=_Y, text=words),
    ]


def _strip(stays: pd.DataFrame, frame: Frame) -> alt.Chart:
    table = pd.DataFrame(
        {
            "months": stays["start"],
            "end": stays["end"],
            "ink": [state_colour(state, frame.palette) for state in stays["state"]],
            "state": stays["state"],
            "time": [f"month {stay.start:.1f} to {stay.end:.1f}" for stay in stays.itertuples()],
        }
    )
    return layer(
        table,
        "rect",
        {"y": 0, "y2": STRIP},
        x=frame.x,
        x2=alt.X2("end:Q"),
        fill=alt.Fill("ink:N", scale=None),
        tooltip=[alt.Tooltip("state:N", title="State"), alt.Tooltip("time:N", title="Time")],
    )


def _marks(marks: pd.DataFrame, panels: Sequence[Panel], frame: Frame) -> list[alt.Chart]:
    """Return a vertical line through all panels for each event, and its shape on the strip."""
    told = marks.assign(
        y=STRIP / 2,
        what=[_event_words(mark, note) for mark, note in zip(marks["mark"], marks["note"], strict=True)],
        time=[f"month {month:.1f}" for month in marks["months"]],
    )
    words = {"what": "Event", "time": "Time"}
    # Lines leave out the titles between the panels.
    lines = pd.DataFrame(
        [
            (month, panel.top, panel.top + panel.height, mark_entry(mark, frame.palette).ink)
            for month, mark in zip(marks["months"], marks["mark"], strict=True)
            for panel in panels
        ],
        columns=["months", "y", "y2", "ink"],
    )
    style = {"strokeDash": [3, 3], "strokeWidth": 1}
    return [
        layer(lines, "rule", style, x=frame.x, y=_Y, y2=_Y2, color=alt.Color("ink:N", scale=None)),
        mark_layer(told, frame.x, frame.palette, size=110, tooltip=words),
    ]


def _event_words(mark: str, note: str) -> str:
    words = f"{mark[:1].upper()}{mark[1:]}"
    return f"{words}: {note}" if note else words


def _values(panels: Sequence[Panel], frame: Frame) -> list[alt.Chart]:
    """Return the line of each measure, and a point with a tooltip for each visit."""
    table = pd.DataFrame(
        [
            (place, month, panel.y(value), panel.title, f"{value:g} {panel.unit}".strip(), f"month {month:g}")
            for place, panel in enumerate(panels)
            for month, value in zip(panel.values["months"], panel.values["value"], strict=True)
        ],
        columns=["panel", "months", "y", "measure", "value", "visit"],
    )
    colour = frame.palette.lines(["All"])[0]
    words = {"measure": "Measure", "value": "Value", "visit": "Visit"}
    return [
        layer(
            table[["panel", "months", "y"]],
            "line",
            {"color": colour, "strokeWidth": 2},
            x=frame.x,
            y=_Y,
            detail=alt.Detail("panel:N"),
        ),
        layer(
            table,
            "point",
            {"size": 45, "filled": True, "opacity": 1, "color": colour},
            x=frame.x,
            y=_Y,
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        ),
    ]


def _numbers(cohort: Cohort, patient_id: str, measures: Sequence[str], **_: object) -> pd.DataFrame:
    own = cohort.of_patient(patient_id).visits
    return own[[name for name in ("patient_id", "months", *measures) if name in own]]


ONE_PATIENT = FigureKind(
    name="one_patient",
    chart=patient_chart,
    description=patient_description,
    reading=no_reading,
    numbers=_numbers,
    columns=meanings("patient_id", "months"),
    disclosure=ALONE,
    in_r=None,
    verdict=no_verdict,
)
