"""Step curves above the numbers below their axis, for Kaplan-Meier and cumulative incidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.figures.common.axes import DEPTH, Frame, at_ticks, month_x, months_title, share_axis
from analysis.figures.common.number_words import count_or_hidden, share_words, told
from analysis.figures.common.picking import NEAR_CURVE, TARGETS, nearest_picks, reading_picks, ringed
from analysis.figures.common.reading_rule import AT, Readings, rule_layers
from analysis.figures.common.rows import RowLabels, end_names, gap_before, number_rows, widest_beside
from analysis.figures.common.theme import Look, dress, layer

TAIL_DASH = [1.5, 3.5]
SOLID = [1, 0]
WHOLE = "whole cohort"
NAIVE = "1 − KM"
PIXELS = 800  # width of the widest plot: steps within a pixel are merged
MOST_STEPS = 2000  # drawn for all curves together
MARK_GAP = 3  # pixels between censor marks of a single curve
LINE_PARTS = ["group", "part", "stretch", "months", "share"]


@dataclass(frozen=True)
class StepCurves:
    """The content of a figure of step curves.

    Attributes
    ----------
    groups : list of str
        All groups in order.
    table : DataFrame
        group (in order), months, at_risk, events, censored, share, lower, upper and the columns of `told`.
    behind : DataFrame
        group, part ("whole" or "naive"), months, share: lines without band and numbers.
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
    lowest : int
        Where the axis starts, in percent. A falling curve that goes below ends there.
    readings : Readings or None
        What is read at each month; None without a rule.
    """

    groups: list[str]
    table: pd.DataFrame
    behind: pd.DataFrame
    rows: pd.DataFrame
    told: Mapping[str, str]
    patients: Mapping[str, int]
    time_zero: str
    longest: float
    few_at_risk: int
    lowest: int = 0
    readings: Readings | None = None


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
    frame = Frame(curves.groups, look, height, month_x(curves.longest, title), scale, axis)
    known = curves.table.dropna(subset="share")
    steps = _steps(until(known, curves.longest).astype({"group": str}), curves, frame)
    lines = _down_to(curves.lowest, _lines(steps, curves))
    held = known[(known["months"] <= curves.longest) & (100 * known["share"] >= curves.lowest)].astype({"group": str})
    layers = [
        _bands(steps.assign(**steps[["lower", "upper"]].clip(lower=curves.lowest)), frame),
        _curves(lines, frame),
        _censor_marks(held, curves.longest, frame),
        *_rule(curves, frame),
        _points(held, curves, frame),
        _names(lines, frame, labels),
        *number_rows(
            curves.rows,
            labels,
            frame,
            top=height + DEPTH,
            seen=at_ticks(curves.longest),
        ),
    ]
    return dress(
        layers,
        height=height,
        look=look,
        note=[*cut_axis_note(curves.lowest), *_note(lines, held, curves.few_at_risk)],
        params=reading_picks("group", "months", at=AT, near=NEAR_CURVE)
        if curves.readings
        else nearest_picks("group", "months"),
    )


def cut_axis_note(lowest: int) -> list[str]:
    """Return a note that the axis does not start at 0, if it does not."""
    return [f"axis from {lowest} %, not from 0"] if lowest else []


def _rule(curves: StepCurves, frame: Frame) -> list[alt.Chart]:
    if curves.readings is None:
        return []
    return rule_layers(curves.readings, frame, longest=curves.longest, low=curves.lowest, high=100)


def number_cells(at: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return heading, group, months and text of the rows below the axis; hidden counts as "hidden".

    Parameters
    ----------
    at
        group, months and the counts at each tick.
    columns
        Heading to column of each row, from the top.
    """
    cells = at[["group", "months"]].astype({"group": str})
    parts = [cells.assign(heading=heading, text=at[column].map(count_or_hidden)) for heading, column in columns.items()]
    return pd.concat(parts, ignore_index=True)


def until(table: pd.DataFrame, months: float) -> pd.DataFrame:
    """Return the rows up to a time, and a last one at that time for each curve that continues."""
    before = table[table["months"] <= months]
    going_on = table[table["months"] > months].drop_duplicates("group")[["group", "at_risk"]]
    ends = before.drop_duplicates("group", keep="last").drop(columns="at_risk").merge(going_on, on="group")
    ends = ends[ends["months"] < months].assign(months=months, events=0, censored=0)
    return pd.concat([before, ends]).sort_values(["group", "months"], kind="stable") if len(ends) else before


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
    shown = until(known, known["months"].max() if months is None else months)
    ends = shown.drop_duplicates("group", keep="last")[["group", "months"]].merge(summary)
    sentences = []
    for group, end, patients, events in zip(
        *(ends[name] for name in ("group", "months", "patients", "events")), strict=True
    ):
        counts = f"{told(patients, 'patient')}, {told(events, 'event')}"
        sentences.append(f"{group}: {counts}; drawn to {end:.1f} months." if patients else f"{group}: no patients.")
    return sentences


