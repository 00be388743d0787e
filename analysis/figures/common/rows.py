"""Text around the plot: rows of numbers below the axis, and names at the ends of curves."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from analysis.figures.common.axes import LABELS, Frame
from analysis.figures.common.theme import FIGURE_WIDTH, PADDING, SMALL_FONT_SIZE, Look, layer, text_width
from analysis.figures.common.varying import varying

ROW_HEIGHT = 17
BLOCK_GAP = 7  # pixels between two blocks of rows
LABEL_GAP = 16  # pixels between row labels and the axis: half a number of two digits centred on month 0
BAND_GAP = 8  # the same where numbers stand in the middle of bands
KEY_BETWEEN = 14  # pixels between two names of a legend
KEY_WIDTHS = {"shape": 14, "dash": 21}  # pixels after a group's name
SHORT_NAME = 31  # pixels; a wider name is above the rows of its group, not beside them
LONG_NAME = 170
BESIDE_AXIS = 31  # pixels from a heading up to the title of the axis above it
BESIDE = 0.35  # of the width of a figure, the most that labels and names at the ends of curves take beside the plot
END_GAP = 6  # pixels between a curve and its name
NAME_GAP = 15  # least distance of names at the ends of curves

# Positions in pixels and colours come directly from the data, without a scale.
_X = alt.X("x:Q", scale=None)
_Y = alt.Y("y:Q", scale=None)
_INK = alt.Color("ink:N", scale=None)


@dataclass(frozen=True)
class Block:
    """Rows of numbers under a title: "" for none; in the ink of a group if it is of one.

    Attributes
    ----------
    title
        What stands above the rows.
    group
        The group whose ink and key the title has; "" for none.
    rows
        Label, heading and group of each row.
    """

    title: str
    group: str
    rows: list[tuple[str, str, str]]


@dataclass(frozen=True)
class RowLabels:
    """What stands left of the rows below a plot, and how far it reaches.

    Short names stand beside the rows, under a heading for each thing counted; long ones above the rows of their group,
    so that they take no width from the plot.

    Attributes
    ----------
    headings
        What the rows count, from the top.
    groups
        All groups in order.
    key
        What distinguishes the groups besides colour; it is drawn beside the name.
    gap
        Pixels between the labels and the plot.
    widest
        Pixels of the widest name that stands beside the rows: on the stage height is scarce, and width is not.
    """

    headings: Sequence[str]
    groups: Sequence[str]
    key: Literal["dash", "shape"]
    gap: float = LABEL_GAP
    widest: float = SHORT_NAME

    @property
    def beside(self) -> bool:
        """Whether the names of the groups stand beside their rows."""
        return len(self.groups) > 1 and max(map(text_width, self.groups)) <= self.widest

    @property
    def left(self) -> float:
        """How many pixels the labels take left of the plot."""
        if self.beside and self.headings:
            return self.gap + KEY_WIDTHS[self.key] + max(map(text_width, self.groups))
        headings = self.headings if len(self.headings) > 1 else []
        return max(LABELS, self.gap + max(map(text_width, headings), default=0.0))

    @property
    def height(self) -> float:
        """How many pixels the rows take, with what stands above them."""
        gap = BLOCK_GAP if len(self.groups) > 1 else 0
        return sum(ROW_HEIGHT * (bool(block.title) + len(block.rows)) + gap for block in self.blocks()) - gap

    def blocks(self) -> list[Block]:
        """Return the blocks of rows, from the top."""
        if self.beside:
            rows = {heading: [(group, heading, group) for group in self.groups] for heading in self.headings}
            return [Block(heading, "", of_heading) for heading, of_heading in rows.items()]
        several, compared = len(self.headings) > 1, len(self.groups) > 1
        if several:
            return [
                Block(group if compared else "", group, [(heading, heading, group) for heading in self.headings])
                for group in self.groups
            ]
        return [
            Block(f"{heading}: {group}" if compared else heading, group if compared else "", [("", heading, group)])
            for heading in self.headings
            for group in self.groups
        ]


def widest_beside(look: Look) -> float:
    """Return the pixels of the widest name of a group that stands beside its rows of numbers."""
    return LONG_NAME if look.on_stage else SHORT_NAME


def gap_before(first: Sequence[str]) -> float:
    """Return the pixels that row labels keep from the plot for numbers centred on its left edge.

    Examples
    --------
    >>> gap_before(["45", "42"]), gap_before(["12,045"])
    (16, 26.32)
    """
    return max([LABEL_GAP, *(4 + text_width(text) / 2 for text in first)])


def number_rows(
    cells: pd.DataFrame,
    labels: RowLabels,
    frame: Frame,
    *,
    top: float,
    seen: str = "true",
    shift: str = "0",
    text: str = "datum.text",
    size: str = f"{SMALL_FONT_SIZE}",
) -> list[alt.Chart]:
    """Return rows of numbers, one per group and heading, in the colour of the group.

    Parameters
    ----------
    cells
        ``heading``, ``group``, the column of the figure's x, and ``text``, empty for none.
    labels
        The labels of the rows. A single group has no name of its own.
    frame
        The frame of the figure.
    top
        Pixels from the top of the plot to the first row. On the stage, where height is scarce, a heading above that
        row stands beside the title of the axis.
    seen, shift, text, size
        Vega expressions for each cell: whether it is visible, its shift to the right in pixels, its text and font size.
    """
    end, left = -labels.gap, -labels.left
    texts: list[tuple[str, float, float, str, str]] = []
    keys: list[tuple[str, float, float]] = []
    heights: dict[tuple[str, str], float] = {}
    key_width = KEY_WIDTHS[labels.key]
    blocks = labels.blocks()
    y = top + ROW_HEIGHT / 2 - (BESIDE_AXIS if frame.look.on_stage and blocks[0].title else 0)
    for block in blocks:
        if block.title:
            aside = key_width if block.group else 0
            texts.append((block.title, left + aside, y, frame.inks.get(block.group, frame.palette.muted), "left"))
            if block.group:
                keys.append((block.group, left, y))
            y += ROW_HEIGHT
        for label, heading, group in block.rows:
            if labels.beside:
                keys.append((group, end - key_width + 4, y))
            if label:
                aside, ink = (key_width, frame.inks[group]) if labels.beside else (0, frame.palette.muted)
                texts.append((label, end - aside, y, ink, "right"))
            heights[heading, group] = y
            y += ROW_HEIGHT
        y += BLOCK_GAP * frame.compared
    placed = cells.assign(
        y=[heights[pair] for pair in zip(cells["heading"], cells["group"], strict=True)],
        ink=cells["group"].map(frame.inks),
    ).drop(columns=["heading", "group"])
    layers = [_numbers(placed, frame, seen, shift, text, size), _labels(texts)]
    if keys:
        layers.append(_keys(keys, frame, labels.key))
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
    edge = {"stroke": frame.palette.muted, "strokeWidth": 0.85}
    return [
        _numbers(placed, frame, seen, "0", "datum.text", f"{SMALL_FONT_SIZE}"),
        _labels([(part, end, heights[part], frame.palette.text, "right") for part in parts]),
        layer(squares, "point", {**style, **edge}, x=_X, y=_Y, fill=alt.Fill("ink:N", scale=None)),
    ]


def part_heights(parts: Sequence[str], top: float) -> dict[str, float]:
    """Return the middle of each part's row, in pixels from the top of the plot."""
    return {part: top + ROW_HEIGHT * (place + 0.5) for place, part in enumerate(parts)}


