"""Lists of patients: who is behind a step, a bar or a cell."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import column_label, column_unit

SHOWN = ("msc_source", "sex", "age_years", "organs", "follow_up_months", "died", "relapse_months", "follow_up_ended")


def patient_list(cohort: Cohort, members: pd.DataFrame) -> pd.DataFrame:
    """Return patients with what is known of them, as text.

    Parameters
    ----------
    cohort
        Where they are from.
    members
        patient_id, and further columns that stand beside it under their own name.
    """
    known = cohort.patients[["patient_id", *(name for name in SHOWN if name in cohort.patients)]]
    table = members.merge(known, on="patient_id", suffixes=("", "_known"))
    return pd.DataFrame({_title(str(name)): [_text(value) for value in table[name]] for name in table.columns})


def _title(name: str) -> str:
    if name == "months":
        return "Months"  # since whatever the figure counts from
    unit = column_unit(name)
    words = column_label(name)
    return f"{words[:1].upper()}{words[1:]}{f' ({unit})' if unit else ''}"


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
