"""The legend of colours and shapes above a plot, on one line or in as many columns as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.figures.common.theme import FIGURE_WIDTH, FONT_SIZE, Palette, layer, text_width
from analysis.figures.common.varying import varying

LINE = 19  # pixels between lines of entries
GAP = 14  # pixels between the last line and the plot
SYMBOL = 14  # pixels for the symbol of an entry
BETWEEN = 16
BESIDE_PLOT = 110
WIDTH = f"({FIGURE_WIDTH} - {BESIDE_PLOT})"


@dataclass(frozen=True)
class Entry:
    """An entry of the legend.

    Attributes
    ----------
    words
        Its meaning.
    shape
        A shape of Vega, or the path of one.
    fill, ink
        Colours of its area and edge.
    """

    words: str
    shape: str
    fill: str
    ink: str


def key_layers(entries: Sequence[Entry], colours: Palette, above: float = 0.0) -> list[alt.Chart]:
    """Return the legend, so many pixels above the plot: on one line, or in columns of as many lines as it takes."""
    table = pd.DataFrame(
        [(place, entry.words, entry.shape, entry.fill, entry.ink) for place, entry in enumerate(entries)],
        columns=["place", "text", "shape", "fill", "ink"],
    )
    rooms = [text_width(entry.words, FONT_SIZE) + SYMBOL + BETWEEN for entry in entries]
    table["along"] = [sum(rooms[:place]) for place in range(len(rooms))]
    room, column = varying("entries_room", round(sum(rooms))), varying("entry_room", round(max(rooms, default=1)))
    entered = varying("entries", max(len(entries), 1))
    one = f"{WIDTH} + {BETWEEN} >= {room}"
    columns = f"({one} ? {entered} : max(1, floor(({WIDTH} + {BETWEEN}) / {column})))"
    x = f"({one} ? datum.along : (datum.place % {columns}) * {column})"
    y = f"-{GAP + above:g} - {LINE} * (ceil({entered} / {columns}) - 1 - floor(datum.place / {columns}))"
    words = {"align": "left", "baseline": "middle", "fontSize": FONT_SIZE, "color": colours.muted}
    return [
        layer(
            table,
            "point",
            {"size": 80, "opacity": 1, "strokeWidth": 1.2, "x": alt.ExprRef(f"{x} + 5"), "y": alt.ExprRef(y)},
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("ink:N", scale=None),
        ),
        layer(
            table,
            "text",
            {**words, "x": alt.ExprRef(f"{x} + {SYMBOL}"), "y": alt.ExprRef(y)},
            text=alt.Text("text:N"),
        ),
    ]
