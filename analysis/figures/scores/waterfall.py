"""A waterfall plot: the change of each patient as a bar, from the worst to the best."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.response import FALL, FALL_IN_PERCENT, RISE, Response
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
    response: Response | None = None,
    better: str = "",
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return the change of each patient at a scheduled month, sorted; a click picks group and patient_id.

    The best change is on the right: the largest fall, or where a higher value is better the largest rise.

    Parameters
    ----------
    changes
        group, patient_id, change, value, the largest rise first (`analysis.listings.patient_changes`); in percent for a
        response in percent.
    months
        The scheduled month of the changes.
    label, unit
        The measure as within a sentence, and the unit of the changes.
    response
        What counts as a response; a change that counts is a line. None for none.
    better
        Whether a "lower" or a "higher" value is better; "" if that is not known.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and legend; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    bars = _drawn(changes, better)
    enough = response.change if response else None
    ends = [0.0, *changes["change"].iloc[[0, -1][: len(changes)]], *([enough] if enough else [])]
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
        *(_enough(enough, frame) if enough else []),
        *(_groups(bars, height / (high - low or 1), frame) if frame.compared else []),
        _targets(bars, label, frame),
    ]
    note = _note(len(changes), len(bars), _line_words(response, unit) if response and enough else "")
    return dress(layers, height=height, look=look, note=note, params=[picks("group", "patient_id")])


def waterfall_description(
    changes: pd.DataFrame,
    months: float,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    response: Response | None = None,
    better: str = "",
) -> str:
    """Return the alternative text: the figure in words."""
    order = "fall to the largest rise" if better == "higher" else "rise to the largest fall"
    sentences = [f"A bar a patient, change in {label} at month {months:g}, from the largest {order}."]
    for group in group_order(changes["group"]):
        own = changes[changes["group"] == group]
        change = own["change"]
        patients = count_words(len(change), "patient")
        start = patients if group == "All" else f"{group}, {patients}"
        parts = [f"{(change < 0).sum():,} fell", f"{(change == 0).sum():,} stayed", f"{(change > 0).sum():,} rose"]
        if response:
            number, enough = int(_responded(own, response).sum()), with_unit(f"{response.amount:g}", unit)
            if response.is_change:
                place = 3 if response.kind == RISE else 1
                parts.insert(place, f"{number:,} of them by {enough} or more")
            else:
                parts.append(f"{number:,} had {response.kind} {enough}")
        ends = f"; from {change.max():+g} to {with_unit(f'{change.min():+g}', unit)}" if len(change) else ""
        sentences.append(f"{start}: {', '.join(parts)}{ends}.")
    return " ".join(sentences)


def _drawn(changes: pd.DataFrame, better: str) -> pd.DataFrame:
    """Return all bars, the best last, or an evenly spaced sample if they are too many for a screen.

    Columns: those of the changes, start and end on the x axis.
    """
    if better == "higher":
        changes = changes.iloc[::-1]
    if len(changes) > MOST_BARS:
        changes = changes.iloc[np.linspace(0, len(changes) - 1, MOST_BARS).round().astype(int)]
    place = np.arange(len(changes), dtype=float)
    return changes.astype({"group": str, "patient_id": str}).assign(start=place, end=place + 1)


def _responded(changes: pd.DataFrame, response: Response) -> Flags:
    """Return whether each patient responded, as `response_share` counts."""
    return response.met(changes["change" if response.is_change else "value"].to_numpy(dtype=float))


def _line_words(response: Response, unit: str) -> str:
    kind = {FALL: "a fall of", FALL_IN_PERCENT: "a fall of", RISE: "a rise of"}[response.kind]
    return f"{kind} {with_unit(f'{response.amount:g}', unit)}"


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


def _enough(change: float, frame: Frame) -> list[alt.Chart]:
    """Return the line of a response, with an edge that separates it from dark bars."""
    edge = {"strokeWidth": 3, "color": frame.palette.background}
    return [
        _level(change, frame, edge),
        _level(change, frame, {"strokeWidth": 1.25, "strokeDash": [5, 4], "color": frame.palette.text}),
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


def _note(patients: int, drawn: int, line: str) -> list[str]:
    """Return what bars and line are, and how many patients are drawn."""
    if not patients:
        return []
    which = f"{patients:,}" if drawn == patients else f"{drawn:,} of {patients:,}, evenly chosen"
    return [f"bars: one a patient, {which}", *([f"dashed line: {line}"] if line else [])]


def waterfall_table(
    changes: pd.DataFrame,
    months: float,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    response: Response | None = None,
    better: str = "",
) -> pd.DataFrame:
    """Return the bars of `waterfall_chart` as a table: patient, change and whether it is a response.

    The heading gives the number of patients if only some are shown. With several groups, there is a column of groups.

    Parameters
    ----------
    changes, months, label, unit, response, better
        As for `waterfall_chart`.
    """
    bars = _drawn(changes, better)
    columns = {
        "Group": bars["group"],
        patients_heading(len(bars), len(changes)): bars["patient_id"],
        f"Change in {label} at month {months:g}{f' ({unit})' if unit else ''}": list(map(_change, bars["change"])),
    }
    if len(group_order(changes["group"])) < 2:
        del columns["Group"]
    if response:
        met = _responded(bars, response)
        columns[_response_heading(response)] = ["yes" if each else "no" for each in met]
    return pd.DataFrame(columns)


def _response_heading(response: Response) -> str:
    amount = f"{response.amount:g}{' %' if response.in_percent else ''}"
    if not response.is_change:
        return f"{response.kind.capitalize()} {amount}"
    return f"{'Rise' if response.kind == RISE else 'Fall'} of {amount} or more"


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
    columns=meanings(
        "group",
        "patient_id",
        change="change since the first scheduled visit, of a response in percent in percent",
        value="the value at the month",
    ),
    disclosure=SINGLE_PATIENTS,
    in_r=None,
    verdict=no_verdict,
)
