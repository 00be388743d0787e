"""Times of remission and relapse as recorded in the files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME


def first_relapse(cohort: Cohort) -> pd.Series:
    """Return months to the first relapse, indexed like ``cohort.patients``; missing where there is none.

    It is ``relapse_months`` of the patients; in a cohort without that column, the first visit with ``relapse``.
    """
    if "relapse_months" in cohort.patient_columns:
        return pd.Series(cohort.numbers("relapse_months"), index=cohort.index)
    if "relapse" not in cohort.visit_columns:
        return pd.Series(np.nan, index=cohort.index)
    return first_of_patients(cohort, relapse_visits(cohort))


def relapse_visits(cohort: Cohort) -> Flags:
    """Return whether each visit records a relapse, after transplantation and before death."""
    relapse = cohort.visits["relapse"].fillna(False).to_numpy(dtype=bool)
    return relapse & (cohort.visits["months"] > 0).to_numpy() & alive_at_visits(cohort)


def has_relapses(cohort: Cohort) -> bool:
    """Return whether the cohort has a column of relapses."""
    return "relapse_months" in cohort.patient_columns or "relapse" in cohort.visit_columns


def has_remission(cohort: Cohort) -> bool:
    """Return whether the cohort has a column of remission."""
    return "remission" in cohort.visit_columns


def first_remission(cohort: Cohort) -> pd.Series:
    """Return months to the first visit in recorded complete remission after transplantation; missing where none."""
    visits = cohort.visits
    complete = ((visits["remission"] == "complete") & (visits["months"] > 0)).to_numpy()
    return first_of_patients(cohort, complete & alive_at_visits(cohort))


def relapse_after(cohort: Cohort, start: pd.Series) -> pd.Series:
    """Return months to the first relapse after each patient's start; missing where there is none.

    It is the patient's first relapse if that comes after the start, else the first later visit with ``relapse``.
    """
    relapse = first_relapse(cohort)
    after = relapse.where(relapse > start * (1 + SAME))
    if "relapse" not in cohort.visit_columns:
        return after
    visits = cohort.visits
    begun = start.to_numpy(dtype=float)[cohort.visit_rows]
    relapsed = visits["relapse"].fillna(False).astype(bool) & (visits["months"] > begun * (1 + SAME))
    later = first_of_patients(cohort, relapsed.to_numpy())
    return after.where(after.notna() | relapse.isna(), later)


def first_of_patients(cohort: Cohort, visits: Flags) -> pd.Series:
    """Return the month of each patient's first flagged visit, indexed like ``cohort.patients``; missing for none."""
    first = np.full(len(cohort), np.inf)
    np.minimum.at(first, cohort.visit_rows[visits], cohort.visits["months"].to_numpy(dtype=float)[visits])
    return pd.Series(np.where(np.isinf(first), np.nan, first), index=cohort.index)


def alive_at_visits(cohort: Cohort) -> Flags:
    """Return whether the patient was alive at each visit; visits dated after death tell no state."""
    alive: Flags = _alive_at_visits(cohort)["alive"]
    return alive


@per_patient
def _alive_at_visits(cohort: Cohort) -> dict[str, NDArray[Any]]:
    death = np.where(cohort.died, cohort.numbers("follow_up_months"), np.inf) * (1 + SAME)
    row = cohort.visit_rows
    return {"row": row, "alive": ~(cohort.visits["months"].to_numpy(dtype=float) > death[row])}
