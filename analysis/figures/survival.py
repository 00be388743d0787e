"""Kaplan-Meier curves over the numbers at risk, with events and censored."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.estimates.survival import KaplanMeier
from analysis.figures.axes import DEPTH, SHARE_SCALE, Frame, at_ticks, longest_time, month_ticks, month_x, share_axis
from analysis.figures.readings import count, percent, share_words
from analysis.figures.rows import end_names, number_rows
from analysis.figures.theme import dash_patterns, dress, group_order, layer

FEW_AT_RISK = 10
TAIL_DASH = [1.5, 3.5]
WHOLE = "whole cohort"
ROWS = {"At risk": "at_risk", "Events": "cumulative_events", "Censored": "cumulative_censored"}
PIXELS = 800  # columns of the widest plot: a step within one cannot be seen
MOST_STEPS = 2000  # over all curves
MARK_GAP = 3  # pixels between two censor marks, times the curves


def survival_chart(
    result: KaplanMeier,
    *,
    dark: bool = False,
    whole: KaplanMeier | None = None,
    height: float = 340,
    compact: bool = False,
    y_title: str = "Alive (%)",
) -> alt.LayerChart:
    """Return the curves with their bands, and under the same axis how many are at risk, had the event, were censored.

    Parameters
    ----------
    result
        The curves.
    dark
        Whether the page is dark.
    whole
        The curve of the whole cohort, drawn in grey behind a filtered one.
    height
        Pixels of the plot; the axis and the rows of numbers come on top of it.
    compact
        Only the row at risk, for a small figure.
    y_title
        What the curves are the share of.
    """
    longest = longest_time(result.curve["months"], *([whole.curve["months"]] if whole else []))
    frame = Frame(group_order(result.curve["group"]), dark, height, month_x(longest), SHARE_SCALE, share_axis(y_title))
    curve = result.curve.astype({"group": str}).dropna(subset="survival")
    steps = _steps(curve, longest, frame)
    lines = _lines(steps, _steps(whole.curve.assign(group=WHOLE), longest, frame) if whole else None)
    headings = list(ROWS)[:1] if compact else list(ROWS)
    layers = [
        _bands(steps, frame),
        _curves(lines, frame),
        _censor_marks(curve, longest, frame),
        _hover(curve, result.summary, longest, frame),
        _names(lines, frame),
        *number_rows(
            _numbers(result, headings, longest),
            headings,
            frame,
            top=height + DEPTH,
            key="dash",
            seen=at_ticks(longest),
        ),
    ]
    return dress(layers, height=height, dark=dark, note=_note(lines, curve))


def survival_description(result: KaplanMeier) -> str:
    """Return the figure in words, for those who do not see it."""
    sentences = ["Kaplan-Meier curves in per cent over months since transplantation."]
    ends = result.curve.drop_duplicates("group", keep="last")[["group", "months", "survival"]].merge(result.summary)
    for group, months, survival, patients, events in zip(
        *(ends[name] for name in ("group", "months", "survival", "patients", "events")), strict=True
    ):
        counts = f"{count(patients, 'patient')}, {count(events, 'event')}"
        end = f"{percent(survival, patients)} % at the end of the curve, {months:.1f} months"
        sentences.append(f"{group}: {counts}; {end}." if patients else f"{group}: no patients.")
    return " ".join(sentences)


def _steps(curve: pd.DataFrame, longest: float, frame: Frame) -> pd.DataFrame:
    """Return the rows that shape curves and bands: steps, ends, and where few are left; no more than can be seen."""
    few = curve["at_risk"] < FEW_AT_RISK
    first, last = ~curve["group"].duplicated(), ~curve["group"].duplicated(keep="last")
    # The number at risk in a row is that of the time up to it, so few are at risk from the row before on.
    turn = few.shift(-1, fill_value=False) & ~few & ~last
    # The band of a group without events widens at censorings too.
    widens = curve["lower"].diff().abs() > 0
    shape = curve.assign(few=few, turn=turn)[(curve["events"] > 0) | first | last | turn | widens]
    columns = min(PIXELS, MOST_STEPS // max(len(frame.groups), 1))
    pixel = _pixel(shape, longest, columns)
    kept = shape[~pixel.duplicated() | ~pixel.duplicated(keep="last") | shape["turn"]]
    return kept.assign(**{name: 100 * kept[name] for name in ("survival", "lower", "upper")})


def _pixel(curve: pd.DataFrame, longest: float, columns: float) -> pd.DataFrame:
    """Return which group and which column of the screen a row is in."""
    return pd.DataFrame({"group": curve["group"], "pixel": (curve["months"] / longest * columns).astype(int)})


def _lines(steps: pd.DataFrame, whole: pd.DataFrame | None) -> pd.DataFrame:
    """Return the curves in parts: the whole cohort, many at risk, few at risk; the last two share their break."""
    parts = [steps[~steps["few"]].assign(part="many"), steps[steps["few"] | steps["turn"]].assign(part="few")]
    if whole is not None:
        parts.insert(0, whole.assign(part="whole"))
    return pd.concat(parts, ignore_index=True)[["group", "part", "months", "survival"]]


def _bands(steps: pd.DataFrame, frame: Frame) -> alt.Chart:
    # A band without limits of its own at the next step, as where the curve comes down to 0, goes on up to it.
    ends = steps.assign(**steps.groupby("group")[["lower", "upper"]].shift())[steps["lower"].isna()]
    held = pd.concat([steps, ends]).dropna(subset=["lower", "upper"])[["group", "months", "lower", "upper"]]
    held = held.sort_values(["group", "months"], kind="stable")
    style = {"interpolate": "step-after", "opacity": 0.16 if len(frame.groups) < 4 else 0.1}
    return layer(held, "area", style, x=frame.x, y=frame.y("lower"), y2=alt.Y2("upper:Q"), color=_colour(frame))


def _curves(lines: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the curves: the group's dash; thin and finely dashed where few are at risk; thin for the whole cohort."""
    # One pattern a group, then that of the tail, then that of the whole cohort.
    patterns = [*dash_patterns(frame.groups), TAIL_DASH, [1, 0]]
    widths = [*[2.25] * len(frame.groups), 1.5, 1.5]
    style_of_part = {"few": len(frame.groups), "whole": len(frame.groups) + 1}
    styles = [
        style_of_part[part] if part in style_of_part else frame.groups.index(group)
        for group, part in zip(lines["group"], lines["part"], strict=True)
    ]
    style = {
        "interpolate": "step-after",
        "strokeJoin": "miter",
        "strokeDash": alt.ExprRef(f"{patterns}[datum.style]"),
        "strokeWidth": alt.ExprRef(f"{widths}[datum.style]"),
    }
    return layer(
        lines.assign(style=styles),
        "line",
        style,
        x=frame.x,
        y=frame.y("survival"),
        color=_colour(frame),
        detail=alt.Detail("part:N"),
    )


