"""Tables of what was read, filtered, found and changed, on the screen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.column_words import column_label, value_words
from analysis.cohort.model import Cohort
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.sledai import SledaiCheck
from analysis.estimates.description.deaths import number_of_deaths

LONG_TEXT = "What and what to do"


def attrition_table(steps: pd.DataFrame) -> pd.DataFrame:
    """Return how many patients each filter removes, in order; the one that removes most is marked."""
    words = {"filter": "Filter", "lost": "Lost", "after": "Left"}
    table = steps[list(words)].astype(str).rename(columns=words)
    most = int(steps["lost"].max())
    if most:
        table["Lost"] = [f"{lost:,}, most" if lost == most else f"{lost:,}" for lost in steps["lost"]]
    return table


def finding_counts(findings: pd.DataFrame) -> dict[str, int]:
    """Return the number of findings of each kind, the most frequent first."""
    return {str(kind): int(number) for kind, number in findings["kind"].value_counts().items()}


def findings_table(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings as text, with the row number in the user's file."""
    words = {"kind": "Kind", "message": LONG_TEXT, "row": "Row", "column": "Column", "value": "Value"}
    table = findings[list(words)].rename(columns=words)
    # A question for a column names one that the file may not have.
    wanted = findings["question"] == "column"
    table["Column"] = findings["column"].mask(wanted, findings["column"].map(column_label))
    table["Row"] = findings["row"].map(lambda row: f"{row:.0f}", na_action="ignore")
    return table.astype(object).where(table.notna(), "").astype(str)


def cohort_table(cohort: Cohort) -> pd.DataFrame:
    """Return how much was read, and how much of it is used."""
    visits = cohort.inventory.rows.get("visits") if isinstance(cohort, RowsElsewhere) else len(cohort.visits)
    rows = [
        ("Patient rows read", str(cohort.rows_read)),
        ("Patients used", str(len(cohort))),
        ("Rows left out, all tables", str(len(cohort.left_out))),
        *([] if visits is None else [("Visits", str(visits))]),
        ("Deaths", str(number_of_deaths(cohort))),
        ("Fingerprint", cohort.fingerprint[:12]),
    ]
    return pd.DataFrame(rows, columns=["Cohort", cohort.name])


def usable_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how many patients each figure can use; for none, what it needs."""
    patients = [
        f"{number:,}" if number else f"needs {needs}"
        for number, needs in zip(counts["patients"], counts["needs"], strict=True)
    ]
    return pd.DataFrame({"Figure": counts["figure"], "Patients": patients})


def changes_table(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the differences from the previous version of a cohort."""
    rows = [f"{number:,}" if number else "" for number in changes["rows"]]
    words = {"table": "Table", "change": "What", "column": "Column", "examples": "Patients"}
    table = changes[list(words)].rename(columns=words)
    table.insert(3, "Rows", rows)
    return table


def column_table(columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the canonical columns of a table: name, meaning, unit or values."""
    rows = [(column.name, column.label, value_words(column)) for column in columns.values()]
    return pd.DataFrame(rows, columns=["Column", "Meaning", "Unit or values"])


def item_sums_table(result: SledaiCheck) -> pd.DataFrame:
    """Return the visits whose recorded SLEDAI differs from the sum of its items."""
    words = {
        "patient_id": "Patient",
        "months": "Months",
        "recorded": "Recorded",
        "computed": "Items add up to",
        "recorded_clinical": "Clinical, recorded",
        "computed_clinical": "Clinical, items",
    }
    table = result.table[list(words)].astype(object)
    return table.where(table.notna(), "").astype(str).rename(columns=words)
