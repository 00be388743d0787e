"""Every canonical column: its name, its words on the screen, its unit and its plausible range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "integer", "boolean", "category", "set", "date"]


@dataclass(frozen=True)
class Column:
    """A canonical column.

    Attributes
    ----------
    name, label
        As in the tables, and as on the screen.
    kind
        How its values are parsed.
    unit
        As printed behind a value; "" for none.
    low, high
        Plausible limits; a value beyond them is doubtful.
    levels
        The values of a category, in order; empty where any text is allowed.
    others
        Whether a category may hold values beside its `levels`.
    ordered
        Whether the levels stand for less and more.
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    others: bool = False
    ordered: bool = False


MSC_SOURCES = {
    "BM": "bone marrow",
    "UC": "umbilical cord",
    "AD": "adipose tissue",
    "AM": "amniotic membrane",
    "BM+UC": "bone marrow and umbilical cord",
}

ORGANS = (
    "renal",
    "musculoskeletal",
    "skin",
    "haematological",
    "cardiorespiratory",
    "serositis",
    "vasculitis",
    "mucosal",
    "neuropsychiatric",
    "constitutional",
)


def _table(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


PATIENTS = _table(
    Column("patient_id", "Patient", "text"),
    Column("follow_up_months", "Follow-up", "number", "months", 0, 600),
    Column("died", "Died", "boolean"),
    Column("msc_source", "MSC source", "category", levels=tuple(MSC_SOURCES), others=True),
    Column("organs", "Organ involvement", "set"),
    Column("entry_months", "Start of observation", "number", "months", 0, 600),
    Column("relapse_months", "Time to first relapse", "number", "months", 0, 600),
    Column("follow_up_ended", "Why follow-up ended", "category", levels=("died", "lost", "ongoing")),
    Column("sex", "Sex", "category"),
    Column("age_years", "Age", "number", "years", 0, 110),
    Column("disease_duration_months", "Disease duration", "number", "months", 0, 900),
    Column("centre", "Centre", "category"),
    Column("transplant_year", "Year of transplantation", "integer", "", 1990, 2100),
    Column("cell_dose_million_per_kg", "Cell dose", "number", "million per kg", 0, 100),
    Column("infusions", "Infusions", "integer", "", 0, 50),
    Column("cause_of_death", "Cause of death", "text"),
    Column("death_related", "Death related to transplantation", "boolean"),
    Column("transplant_date", "Date of transplantation", "date"),
    Column("last_contact_date", "Date of last contact", "date"),
    Column("death_date", "Date of death", "date"),
)

VISITS = _table(
    Column("patient_id", "Patient", "text"),
    Column("months", "Time since transplantation", "number", "months", -120, 600),
    Column("sledai", "SLEDAI", "integer", "points", 0, 105),
    Column("remission", "Remission", "category", levels=("none", "partial", "complete"), ordered=True),
    Column("relapse", "Relapse", "boolean"),
    Column("clinical_sledai", "Clinical SLEDAI", "integer", "points", 0, 105),
    Column("pga", "Physician global assessment", "number", "0-3", 0, 3),
    Column("prednisone_mg_per_day", "Prednisone", "number", "mg/day", 0, 1500),
    Column("proteinuria_g_per_24h", "Proteinuria", "number", "g/24 h", 0, 40),
    Column("albumin_g_per_l", "Albumin", "number", "g/L", 8, 65),
    Column("c3_g_per_l", "Complement C3", "number", "g/L", 0, 4),
    Column("c4_g_per_l", "Complement C4", "number", "g/L", 0, 2),
    Column("anti_dsdna_iu_per_ml", "Anti-dsDNA", "number", "IU/mL", 0, 20000),
    Column("wbc_10e9_per_l", "White blood cells", "number", "10⁹/L", 0, 100),
    Column("platelets_10e9_per_l", "Platelets", "number", "10⁹/L", 0, 2000),
    Column("haemoglobin_g_per_l", "Haemoglobin", "number", "g/L", 20, 250),
    Column("creatinine_umol_per_l", "Creatinine", "number", "µmol/L", 5, 3000),
    Column("visit_date", "Date of visit", "date"),
    Column("major_organ_activity", "Activity in a major organ", "boolean"),
    Column("new_activity", "New activity since the visit before", "boolean"),
)

EVENTS = _table(
    Column("patient_id", "Patient", "text"),
    Column("months", "Time since transplantation", "number", "months", 0, 600),
    Column("event", "Adverse event", "text"),
    Column("grade", "Grade", "integer", "", 1, 5),
    Column("related", "Related to transplantation", "boolean"),
)

BASELINE_SLEDAI = Column("baseline_sledai", "Baseline SLEDAI", "integer", "points", 0, 105)


def column_label(name: str) -> str:
    """Return the words for a column: its label, or the name with blanks where it is not canonical."""
    known = {**VISITS, **PATIENTS, BASELINE_SLEDAI.name: BASELINE_SLEDAI}.get(name)
    return known.label if known else name.replace("_", " ")


def column_unit(name: str) -> str:
    """Return the unit of a canonical column, or ""."""
    known = {**VISITS, **PATIENTS, BASELINE_SLEDAI.name: BASELINE_SLEDAI}.get(name)
    return known.unit if known else ""


def value_words(column: Column) -> str:
    """Return what a column holds: its unit, its levels, or how its values are written."""
    written = {
        "text": "text",
        "number": "number",
        "integer": "whole number",
        "boolean": "0 or 1",
        "category": "text",
        "set": "names divided by ;",
        "date": "year-month-day",
    }
    levels = ", ".join(column.levels) + (" or other" if column.others else "")
    return column.unit or (levels if column.levels else written[column.kind])


def mid_sentence(words: str) -> str:
    """Return words with a small first letter, unless they begin with an abbreviation such as SLEDAI."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
