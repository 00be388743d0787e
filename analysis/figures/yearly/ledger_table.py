"""The yearly ledger on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.table_cells import after_group

LEDGER_WORDS = {
    "enrolled": "Enrolled",
    "assessed": "Assessed",
    "visit_missing": "Visit missing",
    "died_before": "Died before",
    "lost_before": "Lost before",
    "not_yet_due": "Not yet due",
    "ended_unknown": "Ended, reason unknown",
}


def ledger_table(result: Yearly) -> pd.DataFrame:
    """Return the denominator of each year and where the other patients are; the parts add up to enrolled."""
    ledger = result.ledger
    columns = [name for name in LEDGER_WORDS if name in ("enrolled", "assessed") or (ledger[name] != 0).any()]
    told = ledger[columns].astype(object).where(ledger[columns].notna(), HIDDEN)
    table = told.astype(str).rename(columns=LEDGER_WORDS)
    table.insert(0, "Year", after_group(ledger["group"], [f"year {year}" for year in ledger["year"]]))
    return table
