"""Points and bars with tooltips that can be picked by a click.

A page reads what was picked from ``st.vega_lite_chart(..., on_select="rerun", selection_mode="pick")``. Selections have
fixed names, so that a chart is the same from one redraw to the next. Where a figure is read at a month, a click near
what is drawn picks it, and any other click in the plot reads the month there; the pointer shows which it will be.

Targets of the nearest point, with an area each, are there only while the pointer is in the plot: a browser would go
through them at every click elsewhere on the page (`while_pointed`).
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.common.theme import Palette, layer

Parameter = alt.VariableParameter | alt.TopLevelSelectionParameter

PICK = "pick"
READ = "read"
NEAREST = "nearest"
POINTED = "pointed"
TARGETS = "targets"  # the layer with tooltips and selections
PLOT = "plot"  # the layer below it, which tells that the pointer is in the plot
INSIDE = "inside"
LINGER = 100  # milliseconds that targets stay after the pointer: a tooltip goes with its target, not after it
INVISIBLE = {"fill": alt.FillValue("transparent")}  # channels of areas that are there to be clicked
# Expressions of an event in the area of the nearest point; distances in pixels. They know no `datum` in the browser.
NEAR_CURVE = (
    "event.item && event.item.isVoronoi && abs(y() - event.item.datum.y) < 24"  # a step reaches to the next one
)
NEAR_POINT = "event.item && event.item.isVoronoi && hypot(x() - event.item.datum.x, y() - event.item.datum.y) < 12"
# The pointer leaves for what is no part of a chart. A finger leaves before its tap is told as a click.
_AWAY = "event.pointerType !== 'touch' && !(event.relatedTarget && event.relatedTarget.ownerSVGElement)"
_NEAREST_ONE: dict[str, Any] = {"param": NEAREST, "empty": False}


def picks(*fields: str, nearest: bool = False) -> alt.TopLevelSelectionParameter:
    """Return the selection by click; another click on the same unselects it, so that every click is told."""
    return _selection(PICK, on="click", toggle="true", fields=list(fields), nearest=nearest)


def nearest_picks(*fields: str) -> list[Parameter]:
    """Return the selections of the point nearest to the pointer, wherever that is in the plot."""
    hovered = _selection(NEAREST, on="pointerover", clear="pointerout", fields=list(fields), nearest=True)
    return [_inside(), hovered, picks(*fields, nearest=True)]


def reading_picks(*fields: str, at: str, near: str) -> list[Parameter]:
    """Return the selections of a figure that is read at a month: `nearest_picks` near a point, and its month elsewhere.

    Parameters
    ----------
    *fields
        What a click near a point picks.
    at
        The field with the month that is read.
    near
        Whether the pointer is near the nearest point: `NEAR_CURVE` or `NEAR_POINT`.
    """
    hovered = _selection(
        NEAREST,
        on=f"pointermove[{near}]",
        clear=f"pointermove[!({near})], pointerout",
        fields=list(fields),
        nearest=True,
    )
    pointed = _selection(POINTED, on="pointerover", clear="pointerout", fields=[at], nearest=True)
    picked = _selection(PICK, on=f"click[{near}]", toggle="true", fields=list(fields), nearest=True)
    # A double click is two clicks: it clears nothing.
    read = _selection(READ, on=f"click[!({near})]", clear=False, toggle="true", fields=[at], nearest=True)
    pointer = f"isDefined({NEAREST}.{fields[0]}) ? 'pointer' : isDefined({POINTED}.{at}) ? 'crosshair' : 'default'"
    return [_inside(), hovered, pointed, picked, read, alt.VariableParameter(name="cursor", expr=pointer)]


def while_pointed(targets: alt.Chart) -> list[alt.Chart]:
    """Return the layers of targets for `nearest_picks` or `reading_picks`: there while the pointer is in the plot."""
    plot = layer(pd.DataFrame({PLOT: [PLOT]}), "rect", {"opacity": 0, "cursor": "default"}, name=PLOT)
    return [plot, targets.transform_filter(f"isDefined({INSIDE}.{PLOT})")]


def _inside() -> alt.TopLevelSelectionParameter:
    return _selection(
        INSIDE,
        PLOT,
        on=f"@{PLOT}_marks:pointerover",
        clear=f"pointerout[{_AWAY}]{{0, {LINGER}}}",
        fields=[PLOT],
        toggle=False,
    )


def _selection(name: str, view: str = TARGETS, **how: Any) -> alt.TopLevelSelectionParameter:
    select = alt.PointSelectionConfig(type="point", **how)
    return alt.TopLevelSelectionParameter(name=name, select=select, views=[view])


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
