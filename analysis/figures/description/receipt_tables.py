"""Tables of what would be opened: patients, follow-up, rows left out and values dropped."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.estimates.survival.follow_up import FollowUp
from analysis.intake.losses import Losses
from analysis.intake.noticed import shown

TABLES = {"patients": "Patients", "visits": "Visits", "events": "Adverse events"}
SIDES = {"high": "the high ones", "low": "the low ones", "": ""}
MONTHS_PER_YEAR = 12


def receipt_table(cohort: Cohort, followed: FollowUp) -> pd.DataFrame:
    """Return rows read, patients, deaths, follow-up and visits."""
    patients, deaths = len(cohort), int(cohort.died.sum())
    row = followed.table.iloc[0]
    rows = [
        ("Patient rows read", f"{cohort.rows_read:,}"),
        ("Patients", f"{patients:,}"),
        ("Deaths", f"{deaths:,} of {patients:,} ({100 * deaths / patients:.0f} %)"),
        ("Median follow-up (reverse Kaplan-Meier)", _months(row["median"])),
        ("Longest follow-up", _months(row["maximum"])),
        ("Visits", f"{len(cohort.visits):,}"),
        *([("Adverse events", f"{len(cohort.events):,}")] if cohort.events_recorded else []),
    ]
    return pd.DataFrame(rows, columns=["Cohort", shown(cohort.name)])


def left_out_table(losses: Losses) -> pd.DataFrame:
    """Return how many rows would be left out, by reason."""
    left_out = losses.left_out
    return pd.DataFrame(
        {
            "Table": left_out["table"].map(lambda table: TABLES.get(table, table)),
            "Column": [shown(column) for column in left_out["column"]],
            "Why the row is left out": left_out["reason"],
            "Rows": [f"{rows:,}" for rows in left_out["rows"]],
        }
    )


def dropped_table(losses: Losses) -> pd.DataFrame:
    """Return the values that would be dropped although their rows are used."""
    dropped = losses.dropped
    return pd.DataFrame(
        {
            "Table": dropped["table"].map(lambda table: TABLES.get(table, table)),
            "Column": [shown(column) for column in dropped["column"]],
            "Cannot be read, such as": dropped["examples"],
            "Which": dropped["side"].map(SIDES),
            "Values": [f"{cells:,}" for cells in dropped["cells"]],
        }
    )


def _months(months: float) -> str:
    """Return months in words, with years too from two years on."""
    if pd.isna(months):
        return "not reached"
    years = f" ({months / MONTHS_PER_YEAR:.1f} years)" if months >= 2 * MONTHS_PER_YEAR else ""
    return f"{months:.1f} months{years}"
