"""A waterfall plot: the change of each patient as a bar, from the largest rise to the largest fall."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.disclosure.refused import SINGLE_PATIENTS
from analysis.figures.common.axes import Frame, ends_of, value_axis
from analysis.figures.common.keys import Entry, key_layers
from analysis.figures.common.kind import FigureKind, no_reading, no_verdict
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import with_unit
from analysis.figures.common.picking import INVISIBLE, TARGETS, picks
from analysis.figures.common.table_cells import patients_heading
from analysis.figures.common.theme import Look, dress, group_order, layer
from analysis.figures.common.varying import varying

HEIGHT = 320
MOST_BARS = 400
HEADROOM = 1.04
WIDEST_SHAPE = 7  # greatest width in pixels of a group's shape in a bar


def waterfall_chart(
    changes: pd.DataFrame,
    months: float,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    fall: float | None = None,
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return the change of each patient at a scheduled month, sorted; a click picks group and patient_id.

    Parameters
    ----------
    changes
        group, patient_id, change, the largest rise first (`analysis.listings.patient_changes`).
    months
        The scheduled month of the changes.
    label, unit
        The measure as within a sentence, and its unit.
    fall
        The fall that counts as a response, such as 4 points of SLEDAI, drawn as a line; None for no line.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and legend; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    bars = _drawn(changes)
    ends = [0.0, *changes["change"].iloc[[0, -1][: len(changes)]], *([-fall] if fall else [])]
    low, high = HEADROOM * min(ends), HEADROOM * max(ends)
    title = alt.Axis(
        title=f"Patients at month {months:g}, sorted by change", titleAnchor="end", values=[], domain=False
    )
    frame = Frame(
        group_order(changes["group"]),
        look,
        height,
        alt.X("start:Q", scale=alt.Scale(domain=ends_of("x", 0, max(len(bars), 1)), nice=False), axis=title),
        alt.Scale(domain=ends_of("y", low, high if high > low else low + 1), nice=False, zero=False),
        value_axis(f"Change in {label} ({unit})" if unit else f"Change in {label}", tickCount=6),
    )
    layers = [
        _bars(bars, frame),
        _level(0.0, frame, {"strokeWidth": 1, "color": frame.palette.muted}),
        *(_fall(fall, frame) if fall else []),
        *(_groups(bars, height / (high - low or 1), frame) if frame.compared else []),
        _targets(bars, label, frame),
    ]
    note = _note(len(changes), len(bars), with_unit(f"{fall:g}", unit) if fall else "")
    return dress(layers, height=height, look=look, note=note, params=[picks("group", "patient_id")])


def waterfall_description(
    changes: pd.DataFrame, months: float, *, label: str = "SLEDAI", unit: str = "", fall: float | None = None
) -> str:
    """Return the alternative text: the figure in words."""
    sentences = [f"A bar a patient, change in {label} at month {months:g}, from the largest rise to the largest fall."]
    for group in group_order(changes["group"]):
        change = changes.loc[changes["group"] == group, "change"]
        patients = count_words(len(change), "patient", ",")
        start = patients if group == "All" else f"{group}, {patients}"
        parts = [f"{(change < 0).sum():,} fell", f"{(change == 0).sum():,} stayed", f"{(change > 0).sum():,} rose"]
        if fall:
            parts.insert(1, f"{(change <= -fall).sum():,} of them by {with_unit(f'{fall:g}', unit)} or more")
        ends = f"; from {change.max():+g} to {with_unit(f'{change.min():+g}', unit)}" if len(change) else ""
        sentences.append(f"{start}: {', '.join(parts)}{ends}.")
    return " ".join(sentences)


def _drawn(changes: pd.DataFrame) -> pd.DataFrame:
    """Return all bars, or an evenly spaced sample if they are too many for a screen.

    Columns: group, patient_id, change, start and end on the x axis.
    """
    if len(changes) > MOST_BARS:
        changes = changes.iloc[np.linspace(0, len(changes) - 1, MOST_BARS).round().astype(int)]
    place = np.arange(len(changes), dtype=float)
    return changes.astype({"group": str, "patient_id": str}).assign(start=place, end=place + 1)


def _bars(bars: pd.DataFrame, frame: Frame) -> alt.Chart:
    inner = bars[["group", "change"]].assign(start=bars["start"] + 0.1, end=bars["end"] - 0.1, zero=0.0)
    scale = frame.colours
    return layer(
        inner,
        "rect",
        {"strokeWidth": 0.85},
        x=frame.x,
        x2=alt.X2("end:Q"),
        y=frame.y("change"),
        y2=alt.Y2("zero:Q"),
        fill=alt.Fill("group:N", scale=scale, legend=None),
        # The edge makes a change of 0 visible.
        stroke=alt.Stroke("group:N", scale=scale, legend=None),
    )


def _level(change: float, frame: Frame, style: dict[str, object]) -> alt.Chart:
    line = {"x": 0, "x2": "width", **style}
    return layer(pd.DataFrame({"change": [change]}), "rule", line, y=frame.y("change"))


def _fall(fall: float, frame: Frame) -> list[alt.Chart]:
    """Return the line of a response, with an edge that separates it from dark bars."""
    edge = {"strokeWidth": 3, "color": frame.palette.background}
    return [
        _level(-fall, frame, edge),
        _level(-fall, frame, {"strokeWidth": 1.25, "strokeDash": [5, 4], "color": frame.palette.text}),
    ]


def _groups(bars: pd.DataFrame, pixels: float, frame: Frame) -> list[alt.Chart]:
    """Return the group's shape near the end of each bar that is long enough, and the legend."""
    shapes = frame.shapes
    long = bars[bars["change"].abs() * pixels > 2 * WIDEST_SHAPE]
    middle = long[["group", "change"]].assign(start=long["start"] + 0.5)
    wide = f"min({WIDEST_SHAPE}, 0.7 * width / {varying('x_high', float(max(len(bars), 1)))})"
    colours = frame.palette.lines(frame.groups)
    entries = [
        Entry(group, shape, colour, colour)
        for group, shape, colour in zip(frame.groups, shapes["range"], colours, strict=True)
    ]
    return [
        layer(
            middle,
            "point",
            {
                "size": alt.ExprRef(f"pow({wide}, 2)"),
                "yOffset": alt.ExprRef(f"(datum.change < 0 ? -1 : 1) * (1 + {wide} / 2)"),
                "opacity": 1,
                "strokeWidth": 0,
                "fill": frame.palette.background,
            },
            x=frame.x,
            y=frame.y("change"),
            shape=alt.Shape("group:N", scale=shapes, legend=None),
        ),
        *key_layers(entries, frame.palette, frame.above),
    ]


