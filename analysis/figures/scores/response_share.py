"""The share of patients with a response, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.response_share import ResponseShare
from analysis.figures.common.number_words import share_words
from analysis.figures.scores.visit_cells import VISIT, visit_cells


def fall_table(result: ResponseShare) -> pd.DataFrame:
    """Return one row per visit: how many of how many responded, and the share with its interval."""
    table = result.table
    counts = [f"{events}/{patients}" for events, patients in zip(table["events"], table["patients"], strict=True)]
    shares = [
        words if patients else "nobody" for words, patients in zip(share_words(table), table["patients"], strict=True)
    ]
    return pd.DataFrame({VISIT: visit_cells(table), "n / N": counts, "Share": shares})
