"""Differences between curves, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.survival.curve_differences import CurveDifferences
from analysis.figures.common.differences import IN_POINTS, both_cells, difference_cells, points_interval, whole_percent


def curve_difference_table(result: CurveDifferences) -> pd.DataFrame:
    """Return one row per pair and month: shares in percent, difference in points, interval or why none."""
    table = result.table
    pairs = zip(table["months"], table["group_a"], table["group_b"], strict=True)
    return pd.DataFrame(
        {
            "Compared": [f"{_when(months)}: {b} less {a}" for months, a, b in pairs],
            "Shares": both_cells(whole_percent, table, "share"),
            IN_POINTS: difference_cells(points_interval, table),
        }
    )


def _when(months: float) -> str:
    """Return "Year 1" for whole years, else "Month 6"."""
    return f"Year {months / 12:g}" if months and months % 12 == 0 else f"Month {months:g}"
