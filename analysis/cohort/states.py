"""What state a patient is in, and when: at baseline, in remission, at the first relapse."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME, nearest_visits

BASELINE_UNTIL_MONTHS = 0.5  # Half-way to the first scheduled visit, at one month.


def baseline(cohort: Cohort, measure: str) -> pd.Series:
    """Return a visit measure at transplantation, indexed like ``cohort.patients``.

    The value of the visit nearest to transplantation, from any time before it to half a month after it; missing
    where there is none.
    """
    ids = cohort.patients["patient_id"]
    if measure not in cohort.visits:
        return pd.Series(np.nan, index=ids.index)
    measured = cohort.visits[cohort.visits[measure].notna()]
    at_start = nearest_visits(measured, [0.0], [(-np.inf, BASELINE_UNTIL_MONTHS)]).notna()
    values = measured[at_start].set_index("patient_id")[measure].astype(float)
    return ids.map(values).astype(float)


def first_relapse(cohort: Cohort) -> pd.Series:
    """Return months to the first relapse, indexed like ``cohort.patients``; missing where there is none.

    ``relapse_months`` of the patients wins; where a cohort does not have it, the first visit with ``relapse``.
    """
    patients = cohort.patients
    if "relapse_months" in patients:
        return patients["relapse_months"].astype(float)
    if "relapse" not in cohort.visits:
        return pd.Series(np.nan, index=patients.index)
    return _first(cohort, cohort.visits[cohort.visits["relapse"].fillna(False).astype(bool)])


def has_relapses(cohort: Cohort) -> bool:
    """Return whether the files say anything about relapses."""
    return "relapse_months" in cohort.patients or "relapse" in cohort.visits


def first_remission(cohort: Cohort) -> pd.Series:
    """Return months to the first visit in recorded complete remission after transplantation; missing where none."""
    visits = visits_alive(cohort)
    complete = visits[(visits["remission"] == "complete") & (visits["months"] > 0)]
    return _first(cohort, complete)


def relapse_after(cohort: Cohort, start: pd.Series) -> pd.Series:
    """Return months to the first relapse after a time of each patient's own; missing where there is none.

    The first relapse where it comes after that time; where it came before, the first later visit with ``relapse``.
    """
    relapse = first_relapse(cohort)
    after = relapse.where(relapse > start * (1 + SAME))
    if "relapse" not in cohort.visits:
        return after
    visits = cohort.visits
    begun = visits["patient_id"].map(start.set_axis(cohort.patients["patient_id"])).astype(float)
    relapsed = visits["relapse"].fillna(False).astype(bool) & (visits["months"] > begun * (1 + SAME))
    later = _first(cohort, visits[relapsed])
    return after.where(after.notna() | relapse.isna(), later)


def _first(cohort: Cohort, visits: pd.DataFrame) -> pd.Series:
    """Return the month of each patient's first of these visits, indexed like ``cohort.patients``."""
    return cohort.patients["patient_id"].map(visits.groupby("patient_id")["months"].min()).astype(float)


def visits_alive(cohort: Cohort) -> pd.DataFrame:
    """Return the visits that a patient was alive at: those dated after a death say nothing of a state."""
    patients = cohort.patients.set_index("patient_id")
    death = patients["follow_up_months"].where(patients["died"])
    after_death = cohort.visits["months"] > cohort.visits["patient_id"].map(death).astype(float) * (1 + SAME)
    return cohort.visits[~after_death]
