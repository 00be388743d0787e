"""Differences between groups each year, on the screen."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.estimates.yearly.estimand import PROPORTION, RATE
from analysis.estimates.yearly.share_differences import ShareDifferences
from analysis.figures.common.differences import (
    IN_POINTS,
    both_cells,
    difference_cells,
    p_cells,
    points_interval,
    whole_percent,
)
from analysis.figures.common.number_words import number, number_interval


def share_difference_table(result: ShareDifferences) -> pd.DataFrame:
    """Return one row per year and pair: shares or rates, difference with interval, p or why none.

    Shares are in percent and their differences in percentage points, rates per 100 patient-years. Only proportions have
    a column of p.
    """
    table = result.table
    pairs = zip(table["year"], table["group_a"], table["group_b"], strict=True)
    cells: dict[str, Iterable[str]] = {"Compared": [f"Year {year}: {b} less {a}" for year, a, b in pairs]}
    if result.kind == RATE:
        cells["Rates"] = both_cells(number, table, "share")
        cells["Difference per 100 patient-years"] = difference_cells(number_interval, table)
        return pd.DataFrame(cells)
    cells["Shares"] = both_cells(whole_percent, table, "share")
    cells[IN_POINTS] = difference_cells(points_interval, table, p_follows=result.kind == PROPORTION)
    if result.kind == PROPORTION:
        cells["p (Fisher)"] = p_cells(table)
    return pd.DataFrame(cells)
