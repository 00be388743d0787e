"""Which columns of a cohort can be plotted, compared or filtered by."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.drugs import drug_columns
from analysis.cohort.filter_columns import is_days, values_found
from analysis.cohort.measurement_limits import without_marks
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.sledai import held_items
from analysis.cohort.vocabulary import BASELINE, BASELINE_SLEDAI, PATIENTS

# Known only after transplantation: groups by them would have immortal time bias.
OUTCOMES = (
    *("follow_up_months", "relapse_months", "entry_months"),
    *("died", "follow_up_ended", "cause_of_death", "death_related"),
)
FEWEST_VALUES = 4
MOST_GROUPS = 8
MOST_WORDS = 500  # distinct texts of a column that can be filtered by; nobody chooses from a longer list

# How a column is filtered.
CHOICE, SETS, RANGE, DAYS = "choice", "sets", "range", "days"


def numeric_measures(cohort: Cohort) -> list[str]:
    """Return the numeric visit columns with at least one value, SLEDAI first; items of a score are no measures."""
    if isinstance(cohort, RowsElsewhere):
        return list(cohort.inventory.measures)
    items = held_items(cohort.visits)
    names = [
        str(name)
        for name in cohort.visit_columns
        if name != "months"
        and name not in items
        and is_numeric_dtype(cohort.visits[name])
        and not is_bool_dtype(cohort.visits[name])
        and cohort.visits[name].notna().any()
    ]
    return sorted(names, key=lambda name: name != "sledai")


def characteristics(cohort: Cohort) -> list[str]:
    """Return the baseline characteristics with two to eight levels, by which patients can be grouped."""
    table = cohort.patients_like
    return [
        name
        for name in without_marks(table)
        if name not in OUTCOMES
        and (isinstance(table[name].dtype, pd.CategoricalDtype) or is_bool_dtype(table[name]))
        and 2 <= values_found(cohort, name).nunique() <= MOST_GROUPS
    ]


def numeric_characteristics(cohort: Cohort) -> list[str]:
    """Return the numeric baseline characteristics with at least four distinct values."""
    table = cohort.patients_like
    names = [
        str(name)
        for name in table
        if name not in OUTCOMES
        and is_numeric_dtype(table[name])
        and not is_bool_dtype(table[name])
        and values_found(cohort, name).nunique() >= FEWEST_VALUES
    ]
    measured = BASELINE_SLEDAI not in table and "sledai" in cohort.visit_columns
    with_baseline = measured and values_found(cohort, BASELINE_SLEDAI).nunique() >= FEWEST_VALUES
    return [*([BASELINE_SLEDAI] if with_baseline else []), *names]


def organ_domains(cohort: Cohort) -> list[str]:
    """Return the organs that are involved in any patient, sorted; none without such a column."""
    if "organs" not in cohort.patient_columns:
        return []
    return sorted({str(organ) for held in values_found(cohort, "organs").dropna().unique() for organ in held})


def time_columns(cohort: Cohort) -> list[str]:
    """Return the patient columns that may be times to an event: follow-up, relapse and other numbers."""
    numbers = {"follow_up_months", "relapse_months", *numeric_characteristics(cohort)}
    return [str(name) for name in cohort.patient_columns if name in numbers and name != "entry_months"]


def flag_columns(cohort: Cohort) -> list[str]:
    """Return the patient columns of booleans, or of 1 and 0."""
    names = [name for name in without_marks(cohort.patients_like) if name != "patient_id"]
    held = {name: set(values_found(cohort, name).dropna().unique()) for name in names}
    return [name for name, values in held.items() if values and values <= {0, 1}]


@cached
def filterable(cohort: Cohort) -> dict[str, str]:
    """Return the columns that patients can be filtered by.

    Columns with fewer than two distinct values, and texts with more than 500, are not offered.

    Returns
    -------
    dict
        Column name to `CHOICE`, `SETS`, `RANGE` or `DAYS`; the baseline value of a visit measure is "baseline_" and
        its name, and who takes a drug then its name and "at transplantation".
    """
    if isinstance(cohort, RowsElsewhere) and cohort.no_filters:
        return {}
    baselines = [f"{BASELINE}{measure}" for measure in numeric_measures(cohort)]
    names = [*baselines, *without_marks(cohort.patients_like), *drug_columns(cohort)]
    kinds = {name: _kind(values_found(cohort, name), name) for name in names if name != "patient_id"}
    return {name: kind for name, kind in kinds.items() if kind}


def values_held(column: pd.Series, kind: str) -> list[object]:
    """Return the distinct values of a column of values, or the elements of the sets of one of sets."""
    held = column.dropna()
    if kind == SETS:
        return sorted(frozenset().union(*held.unique()))
    return list(held.unique().tolist())


def _kind(values: pd.Series, name: str) -> str:
    if name in PATIENTS and PATIENTS[name].kind == "set":
        return SETS if values.notna().any() else ""
    different = values.nunique()
    if different + values.isna().any() < 2:
        return ""
    if is_numeric_dtype(values) and not is_bool_dtype(values) and different >= FEWEST_VALUES:
        return RANGE
    return DAYS if is_days(values) else CHOICE if different <= MOST_WORDS else ""
