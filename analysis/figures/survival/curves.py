"""Step curves above the numbers below their axis, for Kaplan-Meier and cumulative incidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.counts.leaving import Steps
from analysis.figures.common.axes import (
    Frame,
    at_ticks,
    ends_of,
    month_x,
    months_title,
    rows_top,
    share_axis,
    value_axis,
)
from analysis.figures.common.mark_layers import mark_layers, mark_targets
from analysis.figures.common.number_words import count_or_hidden, share_words, told
from analysis.figures.common.paper import Rows
from analysis.figures.common.picking import NEAR_CURVE, TARGETS, nearest_picks, reading_picks, ringed, while_pointed
from analysis.figures.common.published_marks import marks_note
from analysis.figures.common.reading_rule import AT, Readings, rule_layers
from analysis.figures.common.rows import RowLabels, end_names, gap_before, legend_layers, number_rows, widest_beside
from analysis.figures.common.theme import Look, dress, layer
from analysis.figures.survival.drawn_curves import (
    PIXELS,
    Line,
    at_rows,
    band,
    columns_each,
    first_of_pixel,
    known_curves,
    last_of_pixel,
    one_table,
    pixels_of,
    shaping,
    stretches,
    until,
)
from analysis.figures.survival.published_survival import SHIFT

TAIL_DASH = [1.5, 3.5]
SOLID = [1, 0]
PAPER_DASH = [9, 4]
WHOLE = "whole cohort"
NAIVE = "1 − KM"
DOT_SIZE = 34  # square pixels of the dot of a relapse
TICKS = 5
MARK_GAP = 3  # pixels between censor marks of a single curve


@dataclass(frozen=True)
class StepCurves:
    """The content of a figure of step curves.

    Attributes
    ----------
    groups : list of str
        All groups in order.
    table : DataFrame
        group (in order), months, at_risk, events, censored, share, lower, upper and the columns of `told`.
    behind : list of Line
        Lines without band and numbers.
    rows : DataFrame
        heading, group, months, text: the numbers below the axis.
    told : mapping of str to str
        Columns of counts in the tooltip of a step, each with its title.
    patients : mapping of str to int
        Number of patients by group.
    time_zero : str
        The event from which months are counted.
    longest : float
        The end of the time axis, in months.
    few_at_risk : int
        With fewer at risk, a curve is thin and finely dashed.
    level : float
        The confidence level of the bands.
    lowest : int
        Where the axis starts, in percent. A falling curve that goes below ends there.
    readings : Readings or None
        What is read at each month; None without a rule.
    highest : float or None
        Where the axis ends if the curves are no shares, in the same hundredths; None for shares, which end at 100 %.
    dots : DataFrame or None
        group, months, share: a dot for each relapse of curves that count all of a patient; None for no dots.
    faint : tuple of str
        The name of the "naive" lines behind, and what is said of them.
    areas : str
        What the bands are; "" for intervals of the level, which paper names.
    value : str
        The title of the value in the tooltip of a step.
    words : callable
        Returns the value of each row of share, lower, upper and patients in words.
    published : DataFrame or None
        Published shares with months, as of `published_survival`; None without them.
    papers : mapping of str to str
        The names of the "paper" lines behind, which were reconstructed from publications, each with that of its paper.
    """

    groups: list[str]
    table: pd.DataFrame
    behind: list[Line]
    rows: pd.DataFrame
    told: Mapping[str, str]
    patients: Mapping[str, int]
    time_zero: str
    longest: float
    few_at_risk: int
    level: float = 0.95
    lowest: int = 0
    readings: Readings | None = None
    highest: float | None = None
    dots: pd.DataFrame | None = None
    faint: tuple[str, str] = (NAIVE, "too high where events compete")
    areas: str = ""
    value: str = "Share (interval)"
    words: Callable[[pd.DataFrame], list[str]] = share_words
    published: pd.DataFrame | None = None
    papers: Mapping[str, str] = field(default_factory=dict)

    @property
    def top(self) -> float:
        """The end of the axis."""
        return 100 if self.highest is None else self.highest


def step_chart(curves: StepCurves, *, look: Look, height: float, y_title: str) -> alt.LayerChart:
    """Return the curves with their bands, and numbers below the same axis.

    A click picks the nearest step; with a rule, a click beside the curves reads the month there
    (`analysis.figures.common.picking`).
    """
    title = months_title(curves.time_zero)
    first = curves.rows.loc[curves.rows["months"] == 0, "text"]
    headings, gap = list(curves.rows["heading"].unique()), gap_before(first.tolist())
    labels = RowLabels(headings, curves.groups, "dash", gap, widest_beside(look))
    axis = share_axis(y_title, labels.left, curves.lowest)
    scale = alt.Scale(domain=[curves.lowest, 100], nice=False, zero=not curves.lowest)
    if curves.highest is not None:
        axis = value_axis(y_title, labels.left, tickCount=TICKS)
        scale = alt.Scale(domain=ends_of("y", 0, curves.highest), nice=False, zero=True)
    frame = Frame(curves.groups, look, height, month_x(curves.longest, title, years=not look.on_paper), scale, axis)
    known = known_curves(curves.table)
    columns = columns_each(len(curves.groups))
    steps = {
        group: shaping(until(curve, curves.longest), curves.longest, columns, curves.few_at_risk)
        for group, curve in sorted(known.items())
    }
    drawn = [line for group, own in steps.items() for line in stretches(group, own)]
    lines = [line.down_to(curves.lowest) for line in [*curves.behind, *drawn]]
    held = {
        group: at_rows(curve, (curve["months"] <= curves.longest) & (100 * curve["share"] >= curves.lowest))
        for group, curve in known.items()
    }
    layers = [
        *legend_layers(labels, frame),
        _bands(steps, curves, frame),
        _curves(lines, curves, frame),
        _censor_marks(held, curves, frame),
        *_rule(curves, frame),
        *while_pointed(_points(held, curves, frame)),
        *_dots(curves, frame),
        *([] if curves.published is None else _published(curves.published, frame)),
        _names(lines, curves, frame, labels),
        *number_rows(
            curves.rows,
            labels,
            frame,
            top=height + rows_top(look, years=True),
            seen=at_ticks(curves.longest),
        ),
    ]
    return dress(
        layers,
        height=height,
        look=look,
        note=[
            *cut_axis_note(curves.lowest),
            *_note(lines, held, curves, frame),
            *([] if curves.published is None else marks_note(curves.published)),
        ],
        params=reading_picks("group", "months", at=AT, near=NEAR_CURVE)
        if curves.readings
        else nearest_picks("group", "months"),
    )


def _published(marks: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Return the published shares, with their tooltips above the areas of the curves."""
    return [*mark_layers(marks, frame, SHIFT), mark_targets(marks, frame, SHIFT)]


