"""Text around the plot: rows of numbers under the axis, and names where curves end."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

import altair as alt
import pandas as pd

from analysis.figures.common.axes import Frame
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer, text_width

ROW_HEIGHT = 17
BLOCK_GAP = 7  # between the rows of one heading and of the next
LABEL_GAP = 22  # between row labels and the axis: half a number centred on month 0
KEY_WIDTHS = {"shape": 16, "dash": 32}  # behind a group's name
NAME_LIMIT = 124
SHORT_NAME = 50  # up to this width a name has room beside its heading
LONGEST_END = 90  # a longer name at a curve's end would take too much of the plot
NAME_GAP = 15  # from one name at a curve's end to the next

# Places in pixels, colours as they are: both come from the data, not from a scale.
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
    """Return rows of numbers, one a group under each heading, in the colour of its curve.

    Parameters
    ----------
    cells
        ``heading``, ``group``, the column of the figure's x, and ``text``; what is missing is an empty text.
    headings
        What the rows count, from the top. A single group needs no name of its own.
    frame
        The figure's.
    top
        Pixels from the top of the plot to the first row.
    key
        What tells the groups of the figure apart besides colour; it stands behind the name.
    seen, shift, text, size
        Vega expressions for each cell: whether it is seen, by how many pixels it is moved to the right, what it says
        and in which type size.
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
    """Return rows of numbers, one a part of a stacked figure, behind a square of its colour.

    Parameters
    ----------
    cells
        ``part``, the column of the figure's x, and ``text``.
    parts
        The colour of each part that has a row, from the top.
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
    """Return texts that end at a pixel: text, x, y, colour."""
    style = {"fontSize": SMALL_FONT_SIZE, "align": "right", "limit": NAME_LIMIT, "baseline": "middle"}
    table = pd.DataFrame(labels, columns=["text", "x", "y", "ink"])
    return layer(table, "text", style, x=_X, y=_Y, text=alt.Text("text:N"), color=_INK)


def _keys(heights: dict[tuple[str, str], float], frame: Frame, key: Literal["dash", "shape"]) -> alt.Chart:
    """Return a piece of each group's curve, or its point, behind its name."""
    start, end = (-LABEL_GAP - 4, 0) if key == "shape" else (6 - LABEL_GAP - KEY_WIDTHS[key], 2 - LABEL_GAP)
    keys = pd.DataFrame(
        [(group, y, frame.inks[group], start, end) for (_, group), y in heights.items()],
        columns=["group", "y", "ink", "x", "x2"],
    )
    if key == "shape":
        shape = alt.Shape("group:N", scale=frame.shapes, legend=None)
        return layer(keys, "point", {"size": 55, "filled": True, "opacity": 1}, x=_X, y=_Y, color=_INK, shape=shape)
    # No name stands in an expression: Vega would take it for one of its own.
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
    """Return the name of each curve where it ends, moved up or down where two would meet.

    Long names are left to the rows under the axis.

    Parameters
    ----------
    ends
        ``months`` of the end, ``text`` and ``ink``, one row a curve.
    at
        Pixels from the top of the plot to each end.
    frame
        The figure's.
    """
    shown = ends[["months", "text", "ink"]].assign(y=spread_out(at, NAME_GAP, 0, frame.height - NAME_GAP / 2))
    if any(text_width(text) > LONGEST_END for text in shown["text"]):
        shown = shown.head(0)
    style = {"fontSize": SMALL_FONT_SIZE, "align": "left", "baseline": "middle", "dx": 8}
    return layer(shown, "text", style, x=frame.x, y=_Y, text=alt.Text("text:N"), color=_INK)


def spread_out(positions: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Move positions apart by at least a gap, as little as needed and within limits, keeping their order.

    Positions may come in any order; the answer is in the same one.
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
