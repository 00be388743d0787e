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
INVISIBLE = {"fill": alt.FillValue("transparent")}  # channels of areas that are there to be clicked
_NEAREST_ONE: dict[str, Any] = {"param": NEAREST, "empty": False}


def picks(*fields: str, nearest: bool = False) -> alt.TopLevelSelectionParameter:
    """Return the selection by click; another click on the same unselects it, so that every click is told."""
    return _selection(PICK, on="click", toggle="true", fields=list(fields), nearest=nearest)


def nearest_picks(*fields: str) -> list[alt.TopLevelSelectionParameter]:
    """Return the selections of the point nearest to the pointer, wherever that is in the plot."""
    hovered = _selection(NEAREST, on="pointerover", clear="pointerout", fields=list(fields), nearest=True)
    return [hovered, picks(*fields, nearest=True)]


def _selection(name: str, **how: Any) -> alt.TopLevelSelectionParameter:
    select = alt.PointSelectionConfig(type="point", **how)
    return alt.TopLevelSelectionParameter(name=name, select=select, views=[TARGETS])


def ringed(colours: Palette) -> dict[str, Any]:
    """Return channels of points that are invisible except the nearest one."""
    return {
        "opacity": alt.OpacityValue(0, condition=_NEAREST_ONE | {"value": 1}),
        "size": alt.SizeValue(70),
        "stroke": alt.StrokeValue(colours.background),
        "strokeWidth": alt.StrokeWidthValue(1),
    }


def thickened(opacity: str) -> dict[str, Any]:
    """Return channels of thin lines that are drawn thicker if nearest; the opacity is a Vega expression."""
    return {
        "opacity": alt.OpacityValue(alt.ExprRef(opacity), condition=_NEAREST_ONE | {"value": 0.8}),
        "strokeWidth": alt.StrokeWidthValue(1, condition=_NEAREST_ONE | {"value": 1.5}),
    }