def behind_lines(tables: Mapping[str, pd.DataFrame], longest: float) -> pd.DataFrame:
    """Return the lines behind the curves, from part to group, months, at_risk, events, censored, share."""
    parts = [
        _thinned(until(table.dropna(subset="share"), longest).astype({"group": str}), longest, PIXELS).assign(
            part=part, stretch=0
        )
        for part, table in tables.items()
    ]
    return pd.concat(parts, ignore_index=True)[LINE_PARTS] if parts else pd.DataFrame(columns=LINE_PARTS)


def _steps(curve: pd.DataFrame, curves: StepCurves, frame: Frame) -> pd.DataFrame:
    """Return the rows that shape curves and bands: steps, ends and style changes, at most a few per pixel."""
    # A hidden number at risk is at least the next one shown.
    few = curve.groupby("group")["at_risk"].bfill() < curves.few_at_risk
    first, last = ~curve["group"].duplicated(), ~curve["group"].duplicated(keep="last")
    # The number at risk of a row holds up to its time, so the style changes at the row before; with late entries
    # it can also increase.
    turn = (few.shift(-1, fill_value=False) != few) & ~last
    # Without events, the band widens at censorings too.
    widens = (curve["lower"].diff().abs() > 0) | (curve["upper"].diff().abs() > 0)
    # The events of a step may be hidden.
    moves = (curve["events"] > 0) | (curve["share"].diff().abs() > 0)
    shape = curve.assign(few=few, turn=turn)[moves | first | last | turn | widens]
    kept = _thinned(shape, curves.longest, _columns(frame))
    return kept.assign(**{name: 100 * kept[name] for name in ("lower", "upper")})