def cut_axis_note(lowest: int) -> list[str]:
    """Return a note that the axis does not start at 0, if it does not."""
    return [f"axis from {lowest} %, not from 0"] if lowest else []


def _rule(curves: StepCurves, frame: Frame) -> list[alt.Chart]:
    if curves.readings is None:
        return []
    return rule_layers(curves.readings, frame, longest=curves.longest, low=curves.lowest, high=100)


def number_cells(at: pd.DataFrame, columns: Rows) -> pd.DataFrame:
    """Return heading, group, months and text of the rows below the axis; hidden counts as "hidden".

    Parameters
    ----------
    at
        group, months and the counts at each tick.
    columns
        Heading to columns of each row, from the top.
    """
    told = {name: [count_or_hidden(number) for number in at[name]] for names in columns.values() for name in names}
    return pd.DataFrame(
        {
            "group": at["group"].astype(str).tolist() * len(columns),
            "months": np.tile(at["months"], len(columns)),
            "heading": np.repeat(np.array([*columns], dtype=object), len(at)),
            "text": [text for names in columns.values() for text in map(_in_brackets, *(told[name] for name in names))],
        }
    )


def _in_brackets(first: str, *others: str) -> str:
    return " ".join([first, *(f"({other})" for other in others)])


def curve_sentences(table: pd.DataFrame, summary: pd.DataFrame, months: float | None) -> list[str]:
    """Return, for each curve, patients, events and how far it is drawn, in words.

    Parameters
    ----------
    table
        The curves, as in `StepCurves`.
    summary
        group, patients, events.
    months
        The end of the time axis; None for the end of the curves.
    """
    known = table[table["share"].notna() | (table["months"] == 0)]
    ends = known.groupby("group", observed=True)["months"].max().clip(upper=months)
    sentences = []
    for group, patients, events in zip(*(summary[name] for name in ("group", "patients", "events")), strict=True):
        counts = f"{told(patients, 'patient')}, {told(events, 'event')}; drawn to {ends[group]:.1f} months."
        sentences.append(f"{group}: {counts if patients else 'no patients.'}")
    return sentences


