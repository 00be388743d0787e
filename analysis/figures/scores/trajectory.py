"""A measure over time: a thin line per patient, mean or median with limits, and n below each visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import count_words
from analysis.counts.extent import Extent
from analysis.disclosure.shared_visits import shared_trajectory
from analysis.estimates.common.means import SPREADS
from analysis.estimates.scores.change_differences import ChangeDifferences
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.axes import (
    Frame,
    beyond_note,
    cut_sentence,
    ends_of,
    longest_time,
    rows_top,
    share_down,
    value_axis,
)
from analysis.figures.common.bands import Band, band_layers, range_layer, range_name
from analysis.figures.common.keys import key_layers
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.marks import mark_entry, mark_layer
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import number_interval, short_count, with_unit
from analysis.figures.common.picking import (
    NEAR_POINT,
    TARGETS,
    nearest_picks,
    reading_picks,
    ringed,
    thickened,
    while_pointed,
)
from analysis.figures.common.reading_rule import AT, Readings, rule_layers
from analysis.figures.common.rows import RowLabels, end_names, gap_before, legend_layers, number_rows, widest_beside
from analysis.figures.common.theme import FONT_SIZE, Look, dress, group_order, layer, text_width
from analysis.figures.common.varying import varying
from analysis.figures.scores.r_trajectory import trajectory_in_r
from analysis.figures.scores.trajectory_axis import y_ends
from analysis.figures.scores.trajectory_reading import trajectory_reading
from analysis.figures.scores.trajectory_verdict import trajectory_verdict
from analysis.figures.scores.visit_axis import VisitAxis
from analysis.figures.scores.visit_rule import readings, visit_words
from analysis.listings.lanes import DIED, END_UNKNOWN, LOST, STILL_FOLLOWED

HEIGHT = 340
MOST_PATIENTS = 300
MOST_POINTS = 4000
MOST_VISITS = 500_000  # with more, the lines of a sample would show too small a part
ROUND_THE_PLOT = 20  # pixels at the right of the plot on paper, without names
HEADING = "Patients"
IN_FULL_BELOW = 100_000  # a longer number, centred on month 0, would overlap the heading
WAYS = ("text", "short", "shortest")  # columns: a number in full, shorter and shortest

# Reason for the end of the values to its mark; any other reason has that of an unknown one.
REASONS = {"died": DIED, "lost": LOST, "not yet due": STILL_FOLLOWED}
END_SIZE = 40


def trajectory_chart(
    result: Trajectory,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    lines: pd.DataFrame | None = None,
    ends: pd.DataFrame | None = None,
    severity: Sequence[Band] = (),
    normal: Band | None = None,
    log: bool = False,
    rule: bool = False,
    read_at: float | None = None,
    apart: ChangeDifferences | None = None,
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return a measure over time, with the number of patients below every scheduled visit.

    A click picks the patient of the nearest visit (`analysis.figures.common.picking`): group and patient_id. With a
    rule, a click beside the visits reads the scheduled visit there.

    Parameters
    ----------
    result
        The measure over time.
    label, unit
        The measure in words, and its unit.
    lines
        The visits of the patients (`analysis.listings.trajectory_lines`); without them there are no lines of patients.
    ends
        The last value of each patient, and why none follows (`analysis.listings.last_values`).
    severity
        Bands behind the lines: name, lowest and highest value.
    normal
        The normal range behind the lines: name with its source, lowest and highest value; None for none.
    log
        Whether the y axis is logarithmic. Values of 0 or below have no place on it; how many there are is told.
    rule
        Whether a rule follows the pointer from visit to visit, with all groups' values.
    read_at
        The scheduled visit at which the rule stands.
    apart
        The differences in change, which the rule tells of two groups.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and rows of numbers; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    summary = result.summary.astype({"group": str})
    drawn, unplaced = _placed(_drawn(lines if has_lines(result) else None), log)
    left = _left(ends, drawn, log)
    numbers = _numbers(summary)
    ways = [numbers[way] for way in WAYS]
    longest = longest_time(summary["months"], pd.Series([result.extent.last_month]))
    low, high = _y_ends(summary, result, log)
    shown = _on_axis(summary, low) if log else summary
    groups = group_order(result.summary["group"])
    gap = gap_before(numbers.loc[numbers["months"] == 0, "text"].tolist())
    labels = RowLabels([HEADING], groups, "shape", gap, widest_beside(look))
    visits = VisitAxis.of(sorted(summary["months"].unique()), longest, years=not look.on_paper).over(*ways)
    if look.paper is not None and look.on_paper:
        beside = max(text_width(group, FONT_SIZE) for group in groups) if len(groups) > 1 else 0.0
        visits = visits.on_paper(look.paper.layout_width - labels.left - beside - ROUND_THE_PLOT)
    frame = Frame(
        groups,
        look,
        height,
        visits.x,
        alt.Scale(type="log" if log else "linear", domain=ends_of("y", low, high), nice=False, zero=False),
        value_axis(f"{label} ({unit})" if unit else label, labels.left, tickCount=5),
    )
    read = readings(result, apart, read_at) if rule and look.has_rule(read_at) else None
    told = _visits(drawn, left if ends is not None else None, read)
    targets = while_pointed(_targets(told, label, frame))
    centre = [_centre(shown, frame), _points(shown, summary, frame)]
    normal = (normal[0], max(normal[1], low), normal[2]) if normal and log else normal
    layers = [
        *legend_layers(labels, frame),
        *(band_layers(severity, low, high, frame) if severity else []),
        *([range_layer(normal, frame)] if normal else []),
        _patients(told, frame),
        _band(shown, frame),
        *(_ends(left, partial(share_down, low=low, high=high, log=log), frame) if ends is not None else []),
        # What the points tell is told by the rule, which follows the pointer over the targets.
        *([*targets, *centre] if read is None else [*centre, *targets]),
        *(rule_layers(read, frame, longest=longest, low=low, high=high, log=log) if read else []),
        *(range_name(normal, frame) if normal else []),
        *([_names(shown, partial(share_down, low=low, high=high, log=log), frame, labels)] if frame.compared else []),
        *visits.labels(frame),
        *number_rows(
            numbers[numbers["months"].isin(visits.months)],
            labels,
            frame,
            top=height + rows_top(look, years=True) + visits.lower,
            shift=visits.shift,
            text=visits.choice(*(f"datum.{way}" for way in WAYS)),
        ),
    ]
    off = [_off_axis(count_words(unplaced, "value"))] if unplaced else []
    note = [*_note(result, drawn["patient_id"].nunique()), *off, *_beyond(summary, low, high)]
    fields = ("group", "patient_id")
    picks = reading_picks(*fields, at=AT, near=NEAR_POINT) if read else nearest_picks(*fields)
    return dress(layers, height=height, look=look, note=note, params=[visits.slots, *picks])


def trajectory_description(
    result: Trajectory,
    *,
    label: str = "SLEDAI",
    unit: str = "",
    normal: Band | None = None,
    log: bool = False,
    read_at: float | None = None,
    apart: ChangeDifferences | None = None,
) -> str:
    """Return the alternative text; `label` is the measure as within a sentence, other options as of the chart."""
    measured = count_words(result.patients, "patient")
    lines = f"Lines of {label} over months since transplantation, {measured}"
    sentences = [f"{lines}, and the {result.centre} at the scheduled visits."]
    summary = result.summary
    for group, months, patients, words in zip(
        summary["group"], summary["months"], summary["patients"], _words(summary), strict=True
    ):
        start = f"Month {months:g}" if group == "All" else f"{group}, month {months:g}"
        told = f"{with_unit(words, unit)}, {count_words(patients, 'patient')}" if patients else "no patients"
        sentences.append(f"{start}: {told}.")
    axis = ["The axis is logarithmic."] if log else []
    axis += [f"{_off_axis('Values').capitalize()}."] if log and result.extent.lowest <= 0 else []
    ends = _y_ends(summary, result, log)
    cut = cut_sentence(_beyond(summary.astype({"group": str}), *ends))
    behind = [f"Shaded: {normal[0]}, {with_unit(f'{normal[1]:g} to {normal[2]:g}', unit)}."] if normal else []
    return " ".join(filter(None, [*sentences, *axis, *behind, *cut, visit_words(result, apart, read_at, unit)]))


def has_lines(result: Trajectory) -> bool:
    """Return whether lines of patients are drawn; not if there are too many visits."""
    return 0 < result.extent.visits <= MOST_VISITS


def _drawn(lines: pd.DataFrame | None) -> pd.DataFrame:
    """Return the lines of all patients, or of an evenly spaced sample if they are too many for a screen."""
    if lines is None:
        return pd.DataFrame(columns=["group", "patient_id", "months", "value"])
    patients = lines["patient_id"].drop_duplicates()
    points = max(len(lines) / max(len(patients), 1), 1)
    most = int(min(MOST_PATIENTS, MOST_POINTS // points))
    if len(patients) > most:
        patients = patients.iloc[np.linspace(0, len(patients) - 1, most).round().astype(int)]
    drawn = lines.loc[lines["patient_id"].isin(patients), ["group", "patient_id", "months", "value"]]
    return drawn.astype({"group": str, "patient_id": str})


def _placed(lines: pd.DataFrame, log: bool) -> tuple[pd.DataFrame, int]:
    """Return the lines with a gap where a value has no place on the axis, and the number of such values."""
    below = (lines["value"] <= 0) & log
    return lines.assign(value=lines["value"].mask(below)), int(below.sum())


def _on_axis(summary: pd.DataFrame, low: float) -> pd.DataFrame:
    """Return the values with a place on a logarithmic axis; limits below it are cut, which `_beyond` tells."""
    return summary.assign(centre=summary["centre"].where(summary["centre"] > 0), lower=summary["lower"].clip(lower=low))


def _off_axis(values: str) -> str:
    return f"{values} of 0 or below not on the logarithmic axis"


def _left(ends: pd.DataFrame | None, lines: pd.DataFrame, log: bool) -> pd.DataFrame:
    """Return where drawn lines end, and the mark of the reason."""
    if ends is None or lines.empty:
        return pd.DataFrame(columns=["patient_id", "months", "value", "reason", "mark"])
    held = ends[ends["patient_id"].isin(lines["patient_id"])]
    known = held.astype({"patient_id": str, "reason": str}).dropna(subset=["months", "value"])
    known = known[known["value"] > 0] if log else known
    return known.assign(mark=known["reason"].map(REASONS).fillna(END_UNKNOWN))


def _y_ends(summary: pd.DataFrame, result: Trajectory, log: bool) -> tuple[float, float]:
    """Return the ends of the y axis, which holds the lines if any are drawn."""
    extent = result.extent if has_lines(result) else Extent()
    lowest = extent.lowest
    if log and result.counts is not None and not lowest > 0:
        scheduled = result.counts.values.value
        lowest = min(scheduled[scheduled > 0], default=np.nan)
    return y_ends(summary, lowest, extent.highest, log=log)


def _beyond(summary: pd.DataFrame, low: float, high: float) -> list[str]:
    """Return a note on the limits beyond the axis."""
    cut = summary[(summary["lower"] < low) | (summary["upper"] > high)]
    places = [
        f"month {month:g}" if group == EVERYBODY else f"{group} month {month:g}"
        for group, month in zip(cut["group"], cut["months"], strict=True)
    ]
    return beyond_note(places, _words(cut), "band")


def _patients(lines: pd.DataFrame, frame: Frame) -> alt.Chart:
    return layer(
        lines,
        "line",
        {"clip": True},
        x=frame.x,
        y=frame.y("value"),
        detail=alt.Detail("patient_id:N"),
        color=_colour(frame),
        **thickened(varying("thin", 0.22 if len(lines) < 1000 else 0.12)),
    )


def _ends(left: pd.DataFrame, down: Callable[[float], float], frame: Frame) -> list[alt.Chart]:
    """Return a shape at the end of each line, and the legend."""
    placed = left.assign(y=[frame.height * down(value) for value in left["value"]])
    reasons = left.drop_duplicates("mark").set_index("mark")["reason"]
    entries = [
        replace(mark_entry(mark, frame.palette), words=f"{reasons[mark][:1].upper()}{reasons[mark][1:]}")
        for mark in (DIED, LOST, STILL_FOLLOWED, END_UNKNOWN)
        if mark in reasons
    ]
    return [mark_layer(placed, frame.x, frame.palette, size=END_SIZE), *key_layers(entries, frame.palette, frame.above)]


def _visits(lines: pd.DataFrame, left: pd.DataFrame | None, read: Readings | None) -> pd.DataFrame:
    """Return the visits of the drawn lines with what a click there tells; one table for lines and targets."""
    if left is not None:
        reasons = left.drop_duplicates("patient_id").set_index("patient_id")["reason"]
        lines = lines.assign(left=lines["patient_id"].map(reasons).fillna(""))
    return lines if read is None else lines.assign(**{AT: read.nearest(lines["months"])})


def _targets(visits: pd.DataFrame, label: str, frame: Frame) -> alt.Chart:
    """Return an invisible point with a tooltip for each visit of the drawn lines."""
    # On the stage, an audience reads no patient's number.
    words = {} if frame.look.on_stage else {"patient_id:N": "Patient"}
    words |= {"months:Q": "Month", "value:Q": label}
    if frame.compared:
        words = {"group:N": "Group", **words}
    if "left" in visits:
        words = {**words, "left:N": "Left"}
    formats = {"months:Q": ".1f", "value:Q": ".6~g"}
    return layer(
        visits,
        "point",
        {"filled": True, "cursor": "pointer", "clip": True},
        name=TARGETS,
        x=frame.x,
        y=frame.y("value"),
        fill=alt.Fill("group:N", scale=frame.colours, legend=None),
        tooltip=[alt.Tooltip(field, title=title, format=formats.get(field, "")) for field, title in words.items()],
        **ringed(frame.palette),
    )


def _band(summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    held = summary.dropna(subset=["lower", "upper"])[["group", "months", "lower", "upper"]]
    held = held if frame.look.bands else held.head(0)
    style = {"opacity": 0.25 if len(frame.groups) < 4 else 0.14, "clip": True}
    return layer(held, "area", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), color=_colour(frame))


def _centre(summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the thick lines, with a gap at visits without a value."""
    dash = alt.StrokeDash("group:N", scale=alt.Scale(domain=frame.groups, range=frame.dashes), legend=None)
    return layer(
        summary[["group", "months", "centre"]],
        "line",
        {"strokeWidth": 2.5},
        x=frame.x,
        y=frame.y("centre"),
        color=_colour(frame),
        strokeDash=dash,
    )


