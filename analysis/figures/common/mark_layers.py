"""Published shares as grey marks of a figure: limits, points, letters, and areas with what each is."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.common.axes import Frame
from analysis.figures.common.published_marks import TOOLTIP, tooltips
from analysis.figures.common.theme import layer


def mark_layers(marks: pd.DataFrame, frame: Frame, shift: str) -> list[alt.Chart]:
    """Return limits, points and letters; hollow where anything told differs.

    Parameters
    ----------
    marks
        From `published_marks`, with the field of the x axis.
    frame
        The frame of the figure.
    shift
        A Vega expression: by how many pixels a mark stands beside its time.
    """
    grey, aside = frame.palette.muted, alt.ExprRef(shift)
    where: dict[str, Any] = {"x": frame.x}
    field = str(frame.x.shorthand).split(":")[0]
    common = [field, "part", "place", "number"]
    text = {"xOffset": aside, "dy": -3, "baseline": "bottom", "fontSize": 10, "fontStyle": "italic", "color": grey}
    hollow = alt.condition("datum.other", alt.value(frame.palette.background), alt.value(grey))
    point = {"shape": "diamond", "size": 42, "opacity": 1, "stroke": grey, "strokeWidth": 1.5, "xOffset": aside}
    line = {"color": grey, "strokeWidth": 1, "xOffset": aside}
    ends: dict[str, Any] = {"y": frame.y("lower"), "y2": alt.Y2("upper:Q")}
    return [
        layer(marks[[*common, "lower", "upper"]], "rule", line, **ends, **where),
        layer(marks[[*common, "share", "other"]], "point", point, y=frame.y("share"), fill=hollow, **where),
        layer(
            marks[[*common, "letter", "upper"]],
            "text",
            text,
            y=frame.y("upper"),
            text=alt.Text("letter:N"),
            **where,
        ),
    ]


def mark_targets(marks: pd.DataFrame, frame: Frame, shift: str) -> alt.Chart:
    """Return invisible areas over the marks with what each is in a tooltip; parameters as of `mark_layers`."""
    field = str(frame.x.shorthand).split(":")[0]
    return layer(
        marks[[field, *TOOLTIP, "lower", "upper", "place", "number"]],
        "rule",
        {"strokeWidth": 12, "opacity": 0, "xOffset": alt.ExprRef(shift)},
        x=frame.x,
        y=frame.y("lower"),
        y2=alt.Y2("upper:Q"),
        tooltip=tooltips(),
    )