def _bands(steps: Mapping[str, Steps], curves: StepCurves, frame: Frame) -> alt.Chart:
    held = one_table({group: band(own) for group, own in steps.items()}, ["months", "lower", "upper"])
    shown = held[["lower", "upper"]].clip(lower=curves.lowest, upper=curves.top)
    held = held.assign(**shown) if frame.look.bands else held.head(0)
    style = {"interpolate": "step-after", "opacity": 0.16 if len(frame.groups) < 4 else 0.1}
    return layer(held, "area", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), color=_colour(frame, curves))


def _curves(lines: Sequence[Line], curves: StepCurves, frame: Frame) -> alt.Chart:
    """Return the curves: in the group's dash; thin and finely dashed with few at risk; thin or faint behind.

    Those of papers are long dashes.
    """
    groups = len(frame.groups)
    parts = {
        "few": (TAIL_DASH, 1.5, 1.0),
        "whole": (SOLID, 1.5, 1.0),
        "naive": (SOLID, 1.25, 0.5),
        "paper": (PAPER_DASH, 1.5, 1.0),
    }
    patterns = [*frame.dashes, *(dash for dash, _, _ in parts.values())]
    widths = [*[2.25] * groups, *(width for _, width, _ in parts.values())]
    opacities = [*[1.0] * groups, *(opacity for _, _, opacity in parts.values())]
    places = {part: groups + place for place, part in enumerate(parts)}
    numbers = {group: place for place, group in enumerate(frame.groups)}
    rows = [
        (line.group, line.part, line.stretch, months, share, places.get(line.part, numbers.get(line.group)))
        for line in lines
        for months, share in zip(line.months, line.share, strict=True)
    ]
    style = {
        "interpolate": "step-after",
        "strokeJoin": "miter",
        "strokeDash": alt.ExprRef(f"{patterns}[datum.style]"),
        "strokeWidth": alt.ExprRef(f"{widths}[datum.style]"),
        "strokeOpacity": alt.ExprRef(f"{opacities}[datum.style]"),
    }
    return layer(
        pd.DataFrame(rows, columns=["group", "part", "stretch", "months", "share", "style"]),
        "line",
        style,
        x=frame.x,
        y=frame.y("share"),
        color=_colour(frame, curves),
        detail=[alt.Detail("part:N"), alt.Detail("stretch:N")],
    )


def _censor_marks(held: Mapping[str, Steps], curves: StepCurves, frame: Frame) -> alt.Chart:
    """Return a short stroke at each censoring, thinned to avoid overlap."""
    columns = PIXELS / MARK_GAP / max(len(frame.groups), 1)
    censored = {group: at_rows(curve, curve["censored"] > 0) for group, curve in held.items()}
    marks = one_table(
        {
            group: at_rows(own, first_of_pixel(pixels_of(own, curves.longest, columns)))
            for group, own in censored.items()
        },
        ["months", "share"],
    )
    style = {"orient": "vertical", "size": 8, "thickness": 1.25, "opacity": 1}
    return layer(
        marks.assign(share=100 * marks["share"]),
        "tick",
        style,
        x=frame.x,
        y=frame.y("share"),
        color=_colour(frame, curves),
    )


