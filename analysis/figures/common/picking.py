"""Points and bars that answer the pointer: the nearest is shown, a click picks it.

A page reads the picked ones by ``st.altair_chart(..., on_select="rerun", selection_mode="pick")``. Selections have
names of their own, so that a chart stays the same from one redraw to the next.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.figures.common.theme import Palette

PICK = "pick"
NEAREST = "nearest"
TARGETS = "targets"  # the layer that answers


def picks(*fields: str, nearest: bool = False) -> alt.TopLevelSelectionParameter:
    """Return the selection by click; a second click with shift adds, a double click clears."""
    return _selection(PICK, on="click", fields=list(fields), nearest=nearest)


def nearest_picks(*fields: str) -> list[alt.TopLevelSelectionParameter]:
    """Return the selections of points: the nearest to the pointer, wherever it is in the plot, is the one meant."""
    hovered = _selection(NEAREST, on="pointerover", clear="pointerout", fields=list(fields), nearest=True)
    return [hovered, picks(*fields, nearest=True)]


def _selection(name: str, **how: Any) -> alt.TopLevelSelectionParameter:
    select = alt.PointSelectionConfig(type="point", **how)
    return alt.TopLevelSelectionParameter(name=name, select=select, views=[TARGETS])


def ringed(colours: Palette) -> dict[str, Any]:
    """Return channels of points that are hidden but for the nearest one, and ringed where picked."""
    nearest, picked = ({"param": name, "empty": False} for name in (NEAREST, PICK))
    return {
        "opacity": alt.OpacityValue(0, condition=[{**picked, "value": 1}, {**nearest, "value": 1}]),
        "size": alt.SizeValue(70, condition={**picked, "value": 130}),
        "stroke": alt.StrokeValue(colours.background, condition={**picked, "value": colours.text}),
        "strokeWidth": alt.StrokeWidthValue(1, condition={**picked, "value": 2.5}),
    }


def thickened(opacity: float) -> dict[str, Any]:
    """Return channels of thin lines that stand out when they are the nearest one or picked."""
    nearest, picked = ({"param": name, "empty": False} for name in (NEAREST, PICK))
    return {
        "opacity": alt.OpacityValue(opacity, condition=[{**picked, "value": 1}, {**nearest, "value": 0.8}]),
        "strokeWidth": alt.StrokeWidthValue(1, condition=[{**picked, "value": 2.5}, {**nearest, "value": 1.5}]),
    }


def framed(colours: Palette) -> dict[str, Any]:
    """Return channels of areas that are hidden but for a frame where picked."""
    return {
        "fill": alt.FillValue("transparent"),
        "stroke": alt.StrokeValue("transparent", condition={"param": PICK, "empty": False, "value": colours.text}),
        "strokeWidth": alt.StrokeWidthValue(2),
    }
