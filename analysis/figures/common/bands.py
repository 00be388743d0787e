"""Horizontal bands behind a plot, such as ranges of disease activity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import altair as alt
import pandas as pd

from analysis.figures.common.axes import Frame
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer

Band = tuple[str, float, float]  # label, lowest value, highest value

NAME_ROOM = 14  # pixels; a lower band has no name


def band_layers(bands: Sequence[Band], low: float, high: float, frame: Frame) -> list[alt.Chart]:
    """Return bands, each darker than the one below and named on the right.

    Parameters
    ----------
    bands
        Label, lowest and highest value, in any order. Each extends to the start of the next, so that bands of whole
        numbers (1 to 5, 6 to 10) leave no gap.
    low, high
        The ends of the y axis, at which bands are cut.
    frame
        The frame of the figure.
    """
    rising = sorted(bands, key=lambda band: band[1])
    ends = [after[1] for _, after in pairwise(rising)] + [band[2] for band in rising[-1:]]
    pixels = frame.height / (high - low)
    table = pd.DataFrame(
        [
            (label, pixels * (high - min(max(end, low), high)), pixels * (high - min(max(start, low), high)), shade)
            for (label, start, _), end, shade in zip(rising, ends, range(len(rising)), strict=True)
        ],
        columns=["text", "y", "y2", "shade"],
    )
    table = table[table["y2"] > table["y"]].assign(
        opacity=lambda shown: 0.9 * shown["shade"] / max(len(rising) - 1, 1), name_y=lambda shown: shown["y"] + 8
    )
    named = table[table["y2"] - table["y"] >= NAME_ROOM]
    style = {"align": "right", "baseline": "middle", "fontSize": SMALL_FONT_SIZE, "x": "width", "dx": -4}
    return [
        layer(
            table[["y", "y2", "opacity"]],
            "rect",
            {"x": 0, "x2": "width", "fill": frame.palette.grid},
            y=alt.Y("y:Q", scale=None),
            y2=alt.Y2("y2:Q"),
            opacity=alt.Opacity("opacity:Q", scale=None),
        ),
        layer(
            named[["text", "name_y"]],
            "text",
            {**style, "color": frame.palette.muted},
            y=alt.Y("name_y:Q", scale=None),
            text=alt.Text("text:N"),
        ),
    ]


def range_layer(band: Band, frame: Frame) -> alt.Chart:
    """Return one quiet band at values of the y axis, cut where the axis ends.

    Parameters
    ----------
    band
        Label, lowest and highest value.
    frame
        The frame of the figure.
    """
    _, lowest, highest = band
    return layer(
        pd.DataFrame({"lowest": [lowest], "highest": [highest]}),
        "rect",
        {"x": 0, "x2": "width", "fill": frame.palette.grid, "opacity": 0.55, "clip": True},
        y=frame.y("lowest"),
        y2=alt.Y2("highest:Q"),
    )


def range_name(band: Band, frame: Frame) -> list[alt.Chart]:
    """Return the name of a band, above its lower edge, with an edge of its own so that it can be read before lines."""
    table = pd.DataFrame({"text": [band[0]], "lowest": [band[1]]})
    place = {"align": "right", "baseline": "bottom", "fontSize": SMALL_FONT_SIZE, "x": "width", "dx": -4, "dy": -2}
    edge = {"stroke": frame.palette.background, "strokeWidth": 3, "strokeOpacity": 0.85}
    return [
        layer(
            table,
            "text",
            {**place, **style, "color": frame.palette.text, "clip": True},
            y=frame.y("lowest"),
            text=alt.Text("text:N"),
        )
        for style in (edge, {})
    ]
