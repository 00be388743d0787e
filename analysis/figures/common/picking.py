"""Points and bars with tooltips that can be picked by a click.

A page reads what was picked from ``st.vega_lite_chart(..., on_select="rerun", selection_mode="pick")``. Selections have
fixed names, so that a chart is the same from one redraw to the next.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.figures.common.theme import Palette

PICK = "pick"
NEAREST = "nearest"
TARGETS = "targets"  # the layer with tooltips and selections


def picks(*fields: str, nearest: bool = False) -> alt.TopLevelSelectionParameter:
    """Return the selection by click; shift and click adds, a double click clears."""
    return _selection(PICK, on="click", fields=list(fields), nearest=nearest)


def nearest_picks(*fields: str) -> list[alt.TopLevelSelectionParameter]:
    """Return the selections of the point nearest to the pointer, wherever that is in the plot."""
    hovered = _selection(NEAREST, on="pointerover", clear="pointerout", fields=list(fields), nearest=True)
    return [hovered, picks(*fields, nearest=True)]


def _selection(name: str, **how: Any) -> alt.TopLevelSelectionParameter:
    select = alt.PointSelectionConfig(type="point", **how)
    return alt.TopLevelSelectionParameter(name=name, select=select, views=[TARGETS])


def ringed(colours: Palette) -> dict[str, Any]:
    """Return channels of points that are invisible except the nearest one, with a ring if picked."""
    nearest, picked = ({"param": name, "empty": False} for name in (NEAREST, PICK))
    return {
        "opacity": alt.OpacityValue(0, condition=[{**picked, "value": 1}, {**nearest, "value": 1}]),
        "size": alt.SizeValue(70, condition={**picked, "value": 130}),
        "stroke": alt.StrokeValue(colours.background, condition={**picked, "value": colours.text}),
        "strokeWidth": alt.StrokeWidthValue(1, condition={**picked, "value": 2.5}),
    }


def thickened(opacity: float) -> dict[str, Any]:
    """Return channels of thin lines that are drawn thicker if nearest or picked."""
    nearest, picked = ({"param": name, "empty": False} for name in (NEAREST, PICK))
    return {
        "opacity": alt.OpacityValue(opacity, condition=[{**picked, "value": 1}, {**nearest, "value": 0.8}]),
        "strokeWidth": alt.StrokeWidthValue(1, condition=[{**picked, "value": 2.5}, {**nearest, "value": 1.5}]),
    }


def framed(colours: Palette) -> dict[str, Any]:
    """Return channels of areas that are invisible except for a frame if picked."""
    return {
        "fill": alt.FillValue("transparent"),
        "stroke": alt.StrokeValue("transparent", condition={"param": PICK, "empty": False, "value": colours.text}),
        "strokeWidth": alt.StrokeWidthValue(2),
    }
