"""Differences in change between groups, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.change_differences import ChangeDifferences
from analysis.figures.common.differences import both_cells, difference_cells, p_cells
from analysis.figures.common.number_words import number, number_interval


def change_difference_table(result: ChangeDifferences) -> pd.DataFrame:
    """Return one row per pair and month: patients, mean changes, difference with interval, p or why none."""
    table = result.table
    pairs = zip(table["months"], table["group_a"], table["group_b"], strict=True)
    return pd.DataFrame(
        {
            "Compared": [f"Month {months:g}: {b} less {a}" for months, a, b in pairs],
            "Patients": both_cells(lambda patients: f"{patients:,}", table, "patients"),
            "Mean change": both_cells(number, table, "mean_change"),
            "Difference": difference_cells(number_interval, table, p_follows=True),
            "p (Welch)": p_cells(table),
        }
    )
