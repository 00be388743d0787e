"""Text around the plot: rows of numbers below the axis, and names at the ends of curves."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

import altair as alt
import pandas as pd

from analysis.figures.common.axes import Frame
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer, text_width

ROW_HEIGHT = 17
BLOCK_GAP = 7  # pixels between the rows of two headings
LABEL_GAP = 22  # pixels between row labels and the axis: half a number centred on month 0
KEY_WIDTHS = {"shape": 16, "dash": 32}  # pixels after a group's name
NAME_LIMIT = 124
SHORT_NAME = 50  # pixels; a wider name is below its heading, not beside it
LONGEST_END = 90  # pixels; a wider name is not drawn at the end of a curve
NAME_GAP = 15  # least distance of names at the ends of curves

# Positions in pixels and colours come directly from the data, without a scale.
_X = alt.X("x:Q", scale=None)
_Y = alt.Y("y:Q", scale=None)
_INK = alt.Color("ink:N", scale=None)


def number_rows(
    cells: pd.DataFrame,
    headings: Sequence[str],
    frame: Frame,
    *,
    top: float,
    key: Literal["dash", "shape"],
    seen: str = "true",
    shift: str = "0",
    text: str = "datum.text",
    size: str = f"{SMALL_FONT_SIZE}",
) -> list[alt.Chart]:
    """Return rows of numbers, one per group under each heading, in the colour of the group.

    Parameters
    ----------
    cells
        ``heading``, ``group``, the column of the figure's x, and ``text``, empty for none.
    headings
        What the rows count, from the top. A single group has no name of its own.
    frame
        The frame of the figure.
    top
        Pixels from the top of the plot to the first row.
    key
        What distinguishes the groups besides colour; it is drawn after the name.
    seen, shift, text, size
        Vega expressions for each cell: whether it is visible, its shift to the right in pixels, its text and font size.
    """
    names_end = -LABEL_GAP - KEY_WIDTHS[key]
    widest = max(map(text_width, frame.groups), default=0)
    stacked = frame.compared and widest > SHORT_NAME
    headings_end = -LABEL_GAP if not frame.compared else names_end if stacked else names_end - widest - 12
    labels: list[tuple[str, float, float, str]] = []
    heights: dict[tuple[str, str], float] = {}
    y = top + ROW_HEIGHT / 2
    for heading in headings:
        labels.append((heading, headings_end, y, frame.palette.muted))
        y += ROW_HEIGHT * stacked
        for group in frame.groups:
            if frame.compared:
                labels.append((group, names_end, y, frame.inks[group]))
            heights[heading, group] = y
            y += ROW_HEIGHT
        y += BLOCK_GAP * frame.compared
    placed = cells.assign(
        y=[heights[pair] for pair in zip(cells["heading"], cells["group"], strict=True)],
        ink=cells["group"].map(frame.inks),
    ).drop(columns=["heading", "group"])
    layers = [_numbers(placed, frame, seen, shift, text, size), _labels(labels)]
    if frame.compared:
        layers.append(_keys(heights, frame, key))
    return layers


def part_rows(
    cells: pd.DataFrame, parts: Mapping[str, str], frame: Frame, *, top: float, seen: str = "true"
) -> list[alt.Chart]:
    """Return rows of numbers, one per part of a stacked figure, each after a square of its colour.

    Parameters
    ----------
    cells
        ``part``, the column of the figure's x, and ``text``.
    parts
        Part to its colour, from the top.
    frame, top, seen
        As for `number_rows`.
    """
    heights = part_heights(list(parts), top)
    end = -LABEL_GAP - KEY_WIDTHS["shape"]
    placed = cells.assign(y=cells["part"].map(heights), ink=frame.palette.text).drop(columns="part")
    squares = pd.DataFrame(
        [(-LABEL_GAP - 4, heights[part], colour) for part, colour in parts.items()], columns=["x", "y", "ink"]
    )
    style = {"shape": "square", "size": 90, "filled": True, "opacity": 1}
    edge = {"stroke": frame.palette.muted, "strokeWidth": 0.5}
    return [
        _numbers(placed, frame, seen, "0", "datum.text", f"{SMALL_FONT_SIZE}"),
        _labels([(part, end, heights[part], frame.palette.text) for part in parts]),
        layer(squares, "point", {**style, **edge}, x=_X, y=_Y, fill=alt.Fill("ink:N", scale=None)),
    ]


def part_heights(parts: Sequence[str], top: float) -> dict[str, float]:
    """Return the middle of each part's row, in pixels from the top of the plot."""
    return {part: top + ROW_HEIGHT * (place + 0.5) for place, part in enumerate(parts)}