def _points(held: Mapping[str, Steps], curves: StepCurves, frame: Frame) -> alt.Chart:
    """Return the steps with tooltips; only the nearest and the picked one are visible."""
    columns = columns_each(len(curves.groups))
    steps = one_table(
        {group: at_rows(own, last_of_pixel(pixels_of(own, curves.longest, columns))) for group, own in held.items()},
        ["months", "share", "lower", "upper", *curves.told],
    )
    points = pd.DataFrame(
        {
            "group": steps["group"],
            "months": steps["months"],
            "percent": 100 * steps["share"],
            "time": [f"{months:.1f} months" for months in steps["months"]],
            "words": curves.words(steps.assign(patients=steps["group"].map(curves.patients))),
            **{column: [count_or_hidden(number) for number in steps[column]] for column in curves.told},
            **({AT: curves.readings.nearest(steps["months"])} if curves.readings else {}),
        }
    )
    words = {"time": "Time", "words": curves.value, **curves.told}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        points,
        "point",
        {"filled": True, "cursor": "pointer"},
        name=TARGETS,
        x=frame.x,
        y=frame.y("percent"),
        color=_colour(frame, curves),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **ringed(frame.palette),
    )


def _dots(curves: StepCurves, frame: Frame) -> list[alt.Chart]:
    """Return a dot for each relapse on the riser of its step; those within a pixel are one."""
    if curves.dots is None:
        return []
    dots = curves.dots[curves.dots["months"] <= curves.longest]
    dots = dots.assign(share=100 * dots["share"])
    across = (PIXELS * dots["months"] / curves.longest).round()
    up = (frame.height * dots["share"] / curves.top).round()
    apart = ~pd.DataFrame({"group": dots["group"], "across": across, "up": up}).duplicated()
    style = {"filled": True, "size": DOT_SIZE, "opacity": 1, "stroke": frame.palette.background, "strokeWidth": 0.75}
    return [layer(dots[apart], "point", style, x=frame.x, y=frame.y("share"), color=_colour(frame, curves))]


def _names(lines: Sequence[Line], curves: StepCurves, frame: Frame, labels: RowLabels) -> alt.Chart:
    """Return the name of each curve at its end; none for a single curve, or for naive ones of several."""
    ends: dict[str, tuple[float, float]] = {}
    for line in lines:
        if not (line.part == "naive" and frame.compared):
            text = curves.faint[0] if line.part == "naive" else curves.papers.get(line.group, line.group)
            ends.pop(text, None)  # the name that is told last stands last
            ends[text] = line.months[-1], line.share[-1]
    if len(ends) < 2:
        ends = {}
    parts = {line.part for line in lines}
    alone = "filtered" if "whole" in parts else "this cohort" if "paper" in parts else ""
    table = pd.DataFrame(
        {
            "months": [months for months, _ in ends.values()],
            "text": [alone if text == EVERYBODY else text for text in ends],
            "ink": [frame.inks.get(text, frame.palette.muted) for text in ends],
        }
    )
    lowest, highest = curves.lowest, curves.top
    at = [frame.height * (highest - share) / (highest - lowest) for _, share in ends.values()]
    return end_names(table, at, frame, labels)


def _colour(frame: Frame, curves: StepCurves) -> alt.Color:
    domain = [*frame.groups, WHOLE, *curves.papers]
    hues = [*frame.palette.lines(frame.groups), frame.palette.whole, *[frame.palette.muted] * len(curves.papers)]
    return alt.Color("group:N", scale=alt.Scale(domain=domain, range=hues), legend=None)


def _note(lines: Sequence[Line], held: Mapping[str, Steps], curves: StepCurves, frame: Frame) -> list[str]:
    """Return the meaning of the line styles in the figure; on paper, where no page tells it, of the bands too."""
    notes, parts = [], {line.part for line in lines}
    if curves.areas and frame.look.bands:
        notes.append(f"areas: {curves.areas}")
    elif frame.look.paper is not None and frame.look.bands:
        notes.append(f"bands: {100 * curves.level:g} % intervals")
    if "few" in parts:
        notes.append(f"dotted: fewer than {curves.few_at_risk} at risk")
    if curves.dots is not None and len(curves.dots):
        notes.append("dots: relapses")
    if frame.look.bands and any((100 * curve["upper"] > curves.top).any() for curve in held.values()):
        notes.append("bands that reach beyond the axis are cut")
    if "naive" in parts:
        notes.append(f"faint: {', '.join(curves.faint)}")
    if "paper" in parts:
        notes.append(f"long dashes: {', '.join(curves.papers)}, in no test")
    if any((curve["censored"] > 0).any() for curve in held.values()):
        notes.append("short strokes: censored")
    return notes
