"""The cause of each death, and its relation to the transplantation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.facts.patient_events import RELATED, RELATIONS, UNKNOWN, UNRELATED


def causes_of_death(cohort: Cohort) -> tuple[str, ...]:
    """Return the causes of death in the whole cohort, sorted; case is ignored."""
    return tuple(_deaths(cohort.whole)["cause"].cat.categories)


@per_patient
def recorded_deaths(cohort: Cohort) -> pd.DataFrame:
    """Return the deaths within follow-up.

    Returns
    -------
    row (position of the patient in ``cohort.patients``), relation (an index into `RELATIONS`), cause (an index into
    `causes_of_death`).
    """
    deaths = _deaths(cohort)
    return deaths.assign(cause=deaths["cause"].cat.codes.to_numpy(dtype=np.intp))


@cached
def _deaths(cohort: Cohort) -> pd.DataFrame:
    row = np.flatnonzero(cohort.died)
    patients = cohort.patients.iloc[row].reset_index(drop=True)
    nothing = pd.Series(None, index=patients.index, dtype=object)
    told = patients.get("cause_of_death", nothing).astype(object)
    words = told.where(told.notna(), UNKNOWN).astype(str).str.strip()
    cause = words.groupby(words.str.casefold()).transform("first")
    related = patients.get("death_related", nothing).astype(object)
    named = related.map(lambda value: RELATED if value else UNRELATED, na_action="ignore")
    relation = named.where(named.notna(), UNKNOWN).map({words: place for place, words in enumerate(RELATIONS)})
    return pd.DataFrame(
        {
            "row": row,
            "relation": relation.to_numpy(dtype=np.intp),
            "cause": pd.Categorical(cause, sorted(cause.unique())),
        }
    )
