"""Shapes for events and the end of follow-up, the same in every figure of single patients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.facts.remission import PARTIAL
from analysis.facts.state_history import UNTOLD
from analysis.figures.common.keys import Entry
from analysis.figures.common.theme import Palette, layer
from analysis.figures.common.varying import varying
from analysis.listings.lanes import (
    ADVERSE_EVENT,
    DIED,
    END_UNKNOWN,
    INFUSION,
    LOST,
    NOT_RECORDED,
    RELAPSE,
    STILL_FOLLOWED,
)

# A diagonal cross; Vega's own is upright.
_SALTIRE = "M-1,-.55L-.55,-1L0,-.45L.55,-1L1,-.55L.45,0L1,.55L.55,1L0,.45L-.55,1L-1,.55L-.45,0Z"
SHAPES = {
    RELAPSE: "triangle-up",
    ADVERSE_EVENT: "diamond",
    INFUSION: "cross",
    DIED: _SALTIRE,
    LOST: "circle",
    STILL_FOLLOWED: "triangle-right",
    END_UNKNOWN: "square",
}
ON_LANE = (RELAPSE, ADVERSE_EVENT, INFUSION)  # the others stand behind its end
# State to the state of the palette; any other state is remission, complete or partial.
COLOURS = {"active": "active", "relapsed": "relapse", "dead": "died"}
UNKNOWN = (NOT_RECORDED, UNTOLD)


def mark_entry(mark: str, colours: Palette) -> Entry:
    """Return the shape and colours of a mark; loss to follow-up and adverse events have open shapes."""
    inks = {RELAPSE: "relapse", DIED: "died", STILL_FOLLOWED: "still followed"}
    ink = colours.states[inks[mark]] if mark in inks else colours.text if mark in ON_LANE else colours.muted
    fill = ink if mark in inks or mark == INFUSION else colours.background
    return Entry(mark[:1].upper() + mark[1:], SHAPES[mark], fill, ink)


def state_entry(state: str, colours: Palette) -> Entry:
    """Return the square of a state for the legend."""
    colour = state_colour(state, colours)
    return Entry(state[:1].upper() + state[1:], "square", colour, colour)


def state_colour(state: str, colours: Palette) -> str:
    """Return the colour of a state; remission by a rule has that of complete remission."""
    if state in UNKNOWN:
        return colours.places["not_yet_due"]
    return colours.states[PARTIAL if state.startswith(f"{PARTIAL} ") else COLOURS.get(state, "complete")]


def mark_layer(
    marks: pd.DataFrame, x: alt.X, colours: Palette, *, size: float, tooltip: Mapping[str, str] | None = None
) -> alt.Chart:
    """Return the shapes of marks: the end of follow-up after the lane, earlier events on it.

    Parameters
    ----------
    marks
        months, mark, y (pixels) and the columns of the tooltip.
    x
        Encoding of the months.
    colours
        The palette.
    size
        Area of a shape in square pixels.
    tooltip
        Column to its title in the tooltip; without any there is no tooltip.
    """
    entries = [mark_entry(mark, colours) for mark in marks["mark"]]
    titles = dict(tooltip or {})
    table = marks[["months", "y", *titles]].assign(
        aside=[0.0 if mark in ON_LANE else np.sqrt(size) / 2 for mark in marks["mark"]],
        shape=[entry.shape for entry in entries],
        fill=[entry.fill for entry in entries],
        # A thin edge in the page's colour separates a filled shape from its lane.
        ink=[colours.background if entry.fill == entry.ink else entry.ink for entry in entries],
    )
    hints: dict[str, Any] = (
        {"tooltip": [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]} if titles else {}
    )
    return layer(
        table,
        "point",
        {
            "size": alt.ExprRef(varying("mark_size", float(size))),
            "opacity": 1,
            "strokeWidth": alt.ExprRef(varying("mark_edge", 0.85 if size < 90 else 1.2)),
            "xOffset": alt.ExprRef("datum.aside"),
        },
        x=x,
        y=alt.Y("y:Q", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("ink:N", scale=None),
        **hints,
    )
