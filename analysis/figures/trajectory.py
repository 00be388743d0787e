"""A measure over time: a thin line a patient, the centre with its limits thick, n under every visit."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.estimates.trajectory import Trajectory
from analysis.figures.axes import DEPTH, Frame, longest_time
from analysis.figures.readings import count, number_interval
from analysis.figures.rows import end_names, number_rows
from analysis.figures.theme import dash_patterns, dress, group_order, layer, shape_scale
from analysis.figures.visits import VisitAxis

MOST_PATIENTS = 300
MOST_POINTS = 4000
HEADING = "Patients"
HEADROOM = 1.03


def trajectory_chart(
    result: Trajectory, *, label: str = "SLEDAI", unit: str = "", dark: bool = False, height: float = 340
) -> alt.LayerChart:
    """Return a measure over time, with the number of patients under every scheduled visit.

    Parameters
    ----------
    result
        The measure.
    label, unit
        What is measured, in words.
    dark
        Whether the page is dark.
    height
        Pixels of the plot; the axis and the rows of numbers come on top of it.
    """
    summary = result.summary.astype({"group": str})
    lines = _drawn(result.lines)
    visits = VisitAxis.of(sorted(summary["months"].unique()), longest_time(summary["months"], result.lines["months"]))
    low, high = _limits(summary, result.lines)
    frame = Frame(
        group_order(result.summary["group"]),
        dark,
        height,
        visits.x,
        alt.Scale(domain=[low, high], nice=False, zero=False),
        alt.Axis(title=f"{label} ({unit})" if unit else label, tickCount=5),
    )
    layers = [
        _patients(lines, frame),
        _band(summary, frame),
        _centre(summary, frame),
        _points(summary, frame),
        *([_names(summary, low, high, frame)] if frame.compared else []),
        *visits.labels(frame),
        *number_rows(
            _numbers(summary, visits.months), [HEADING], frame, top=height + DEPTH + 12, key="shape", shift=visits.shift
        ),
    ]
    note = _note(result.lines["patient_id"].nunique(), lines["patient"].nunique(), result.centre)
    return dress(layers, height=height, dark=dark, note=note, params=[visits.slots])


def trajectory_description(result: Trajectory) -> str:
    """Return the figure in words, for those who do not see it."""
    measured = count(result.lines["patient_id"].nunique(), "patient")
    sentences = [f"Lines over months since transplantation, {measured}, and their centre at the scheduled visits."]
    summary = result.summary
    for group, months, patients, words in zip(
        summary["group"], summary["months"], summary["patients"], _words(summary), strict=True
    ):
        start = f"Month {months:g}" if group == "All" else f"{group}, month {months:g}"
        sentences.append(f"{start}: {words}, {count(patients, 'patient')}." if patients else f"{start}: no patients.")
    return " ".join(sentences)


def _drawn(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of all patients, or of an even choice where they are more than a screen can show."""
    patients = lines["patient_id"].drop_duplicates()
    points = max(len(lines) / max(len(patients), 1), 1)
    most = int(min(MOST_PATIENTS, MOST_POINTS // points))
    if len(patients) > most:
        patients = patients.iloc[np.linspace(0, len(patients) - 1, most).round().astype(int)]
    number = dict(zip(patients, range(len(patients)), strict=True))
    kept = lines[lines["patient_id"].isin(patients)]
    return kept[["months", "value"]].assign(
        group=kept["group"].astype(str), patient=kept["patient_id"].map(number).astype(int)
    )


def _limits(summary: pd.DataFrame, lines: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the y axis: from 0, or below it for a change, to the highest value, drawn or not."""
    drawn = [*lines["value"].dropna(), *summary["centre"].dropna()]
    low = float(min([0.0, *drawn]))
    high = HEADROOM * float(max([0.0, *drawn, *summary["upper"].dropna()]))
    return low, high if high > low else low + 1


def _patients(lines: pd.DataFrame, frame: Frame) -> alt.Chart:
    style = {"strokeWidth": 1, "opacity": 0.22 if len(lines) < 1000 else 0.12, "clip": True}
    return layer(
        lines, "line", style, x=frame.x, y=frame.y("value"), detail=alt.Detail("patient:N"), color=_colour(frame)
    )


def _band(summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    held = summary.dropna(subset=["lower", "upper"])[["group", "months", "lower", "upper"]]
    style = {"opacity": 0.25 if len(frame.groups) < 4 else 0.14, "clip": True}
    return layer(held, "area", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), color=_colour(frame))


def _centre(summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the thick lines; a visit without a value breaks its line."""
    dash = alt.StrokeDash(
        "group:N", scale=alt.Scale(domain=frame.groups, range=dash_patterns(frame.groups)), legend=None
    )
    return layer(
        summary[["group", "months", "centre"]],
        "line",
        {"strokeWidth": 2.5},
        x=frame.x,
        y=frame.y("centre"),
        color=_colour(frame),
        strokeDash=dash,
    )


def _points(summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    held = summary.dropna(subset="centre")
    points = held[["group", "months", "centre"]].assign(
        visit=[f"month {month:g}" for month in held["months"]],
        words=_words(held),
        patients=[f"{number:,.0f}" for number in held["patients"]],
    )
    words = {"visit": "Visit", "words": "Centre (limits)", "patients": HEADING}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        points,
        "point",
        {"size": 70, "filled": True, "opacity": 1, "stroke": frame.palette.background, "strokeWidth": 1},
        x=frame.x,
        y=frame.y("centre"),
        fill=alt.Fill("group:N", scale=frame.colours, legend=None),
        shape=alt.Shape("group:N", scale=shape_scale(frame.groups), legend=None),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
    )


def _names(summary: pd.DataFrame, low: float, high: float, frame: Frame) -> alt.Chart:
    ends = summary.dropna(subset="centre").drop_duplicates("group", keep="last")
    ends = ends.assign(text=ends["group"], ink=ends["group"].map(frame.inks))
    return end_names(ends, [frame.height * (high - centre) / (high - low) for centre in ends["centre"]], frame)


def _numbers(summary: pd.DataFrame, months: list[float]) -> pd.DataFrame:
    shown = summary[summary["months"].isin(months)]
    text = [f"{number:,.0f}" for number in shown["patients"]]
    return shown[["group", "months"]].assign(heading=HEADING, text=text)


def _words(summary: pd.DataFrame) -> list[str]:
    return [
        number_interval(*numbers) for numbers in zip(summary["centre"], summary["lower"], summary["upper"], strict=True)
    ]


def _colour(frame: Frame) -> alt.Color:
    return alt.Color("group:N", scale=frame.colours, legend=None)


def _note(measured: int, drawn: int, centre: str) -> list[str]:
    """Return what the strokes mean, and how many of the patients are drawn."""
    if not measured:
        return []
    which = "each patient" if drawn == measured else f"{drawn:,} of {measured:,} patients"
    return [f"thin lines: {which}", f"thick line and band: {centre}"]
