"""A swimmer plot: one lane per patient, coloured by state, with events as shapes."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.disclosure.refused import SINGLE_PATIENTS
from analysis.figures.common.axes import Frame, longest_time, month_ticks, month_x, months_title
from analysis.figures.common.keys import key_layers
from analysis.figures.common.kind import FigureKind, no_reading, no_verdict
from analysis.figures.common.marks import mark_entry, mark_layer, state_colour, state_entry
from analysis.figures.common.meanings import meanings
from analysis.figures.common.picking import INVISIBLE, TARGETS, picks
from analysis.figures.common.rows import NAME_GAP, spread_out
from analysis.figures.common.table_cells import patients_heading
from analysis.figures.common.theme import SMALL_FONT_SIZE, Look, dress, layer, text_width
from analysis.figures.common.varying import varying
from analysis.listings.lanes import MARKS, SORTS, Lanes

MOST_LANES = 300
SCREEN = 523  # height in pixels that all lanes share unless they become too thin
THINNEST, THICKEST = 6.0, 22.0
LEAST_MARK = 24.0  # square pixels; of lanes that are thinner than that
NAMED_FROM = 10.0  # pixels; lower lanes have no patient id
NAME_LIMIT = 90

_Y, _Y2 = alt.Y("y:Q", scale=None), alt.Y2("y2:Q")


def swimmer_chart(lanes: Lanes, *, look: Look = Look(), lane_height: float | None = None) -> alt.LayerChart:
    """Return one lane per patient; a click picks its patient_id (`analysis.figures.common.picking`).

    Parameters
    ----------
    lanes
        The courses of the patients.
    look
        How the figure is drawn.
    lane_height
        Height of a lane in pixels; by default all lanes share one screen unless they become too thin.
    """
    patients = lanes.patients
    thinnest = 0 if look.on_stage else THINNEST  # nothing scrolls on the stage
    thick = lane_height or min(THICKEST, max(thinnest, look.height(SCREEN) / max(len(patients), 1)))
    height = round(thick * max(len(patients), 1), 1)
    longest = longest_time(patients["months"])
    frame = Frame([], look, height, month_x(longest, months_title(), years=not look.on_paper), alt.Scale(), alt.Axis())
    entries = [
        *(state_entry(state, frame.palette) for state in lanes.states if state in lanes.key),
        *(mark_entry(mark, frame.palette) for mark in MARKS if mark in lanes.key),
    ]
    named = thick >= NAMED_FROM and not look.on_stage  # an audience reads no patient's number
    layers = [
        _years(longest, frame),
        _stays(lanes.stays, thick, frame),
        mark_layer(
            lanes.marks.assign(y=(lanes.marks["lane"] + 0.5) * thick),
            frame.x,
            frame.palette,
            size=max(LEAST_MARK, min(90.0, 0.95 * thick**2)),
        ),
        _targets(lanes, thick, frame),
        _names(patients if named else patients.head(0), thick, frame),
        *(_sources(patients, thick, named, frame) if lanes.sort == "source" else []),
        *key_layers(entries, frame.palette),
    ]
    return dress(layers, height=height, look=look, note=_note(lanes), params=[picks("patient_id")])


def swimmer_description(lanes: Lanes) -> str:
    """Return the alternative text: the figure in words."""
    months = lanes.months_in_states.set_index("state")["months"]
    marks = lanes.patients_with_marks.set_index("mark")["patients"]
    spent = [f"{state} {months[state]:,.0f}" for state in lanes.states if state in months]
    happened = [f"{mark} {marks[mark]:,}" for mark in MARKS if mark in marks]
    patients = count_words(lanes.all_patients, "patient")
    return (
        f"One lane a patient over months since transplantation, {SORTS[lanes.sort]}: {patients}. "
        f"Months in each state: {', '.join(spent) or 'none'}. Patients with each mark: {', '.join(happened) or 'none'}."
    )


def _years(longest: float, frame: Frame) -> alt.Chart:
    """Return a vertical line at each tick, as the axis may be far below."""
    ticks = pd.DataFrame({"months": month_ticks(longest)})
    return layer(ticks, "rule", {"color": frame.palette.grid, "y": 0, "y2": frame.height}, x=frame.x)


def _stays(stays: pd.DataFrame, thick: float, frame: Frame) -> alt.Chart:
    gap = min(1.0, 0.14 * thick) if thick < NAMED_FROM else 0.14 * thick
    table = pd.DataFrame(
        {
            "months": stays["start"],
            "end": stays["end"],
            "y": stays["lane"] * thick + gap,
            "y2": (stays["lane"] + 1) * thick - gap,
            "ink": [state_colour(state, frame.palette) for state in stays["state"]],
        }
    )
    fill = alt.Fill("ink:N", scale=None)
    return layer(table, "rect", {}, x=frame.x, x2=alt.X2("end:Q"), y=_Y, y2=_Y2, fill=fill)


def _targets(lanes: Lanes, thick: float, frame: Frame) -> alt.Chart:
    """Return each lane from end to end with the patient's course as tooltip."""
    patients = lanes.patients
    courses = lanes.stays.assign(words=[f"{stay.state} to {stay.end:.1f}" for stay in lanes.stays.itertuples()])
    marks = lanes.marks.assign(
        words=[
            f"{mark.mark} at {mark.months:.1f}" + (f" ({mark.note})" if mark.note else "")
            for mark in lanes.marks.itertuples()
        ]
    )
    table = patients[["patient_id", "source"]].assign(
        months=0.0,
        last=longest_time(patients["months"]),
        y=patients["lane"] * thick,
        y2=(patients["lane"] + 1) * thick,
        followed=[f"{months:.1f} months" for months in patients["months"]],
        course=_joined(courses, patients),
        happened=_joined(marks, patients),
    )
    words = {"patient_id": "Patient", "source": "MSC source", "followed": "Followed", "course": "Course"}
    words = {**words, "happened": "Happened"}
    if not patients["source"].any():
        del words["source"]
    if frame.look.on_stage:
        del words["patient_id"]
    return layer(
        table,
        "rect",
        {"cursor": "pointer"},
        name=TARGETS,
        x=frame.x,
        x2=alt.X2("last:Q"),
        y=_Y,
        y2=_Y2,
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **INVISIBLE,
    )


