"""Tables of drop-out, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.dropout import Dropout
from analysis.figures.common.table_cells import after_group, told_rows
from analysis.figures.scores.visit_cells import VISIT, at_month, visit_cells


def reasons_table(result: Dropout) -> pd.DataFrame:
    """Return the number of patients without a later value, by reason."""
    table = result.reasons[result.reasons["patients"] > 0]
    reasons = after_group(table["group"], table["reason"].astype(str).tolist())
    return pd.DataFrame({"After the last value": reasons, "Patients": table["patients"].astype(str)})


def leavers_table(result: Dropout) -> pd.DataFrame:
    """Return the mean at each visit of patients with and without a later value, with their numbers."""
    table = result.means
    wide = table.pivot_table(
        index=["group", "months"], columns="afterwards", values=["mean", "patients"], observed=True, sort=False,
        dropna=False,
    )  # fmt: skip
    rows = {VISIT: visit_cells(wide.reset_index()[["group", "months"]].droplevel(1, axis=1))}
    for afterwards in table["afterwards"].astype(str).unique():
        if wide["mean"][afterwards].notna().any() or wide["mean"].isna().all(axis=None):
            cells = zip(wide["mean"][afterwards], wide["patients"][afterwards], strict=True)
            rows[afterwards.capitalize()] = [_mean_words(mean, patients) for mean, patients in cells]
    return pd.DataFrame(rows)


def leavers_line(result: Dropout, month: float) -> str:
    """Return the means at a visit of patients with and without a later value, by group."""
    table = at_month(leavers_table(result), month)
    means = [
        ", ".join(f"{column.lower()} {cell}" for column, cell in row.items() if column != VISIT)
        for row in table.to_dict("records")
    ]
    return told_rows(table.assign(means=means), VISIT, "means")


def _mean_words(mean: float, patients: float) -> str:
    return "nobody" if pd.isna(mean) else f"{mean:.1f} (n = {patients:.0f})"