def _points(shown: pd.DataFrame, summary: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return a point at each visit with a place on the axis; `summary` has its limits in full."""
    held = summary[shown["centre"].notna()]
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
        shape=alt.Shape("group:N", scale=frame.shapes, legend=None),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
    )


def _names(summary: pd.DataFrame, down: Callable[[float], float], frame: Frame, labels: RowLabels) -> alt.Chart:
    ends = summary.dropna(subset="centre").drop_duplicates("group", keep="last")
    ends = ends.assign(text=ends["group"], ink=ends["group"].map(frame.inks))
    return end_names(ends, [frame.height * down(centre) for centre in ends["centre"]], frame, labels)


def _numbers(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the number of patients at each visit, in full and shortened."""
    short = [short_count(number, 1) for number in summary["patients"]]
    in_full = summary["patients"].max() < IN_FULL_BELOW
    return summary[["group", "months"]].assign(
        heading=HEADING,
        text=[f"{number:,.0f}" for number in summary["patients"]] if in_full else short,
        short=short,
        shortest=[short_count(number, 0) for number in summary["patients"]],
    )


def _words(summary: pd.DataFrame) -> list[str]:
    return [
        number_interval(*numbers) for numbers in zip(summary["centre"], summary["lower"], summary["upper"], strict=True)
    ]


def _colour(frame: Frame) -> alt.Color:
    return alt.Color("group:N", scale=frame.colours, legend=None)


def _note(result: Trajectory, drawn: int) -> list[str]:
    """Return what the lines are, and how many patients are drawn."""
    measured, centre = result.patients, result.centre
    band = SPREADS[centre, result.spread].partition(" (")[0]
    if not measured:
        return []
    if not drawn:
        many = [] if has_lines(result) else [f"too many patients for a line each, {measured:,}"]
        return [f"line: {centre}; band: {band}", *many]
    which = "each patient" if drawn == measured else f"{drawn:,} of {measured:,} patients"
    return [f"thin lines: {which}", f"thick line: {centre}; band: {band}"]


def _numbers_shown(result: Trajectory, **_: object) -> pd.DataFrame:
    return result.summary


TRAJECTORY = FigureKind(
    name="trajectory",
    chart=trajectory_chart,
    description=trajectory_description,
    reading=trajectory_reading,
    numbers=_numbers_shown,
    columns=meanings("group", "months", "patients", "lower", "upper", centre="mean or median of the measure"),
    disclosure=shared_trajectory,
    in_r=trajectory_in_r,
    verdict=trajectory_verdict,
)