def _numbers(placed: pd.DataFrame, frame: Frame, seen: str, shift: str, text: str, size: str) -> alt.Chart:
    shown = f"{seen} && {varying('numbers', frame.look.numbers)} ? 1 : 0"
    style = {"fontSize": alt.ExprRef(size), "opacity": alt.ExprRef(shown), "dx": alt.ExprRef(shift)}
    words = {"baseline": "middle", "text": alt.ExprRef(text)}
    return layer(placed, "text", {**style, **words}, x=frame.x, y=_Y, color=_INK)


def _labels(labels: Sequence[tuple[str, float, float, str, str]]) -> alt.Chart:
    """Return texts: text, x, y, colour, alignment."""
    table = pd.DataFrame(labels, columns=["text", "x", "y", "ink", "align"])
    style = {"fontSize": SMALL_FONT_SIZE, "baseline": "middle", "align": alt.ExprRef("datum.align")}
    return layer(table, "text", style, x=_X, y=_Y, text=alt.Text("text:N"), color=_INK)


def _keys(keys: Sequence[tuple[str, float, float]], frame: Frame, key: Literal["dash", "shape"]) -> alt.Chart:
    """Return a piece of each group's line, or its point: group, left end, y."""
    table = pd.DataFrame(keys, columns=["group", "x", "y"])
    table = table.assign(ink=table["group"].map(frame.inks))
    if key == "shape":
        shape = alt.Shape("group:N", scale=frame.shapes, legend=None)
        style: dict[str, Any] = {"size": 55, "filled": True, "opacity": 1}
        return layer(table.assign(x=table["x"] + 5), "point", style, x=_X, y=_Y, color=_INK, shape=shape)
    # Groups by number, as Vega could take a name in an expression for one of its own.
    style = {"strokeWidth": 2, "strokeDash": alt.ExprRef(f"{frame.dashes}[datum.place]")}
    placed = table.assign(x2=table["x"] + KEY_WIDTHS[key] - 4, place=table["group"].map(frame.groups.index))
    return layer(placed, "rule", style, x=_X, x2=alt.X2("x2:Q"), y=_Y, color=_INK)