def _censor_marks(curve: pd.DataFrame, longest: float, frame: Frame) -> alt.Chart:
    """Return a short stroke where somebody was last seen, thinned where strokes would run into each other."""
    censored = curve[curve["censored"] > 0]
    columns = PIXELS / MARK_GAP / max(len(frame.groups), 1)
    marks = censored[~_pixel(censored, longest, columns).duplicated()]
    marks = marks[["group", "months"]].assign(survival=100 * marks["survival"])
    style = {"orient": "vertical", "size": 8, "thickness": 1.25, "opacity": 1}
    return layer(marks, "tick", style, x=frame.x, y=frame.y("survival"), color=_colour(frame))


def _hover(curve: pd.DataFrame, summary: pd.DataFrame, longest: float, frame: Frame) -> alt.Chart:
    """Return the step that is nearest to the pointer, with its numbers."""
    columns = min(PIXELS, MOST_STEPS // max(len(frame.groups), 1))
    steps = curve[~_pixel(curve, longest, columns).duplicated(keep="last")]
    patients = steps["group"].map(dict(zip(summary["group"].astype(str), summary["patients"], strict=True)))
    points = steps[["group", "months"]].assign(
        percent=100 * steps["survival"],
        time=[f"{months:.1f} months" for months in steps["months"]],
        share=share_words(steps.assign(patients=patients), "survival"),
        at_risk=[f"{number:,.0f}" for number in steps["at_risk"]],
        events=[f"{number:,.0f}" for number in steps["events"]],
    )
    words = {
        "time": "Since transplantation",
        "share": "Share (interval)",
        "at_risk": "At risk",
        "events": "Events at that time",
    }
    if frame.compared:
        words = {"group": "Group", **words}
    # A name of its own keeps the chart the same from one redraw to the next.
    nearest = alt.selection_point(
        name="nearest", nearest=True, on="pointerover", clear="pointerout", fields=["group", "months"], empty=False
    )
    return layer(
        points,
        "point",
        {"size": 70, "filled": True},
        x=frame.x,
        y=frame.y("percent"),
        color=_colour(frame),
        opacity=alt.OpacityValue(0, condition={"param": "nearest", "empty": False, "value": 1}),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
    ).add_params(nearest)


def _names(lines: pd.DataFrame, frame: Frame) -> alt.Chart:
    """Return the name of each curve at its end; a single curve needs none."""
    ends = lines.drop_duplicates("group", keep="last")
    if len(ends) < 2:
        ends = ends.head(0)
    beside_whole = (lines["part"] == "whole").any()
    ends = ends.assign(
        text=["filtered" if group == "All" and beside_whole else group for group in ends["group"]],
        ink=[frame.inks.get(group, frame.palette.muted) for group in ends["group"]],
    )
    return end_names(ends, [frame.height * (1 - share / 100) for share in ends["survival"]], frame)


def _numbers(result: KaplanMeier, headings: list[str], longest: float) -> pd.DataFrame:
    """Return the rows under the axis; beyond a group's last time only the number at risk is told."""
    at = result.at(month_ticks(longest))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "heading": heading,
                    "group": at["group"].astype(str),
                    "months": at["months"],
                    "text": ["" if pd.isna(number) else f"{number:,.0f}" for number in at[ROWS[heading]]],
                }
            )
            for heading in headings
        ],
        ignore_index=True,
    )


def _colour(frame: Frame) -> alt.Color:
    domain, hues = [*frame.groups, WHOLE], [*frame.palette.lines(frame.groups), frame.palette.whole]
    return alt.Color("group:N", scale=alt.Scale(domain=domain, range=hues), legend=None)


def _note(lines: pd.DataFrame, curve: pd.DataFrame) -> list[str]:
    """Return what the strokes mean, as far as they are there."""
    notes = []
    if (lines["part"] == "few").any():
        notes.append(f"thin fine dashes: fewer than {FEW_AT_RISK} at risk")
    if (curve["censored"] > 0).any():
        notes.append("short strokes: censored")
    return notes