def _targets(bars: pd.DataFrame, label: str, frame: Frame) -> alt.Chart:
    """Return an invisible area per patient over the full height, as a bar may be short or 0."""
    told = bars.assign(told=[f"{change:+g}" if change else "0" for change in bars["change"]])
    words = {"patient_id": "Patient", "told": f"Change in {label}"}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        told[["group", "patient_id", "start", "end", "told"]],
        "rect",
        {"cursor": "pointer", "y": 0, "y2": frame.height},
        name=TARGETS,
        x=frame.x,
        x2=alt.X2("end:Q"),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **INVISIBLE,
    )


def _note(patients: int, drawn: int, fall: str) -> list[str]:
    """Return what bars and line are, and how many patients are drawn."""
    if not patients:
        return []
    which = f"{patients:,}" if drawn == patients else f"{drawn:,} of {patients:,}, evenly chosen"
    return [f"bars: one a patient, {which}", *([f"dashed line: a fall of {fall}"] if fall else [])]


def waterfall_table(
    changes: pd.DataFrame, months: float, *, label: str = "SLEDAI", unit: str = "", fall: float | None = None
) -> pd.DataFrame:
    """Return the bars of `waterfall_chart` as a table: patient, change and whether it is a response.

    The heading gives the number of patients if only some are shown. With several groups, there is a column of groups.

    Parameters
    ----------
    changes, months, label, unit, fall
        As for `waterfall_chart`.
    """
    bars = _drawn(changes)
    columns = {
        "Group": bars["group"],
        patients_heading(len(bars), len(changes)): bars["patient_id"],
        f"Change in {label} at month {months:g}{f' ({unit})' if unit else ''}": list(map(_change, bars["change"])),
    }
    if len(group_order(changes["group"])) < 2:
        del columns["Group"]
    if fall:
        # With the tolerance of `response_share`.
        enough = bars["change"] <= -fall * (1 - SAME)
        columns[f"Fall of {fall:g} or more"] = ["yes" if each else "no" for each in enough]
    return pd.DataFrame(columns)


def _change(change: float) -> str:
    return f"{change:+g}".replace("-", "−") if change else "0"


def _numbers(changes: pd.DataFrame, _: float, **__: object) -> pd.DataFrame:
    return changes


WATERFALL = FigureKind(
    name="waterfall",
    chart=waterfall_chart,
    description=waterfall_description,
    reading=no_reading,
    numbers=_numbers,
    columns=meanings("group", "patient_id", change="change since the first scheduled visit"),
    disclosure=SINGLE_PATIENTS,
    in_r=None,
    verdict=no_verdict,
)