def _numbers(placed: pd.DataFrame, frame: Frame, seen: str, shift: str, text: str, size: str) -> alt.Chart:
    style = {"fontSize": alt.ExprRef(size), "opacity": alt.ExprRef(f"{seen} ? 1 : 0"), "dx": alt.ExprRef(shift)}
    words = {"baseline": "middle", "text": alt.ExprRef(text)}
    return layer(placed, "text", {**style, **words}, x=frame.x, y=_Y, color=_INK)


def _labels(labels: Sequence[tuple[str, float, float, str]]) -> alt.Chart:
    """Return right-aligned texts: text, x, y, colour."""
    style = {"fontSize": SMALL_FONT_SIZE, "align": "right", "limit": NAME_LIMIT, "baseline": "middle"}
    table = pd.DataFrame(labels, columns=["text", "x", "y", "ink"])
    return layer(table, "text", style, x=_X, y=_Y, text=alt.Text("text:N"), color=_INK)


def _keys(heights: dict[tuple[str, str], float], frame: Frame, key: Literal["dash", "shape"]) -> alt.Chart:
    """Return a piece of each group's line, or its point, after its name."""
    start, end = (-LABEL_GAP - 4, 0) if key == "shape" else (6 - LABEL_GAP - KEY_WIDTHS[key], 2 - LABEL_GAP)
    keys = pd.DataFrame(
        [(group, y, frame.inks[group], start, end) for (_, group), y in heights.items()],
        columns=["group", "y", "ink", "x", "x2"],
    )
    if key == "shape":
        shape = alt.Shape("group:N", scale=frame.shapes, legend=None)
        return layer(keys, "point", {"size": 55, "filled": True, "opacity": 1}, x=_X, y=_Y, color=_INK, shape=shape)
    # Groups by number, as Vega could take a name in an expression for one of its own.
    style = {"strokeWidth": 2, "strokeDash": alt.ExprRef(f"{frame.dashes}[datum.place]")}
    return layer(
        keys.assign(place=keys["group"].map(frame.groups.index)),
        "rule",
        style,
        x=_X,
        x2=alt.X2("x2:Q"),
        y=_Y,
        color=_INK,
    )


def end_names(ends: pd.DataFrame, at: Sequence[float], frame: Frame) -> alt.Chart:
    """Return the name of each curve at its end, moved up or down to avoid overlap.

    Long names are only in the rows below the axis.

    Parameters
    ----------
    ends
        ``months`` of the end, ``text`` and ``ink``, one row per curve.
    at
        Pixels from the top of the plot to each end.
    frame
        The frame of the figure.
    """
    shown = ends[["months", "text", "ink"]].assign(y=spread_out(at, NAME_GAP, 0, frame.height - NAME_GAP / 2))
    if any(text_width(text) > LONGEST_END for text in shown["text"]):
        shown = shown.head(0)
    style = {"fontSize": SMALL_FONT_SIZE, "align": "left", "baseline": "middle", "dx": 8}
    return layer(shown, "text", style, x=frame.x, y=_Y, text=alt.Text("text:N"), color=_INK)


def spread_out(positions: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Return positions at least a gap apart, in the same order, moved as little as possible.

    Parameters
    ----------
    positions
        In any order; the result has the same.
    gap
        The least distance.
    lowest, highest
        The limits; gaps are smaller if there is too little room between them.

    Examples
    --------
    >>> spread_out([10.0, 12.0, 80.0], 15, 0, 100)
    [10.0, 25.0, 80.0]
    """
    order = sorted(range(len(positions)), key=lambda place: positions[place])
    moved = list(positions)
    for before, place in itertools.pairwise(order):
        moved[place] = max(moved[place], moved[before] + gap)
    ceiling = highest
    for place in reversed(order):
        moved[place] = max(lowest, min(moved[place], ceiling))
        ceiling = moved[place] - gap
    return moved