def _columns(frame: Frame) -> int:
    """Return how many pixel columns each curve may have steps in."""
    return min(PIXELS, MOST_STEPS // max(len(frame.groups), 1))


def _thinned(shape: pd.DataFrame, longest: float, columns: int) -> pd.DataFrame:
    """Return the first and last row in each pixel column, and style changes; shares in percent."""
    pixel = _pixel(shape, longest, columns)
    kept = ~pixel.duplicated() | ~pixel.duplicated(keep="last")
    return shape[kept | shape["turn"] if "turn" in shape else kept].assign(share=100 * shape["share"])


def _pixel(curve: pd.DataFrame, longest: float, columns: float) -> pd.DataFrame:
    """Return the group and the pixel column of each row."""
    return pd.DataFrame({"group": curve["group"], "pixel": (curve["months"] / longest * columns).astype(int)})


def _lines(steps: pd.DataFrame, curves: StepCurves) -> pd.DataFrame:
    """Return the curves in parts: behind, many at risk, few at risk; neighbouring stretches share a row."""
    # A row where the style changes ends one stretch and begins the next.
    turns = steps.groupby("group")["turn"].cumsum()
    ending = steps.assign(stretch=turns - steps["turn"], few=steps["few"])
    beginning = steps.assign(stretch=turns, few=~steps["few"])[steps["turn"]]
    drawn = pd.concat([ending, beginning]).sort_values(["group", "stretch", "months"], kind="stable")
    drawn = drawn.assign(part=drawn["few"].map({True: "few", False: "many"}))
    parts = [part[LINE_PARTS] for part in (curves.behind, drawn) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else curves.behind


def _down_to(lowest: int, lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines that end where they fall below the start of the axis."""
    below = lines["share"] < lowest
    first = below & ~below.groupby([lines["group"], lines["part"], lines["stretch"]]).shift(fill_value=False)
    return lines[~below | first].assign(share=lines["share"].clip(lower=lowest))


def _bands(steps: pd.DataFrame, frame: Frame) -> alt.Chart:
    # If the next step has no limits, as when the curve falls to 0, the band extends to it.
    ends = steps.assign(**steps.groupby("group")[["lower", "upper"]].shift())[steps["lower"].isna()]
    held = pd.concat([steps, ends]).dropna(subset=["lower", "upper"])[["group", "months", "lower", "upper"]]
    held = held.sort_values(["group", "months"], kind="stable")
    style = {"interpolate": "step-after", "opacity": 0.16 if len(frame.groups) < 4 else 0.1}
    return layer(held, "area", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), color=_colour(frame))


def _curves(lines: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the curves: in the group's dash; thin and finely dashed with few at risk; thin or faint behind."""
    groups = len(frame.groups)
    parts = {"few": (TAIL_DASH, 1.5, 1.0), "whole": (SOLID, 1.5, 1.0), "naive": (SOLID, 1.25, 0.5)}
    patterns = [*frame.dashes, *(dash for dash, _, _ in parts.values())]
    widths = [*[2.25] * groups, *(width for _, width, _ in parts.values())]
    opacities = [*[1.0] * groups, *(opacity for _, _, opacity in parts.values())]
    places = {part: groups + place for place, part in enumerate(parts)}
    styles = [
        places[part] if part in places else frame.groups.index(group)
        for group, part in zip(lines["group"], lines["part"], strict=True)
    ]
    style = {
        "interpolate": "step-after",
        "strokeJoin": "miter",
        "strokeDash": alt.ExprRef(f"{patterns}[datum.style]"),
        "strokeWidth": alt.ExprRef(f"{widths}[datum.style]"),
        "strokeOpacity": alt.ExprRef(f"{opacities}[datum.style]"),
    }
    return layer(
        lines.assign(style=styles),
        "line",
        style,
        x=frame.x,
        y=frame.y("share"),
        color=_colour(frame),
        detail=["part:N", "stretch:N"],
    )


def _censor_marks(curve: pd.DataFrame, longest: float, frame: Frame) -> alt.Chart:
    """Return a short stroke at each censoring, thinned to avoid overlap."""
    censored = curve[curve["censored"] > 0]
    columns = PIXELS / MARK_GAP / max(len(frame.groups), 1)
    marks = censored[~_pixel(censored, longest, columns).duplicated()]
    marks = marks[["group", "months"]].assign(share=100 * marks["share"])
    style = {"orient": "vertical", "size": 8, "thickness": 1.25, "opacity": 1}
    return layer(marks, "tick", style, x=frame.x, y=frame.y("share"), color=_colour(frame))


def _points(curve: pd.DataFrame, curves: StepCurves, frame: Frame) -> alt.Chart:
    """Return the steps with tooltips; only the nearest and the picked one are visible."""
    steps = curve[~_pixel(curve, curves.longest, _columns(frame)).duplicated(keep="last")]
    patients = steps["group"].map(curves.patients)
    points = steps[["group", "months"]].assign(
        percent=100 * steps["share"],
        time=[f"{months:.1f} months" for months in steps["months"]],
        words=share_words(steps.assign(patients=patients)),
        **{column: steps[column].map(count_or_hidden) for column in curves.told},
        **({AT: curves.readings.nearest(steps["months"])} if curves.readings else {}),
    )
    words = {"time": "Time", "words": "Share (interval)", **curves.told}
    if frame.compared:
        words = {"group": "Group", **words}
    return layer(
        points,
        "point",
        {"filled": True, "cursor": "pointer"},
        name=TARGETS,
        x=frame.x,
        y=frame.y("percent"),
        color=_colour(frame),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
        **ringed(frame.palette),
    )


def _names(lines: pd.DataFrame, frame: Frame, labels: RowLabels) -> alt.Chart:
    """Return the name of each curve at its end; none for a single curve, or for naive ones of several."""
    naive = lines["part"] == "naive"
    ends = lines.assign(text=lines["group"].where(~naive, NAIVE))[~(naive & frame.compared)]
    ends = ends.drop_duplicates("text", keep="last")
    if len(ends) < 2:
        ends = ends.head(0)
    alone = "filtered" if (lines["part"] == "whole").any() else ""
    ends = ends.assign(
        text=[alone if text == "All" else text for text in ends["text"]],
        ink=[frame.inks.get(text, frame.palette.muted) for text in ends["text"]],
    )
    lowest, highest = frame.scale.domain
    at = [frame.height * (highest - share) / (highest - lowest) for share in ends["share"]]
    return end_names(ends, at, frame, labels)


def _colour(frame: Frame) -> alt.Color:
    domain, hues = [*frame.groups, WHOLE], [*frame.palette.lines(frame.groups), frame.palette.whole]
    return alt.Color("group:N", scale=alt.Scale(domain=domain, range=hues), legend=None)


def _note(lines: pd.DataFrame, curve: pd.DataFrame, few_at_risk: int) -> list[str]:
    """Return the meaning of the line styles in the figure."""
    notes = []
    if (lines["part"] == "few").any():
        notes.append(f"fine dashes: fewer than {few_at_risk} at risk")
    if (lines["part"] == "naive").any():
        notes.append(f"faint: {NAIVE}, too high where events compete")
    if (curve["censored"] > 0).any():
        notes.append("short strokes: censored")
    return notes
