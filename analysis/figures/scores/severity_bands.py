"""The number of patients in each band of SLEDAI, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.severity_bands import SeverityBands
from analysis.figures.common.table_cells import told_rows
from analysis.figures.scores.visit_cells import VISIT, at_month, visit_cells


def band_table(result: SeverityBands) -> pd.DataFrame:
    """Return one row per visit: patients, and their number in each band."""
    counts = result.table.pivot_table(
        index=["group", "months"], columns="band", values="events", observed=True, sort=False
    ).reset_index()
    patients = result.table.drop_duplicates(["group", "months"])["patients"]
    bands = {str(band): counts[band].astype(int).astype(str) for band in result.table["band"].cat.categories}
    return pd.DataFrame({VISIT: visit_cells(counts), "Patients": patients.astype(str).to_numpy(), **bands})


def band_line(result: SeverityBands, month: float) -> str:
    """Return the number of patients in each band at a visit, by group."""
    table = at_month(band_table(result), month)
    bands = [
        ", ".join(f"{cell} in {column}" for column, cell in row.items() if column not in (VISIT, "Patients"))
        for row in table.to_dict("records")
    ]
    return told_rows(table.assign(bands=bands), VISIT, "bands")
