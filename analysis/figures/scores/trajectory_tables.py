"""A measure at each visit and its change from baseline, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.table_cells import interval_cells, words_where
from analysis.figures.scores.visit_cells import VISIT, visit_cells


def trajectory_table(result: Trajectory) -> pd.DataFrame:
    """Return month, patients, and mean or median with limits."""
    summary = result.summary
    return pd.DataFrame(
        {
            VISIT: visit_cells(summary),
            "Patients": [f"{number:,}" for number in summary["patients"]],
            "Value": interval_cells(summary, "centre"),
        }
    )


def change_table(result: Trajectory) -> pd.DataFrame:
    """Return month, patients with both values, and mean change from baseline with its interval."""
    change = result.change
    means = words_where(change["pairs"] > 0, interval_cells(change, "mean_change"), "no pairs")
    return pd.DataFrame(
        {
            VISIT: visit_cells(change),
            "Pairs": [f"{number:,}" for number in change["pairs"]],
            "Mean change (95 % interval)": means,
        }
    )
