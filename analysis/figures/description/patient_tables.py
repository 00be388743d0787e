"""One patient as text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.measurement_limits import as_written
from analysis.cohort.model import Cohort
from analysis.cohort.sledai import held_items, item_columns
from analysis.figures.description.cohort_tables import findings_table
from analysis.listings.drug_periods import drug_periods


def patient_facts(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the values of one patient, one row per column of the patient table that is not missing."""
    row = as_written(cohort.of_patient(patient_id).patients, _text).iloc[0]
    values = {_title(str(name)): _text(row[name]) for name in row.index if name != "patient_id"}
    known = {name: value for name, value in values.items() if value}
    return pd.DataFrame({"Patient": known.keys(), patient_id: known.values()})


def patient_visits(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the visits of one patient as text, without empty columns; items of SLEDAI-2K are one list a visit."""
    own = cohort.of_patient(patient_id).visits
    items = {item: column for item, column in item_columns(own.columns).items() if column in held_items(own)}
    visits = as_written(own, _text).drop(columns=["patient_id", *items.values()])
    filled = [name for name in visits.columns if visits[name].notna().any()]
    columns = {_title(str(name)): [_text(value) for value in visits[name]] for name in filled}
    if items:
        present = own[list(items.values())].set_axis(list(items), axis=1) > 0
        columns["SLEDAI items"] = [", ".join(row.index[row].str.replace("_", " ")) for _, row in present.iterrows()]
    return pd.DataFrame(columns)


def patient_treatments(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the periods of treatment of one patient as text."""
    periods = drug_periods(cohort, patient_id)
    ends = zip(periods["goes_on"], periods["end"], strict=True)
    return pd.DataFrame(
        {
            "Drug": periods["drug"],
            "Dose": periods["dose"],
            "From month": [f"{start:.1f}" for start in periods["start"]],
            "To month": ["end of follow-up" if goes_on else f"{end:.1f}" for goes_on, end in ends],
        }
    )


def patient_infusions(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the infusions of one patient as text, without empty columns."""
    infusions = as_written(cohort.of_patient(patient_id).infusions, _text).drop(columns="patient_id", errors="ignore")
    filled = [name for name in infusions.columns if infusions[name].notna().any()]
    return pd.DataFrame({_title(str(name)): [_text(value) for value in infusions[name]] for name in filled})


def patient_findings(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the findings about one patient, as text."""
    names = cohort.findings["message"].str.contains(f'patient "{patient_id}"', regex=False)
    left_out = cohort.left_out.loc[cohort.left_out["patient_id"] == patient_id, "row"]
    own = cohort.findings["row"].isin(left_out) & (cohort.findings["kind"] == "left out")
    return findings_table(cohort.findings[names | own])


def _title(name: str) -> str:
    if name == "months":
        return "Months"  # from the time zero of the figure
    unit = column_unit(name)
    words = column_label(name)
    return f"{words[:1].upper()}{words[1:]}{f' ({unit})' if unit else ''}"


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
