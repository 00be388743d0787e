"""The cumulative dose of prednisone, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.estimates.scores.cumulative_dose import CumulativeDose
from analysis.figures.common.number_words import number_interval
from analysis.figures.common.table_cells import interval_cells, row_words


def dose_table(result: CumulativeDose, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return one row per group: patients, and the mean cumulative dose in grams with its interval."""
    table = result.table
    return pd.DataFrame(
        {
            "Group": table["group"].astype(str).replace(EVERYBODY, alone),
            "Patients": table["patients"],
            "Mean dose in g": interval_cells(table, "mean"),
        }
    )


def dose_difference_table(result: CumulativeDose) -> pd.DataFrame:
    """Return one row per pair of groups: the second less the first, in grams with its interval."""
    table = result.differences
    return pd.DataFrame(
        {
            "Compared": [f"{b} less {a}" for a, b in zip(table["group_a"], table["group_b"], strict=True)],
            "Difference in g": row_words(number_interval, table, "difference", "lower", "upper"),
        }
    )
