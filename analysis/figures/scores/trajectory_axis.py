"""The ends of the y axis of a measure over time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures.common.axes import ENOUGH, axis_end

HEADROOM = 1.03
LOG_ROOM = 1.15  # a factor at both ends of a logarithmic axis


def y_ends(summary: pd.DataFrame, lowest: float, highest: float, *, log: bool = False) -> tuple[float, float]:
    """Return the ends of the y axis: from 0, or the lowest change, to the highest value.

    A logarithmic axis begins at the lowest value above 0.

    Parameters
    ----------
    summary
        patients, centre and upper limit at each visit.
    lowest, highest
        The range of the values of patients that are drawn; missing for none.
    """
    if log:
        return _log_ends(summary, lowest, highest)
    low = float(np.nanmin([0.0, lowest, *summary["centre"]]))
    reached = axis_end(summary["centre"], summary["upper"], summary["patients"] >= ENOUGH)
    high = HEADROOM * float(np.nanmax([0.0, highest, *summary["centre"], reached]))
    return low, high if high > low else low + 1


def _log_ends(summary: pd.DataFrame, lowest: float, highest: float) -> tuple[float, float]:
    reached = axis_end(summary["centre"], summary["upper"], summary["patients"] >= ENOUGH)
    held = np.array([lowest, highest, *summary["centre"], reached], dtype=float)
    above = held[held > 0]
    if not len(above):
        return 1.0, 10.0
    low, high = float(above.min()) / LOG_ROOM, float(above.max()) * LOG_ROOM
    return low, high