def has_legend(labels: RowLabels, frame: Frame) -> bool:
    """Return whether the names of the groups stand above the plot: on paper, if asked or without rows of numbers."""
    paper = frame.look.paper
    return paper is not None and frame.compared and (paper.legend or not labels.headings)


def legend_layers(labels: RowLabels, frame: Frame) -> list[alt.Chart]:
    """Return the names of the groups above the plot, each after its dash or shape, in as many lines as they need."""
    paper = frame.look.paper
    if paper is None or not has_legend(labels, frame):
        return []
    symbol, right = KEY_WIDTHS[labels.key], paper.layout_width - labels.left - PADDING["left"] - PADDING["right"]
    placed: list[tuple[str, float, int]] = []
    x, line = -labels.left, 0
    for group in frame.groups:
        width = symbol + text_width(group) + KEY_BETWEEN
        if x > -labels.left and x + width > right:
            x, line = -labels.left, line + 1
        placed.append((group, x, line))
        x += width
    top = -frame.above - ROW_HEIGHT * line - ROW_HEIGHT / 2
    keys = [(group, x, top + ROW_HEIGHT * line) for group, x, line in placed]
    names = [(group, x + symbol, top + ROW_HEIGHT * line, frame.inks[group], "left") for group, x, line in placed]
    return [_labels(names), _keys(keys, frame, labels.key)]


def end_names(ends: pd.DataFrame, at: Sequence[float], frame: Frame, labels: RowLabels) -> alt.Chart:
    """Return the name of each curve at its end, moved up or down to avoid overlap.

    Names that would take too much of the figure are only in the rows below the axis.

    Parameters
    ----------
    ends
        ``months`` of the end, ``text`` and ``ink``, one row per curve.
    at
        Pixels from the top of the plot to each end.
    frame, labels
        The frame of the figure, and the labels of its rows.
    """
    shown = ends[["months", "text", "ink"]].assign(y=spread_out(at, NAME_GAP, 0, frame.height - NAME_GAP / 2))
    if has_legend(labels, frame):
        shown = shown.head(0)
    widest = max(map(text_width, shown["text"]), default=0.0)
    room = varying("name_room", round(labels.left + widest + END_GAP + PADDING["left"] + PADDING["right"]))
    fits = f"{FIGURE_WIDTH} * {BESIDE} >= {room}"
    style = {"fontSize": SMALL_FONT_SIZE, "align": "left", "baseline": "middle", "dx": END_GAP}
    return layer(
        shown, "text", {**style, "text": alt.ExprRef(f"{fits} ? datum.text : ''")}, x=frame.x, y=_Y, color=_INK
    )


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
