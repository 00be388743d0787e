"""Means from a linear mixed model, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.mixed_model import MixedModel
from analysis.figures.common.number_words import NOT_ESTIMABLE, number_interval
from analysis.figures.scores.visit_cells import VISIT, visit_cells


def model_table(result: MixedModel) -> pd.DataFrame:
    """Return visit, patients seen, and the model's mean with its interval."""
    table = result.table
    numbers = zip(table["mean"], table["lower"], table["upper"], strict=True)
    means = [NOT_ESTIMABLE if pd.isna(mean) else number_interval(mean, *limits) for mean, *limits in numbers]
    seen = table["patients"].astype(str)
    return pd.DataFrame({VISIT: visit_cells(table), "Seen": seen, "Mean (95 % interval)": means})
