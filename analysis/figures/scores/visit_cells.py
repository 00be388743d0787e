"""The first cell of a row for a visit."""

from __future__ import annotations

import pandas as pd

from analysis.figures.common.table_cells import after_group

VISIT = "Visit"


def visit_cells(table: pd.DataFrame) -> list[str]:
    """Return "Month 12" for each row, or "UC, month 12" for several groups, from ``group`` and ``months``."""
    return after_group(table["group"], [f"month {month:g}" for month in table["months"]])