def _joined(table: pd.DataFrame, patients: pd.DataFrame) -> list[str]:
    words = table.groupby("lane")["words"].agg(", ".join)
    return [str(words.get(lane, "")) for lane in patients["lane"]]


def _names(patients: pd.DataFrame, thick: float, frame: Frame) -> alt.Chart:
    size = varying("name_size", min(float(SMALL_FONT_SIZE), thick - 1))
    style = {"align": "right", "baseline": "middle", "fontSize": alt.ExprRef(size), "limit": NAME_LIMIT}
    table = pd.DataFrame({"text": patients["patient_id"].astype(str), "y": (patients["lane"] + 0.5) * thick})
    return layer(table, "text", {**style, "x": -8, "color": frame.palette.muted}, y=_Y, text=alt.Text("text:N"))


def _sources(patients: pd.DataFrame, thick: float, named: bool, frame: Frame) -> list[alt.Chart]:
    """Return a line above the first lane of each MSC source, and its name on the left."""
    ids = max([0.0, *map(text_width, patients["patient_id"].astype(str))]) + 10 if named else 0.0
    aside = alt.ExprRef(varying("aside", -8 - min(ids, NAME_LIMIT)))
    first = patients.drop_duplicates("source")
    above = first["lane"] * thick
    apart = spread_out([float(pixel) for pixel in above], NAME_GAP, 0, frame.height)
    table = pd.DataFrame({"text": first["source"], "y": above, "name_y": apart})
    style = {"align": "right", "baseline": "top", "fontSize": SMALL_FONT_SIZE, "limit": NAME_LIMIT, "x": aside}
    line = {"color": frame.palette.muted, "strokeWidth": 0.85, "x": aside, "x2": "width"}
    return [
        layer(table[["y"]], "rule", line, y=_Y),
        layer(
            table[["text", "name_y"]],
            "text",
            {**style, "yOffset": 2, "color": frame.palette.text},
            y=alt.Y("name_y:Q", scale=None),
            text=alt.Text("text:N"),
        ),
    ]


def _note(lanes: Lanes) -> list[str]:
    """Return how the lanes are sorted, and how many patients are shown."""
    if lanes.patients.empty:
        return []
    every, some = lanes.all_patients, len(lanes.patients)
    which = "each patient" if every == some else f"{some:,} of {every:,} patients, evenly chosen"
    return [f"lanes: {which}", SORTS[lanes.sort]]


def swimmer_table(lanes: Lanes) -> pd.DataFrame:
    """Return the lanes of `swimmer_chart` as a table: patient, MSC source, months followed, course, events.

    The heading gives the number of patients if only some are shown.
    """
    patients, stays, marks = lanes.patients, lanes.stays, lanes.marks
    courses = [f"{state} to {end:.1f}" for state, end in zip(stays["state"], stays["end"], strict=True)]
    happened = [
        f"{mark} at {months:.1f}{f' ({note})' if note else ''}"
        for mark, months, note in zip(marks["mark"], marks["months"], marks["note"], strict=True)
    ]
    columns = {
        patients_heading(len(patients), lanes.all_patients): patients["patient_id"].astype(str).tolist(),
        "MSC source": patients["source"].tolist(),
        "Followed (months)": [f"{months:.1f}" for months in patients["months"]],
        "Course (months)": _by_lane(stays["lane"], courses, patients["lane"]),
        "Happened (months)": _by_lane(marks["lane"], happened, patients["lane"]),
    }
    if not patients["source"].any():
        del columns["MSC source"]
    return pd.DataFrame(columns)


def _by_lane(lane: pd.Series, words: Sequence[str], lanes: pd.Series) -> list[str]:
    """Return the words of each lane joined in one cell."""
    joined = pd.Series(words, index=lane.index, dtype=object).groupby(lane).agg(", ".join)
    return [str(joined.get(each, "")) for each in lanes]


def _numbers(lanes: Lanes, **_: object) -> pd.DataFrame:
    return lanes.stays


SWIMMER = FigureKind(
    name="swimmer",
    chart=swimmer_chart,
    description=swimmer_description,
    reading=no_reading,
    numbers=_numbers,
    columns=meanings(
        "patient_id",
        state="state of the patient",
        start="months since transplantation at which the state begins",
        end="months since transplantation at which the state ends",
        lane="place of the patient in the figure, from the top",
    ),
    disclosure=SINGLE_PATIENTS,
    in_r=None,
    verdict=no_verdict,
)
