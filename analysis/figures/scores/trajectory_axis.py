"""The ends of the y axis of a measure over time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures.common.axes import ENOUGH, axis_end

HEADROOM = 1.03


def y_ends(summary: pd.DataFrame, lowest: float, highest: float) -> tuple[float, float]:
    """Return the ends of the y axis: from 0, or the lowest change, to the highest value.

    Parameters
    ----------
    summary
        patients, centre and upper limit at each visit.
    lowest, highest
        The range of the values of patients that are drawn; missing for none.
    """
    low = float(np.nanmin([0.0, lowest, *summary["centre"]]))
    reached = axis_end(summary["centre"], summary["upper"], summary["patients"] >= ENOUGH)
    high = HEADROOM * float(np.nanmax([0.0, highest, *summary["centre"], reached]))
    return low, high if high > low else low + 1
