"""The first cell of a row for a visit."""

from __future__ import annotations

import pandas as pd

from analysis.figures.common.table_cells import after_group

VISIT = "Visit"


def visit_cells(table: pd.DataFrame) -> list[str]:
    """Return "Month 12" for each row, or "UC, month 12" for several groups, from ``group`` and ``months``."""
    return after_group(table["group"], [f"month {month:g}" for month in table["months"]])


def at_month(table: pd.DataFrame, month: float) -> pd.DataFrame:
    """Return the rows of a table with `visit_cells` that are of one visit, as cells "Month 12:" or "UC, month 12:".

    Examples
    --------
    >>> at_month(pd.DataFrame({"Visit": ["UC, month 2", "UC, month 12"]}), 2)["Visit"].tolist()
    ['UC, month 2:']
    """
    last = table[VISIT].str.rpartition(", ")[2].str.lower()
    rows = table[last == f"month {month:g}"]
    return rows.assign(**{VISIT: rows[VISIT] + ":"})
