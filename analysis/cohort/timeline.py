"""The state of each patient from one visit to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.rules import NONE, RemissionRule, visit_states
from analysis.cohort.times import SAME, join_times, slack

RELAPSED = "relapsed"


def timeline(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    """Return the state of each patient from each visit on: patient_id, months, state; sorted by patient and time.

    Every patient has a row at 0, with the state at the last visit at or before transplantation, "none" without one. The
    state changes only at visits with a known state. What is dated after the end of follow-up changes nothing, and
    neither does a visit on the day of death.
    """
    patients = cohort.patients
    known = visit_states(cohort, rule)[["patient_id", "months", "state"]]
    last = patients["follow_up_months"] * np.where(patients["died"], 1 - SAME, 1 + SAME)
    end = last.set_axis(patients["patient_id"])
    known = known[known["months"] <= known["patient_id"].map(end)].sort_values("months", kind="stable")
    known = known.assign(months=join_times(known["months"].to_numpy(dtype=float)))
    at_start = known[known["months"] <= slack(0)].groupby("patient_id")["state"].last()
    start = pd.DataFrame(
        {
            "patient_id": patients["patient_id"],
            "months": 0.0,
            "state": patients["patient_id"].map(at_start).astype(object).fillna(NONE),
        }
    )
    later = known[known["months"] > slack(0)].drop_duplicates(["patient_id", "months"], keep="last")
    return _sorted(cohort, pd.concat([start, later], ignore_index=True))


def with_relapses(cohort: Cohort, states: pd.DataFrame, relapses: pd.DataFrame) -> pd.DataFrame:
    """Return a timeline in which a relapse ends remission at its own time, and lasts until the next remission.

    Parameters
    ----------
    states
        A `timeline`.
    relapses
        patient_id, months.
    """
    # At one time the visit comes after the relapse: it says how the patient is since then.
    relapsed = relapses[["patient_id", "months"]].assign(state=RELAPSED)
    each = _sorted(cohort, pd.concat([relapsed, states], ignore_index=True))
    remissions = (~each["state"].isin([NONE, RELAPSED])).groupby(each["patient_id"]).cumsum()
    since = (each["state"] == RELAPSED).groupby([each["patient_id"], remissions]).cummax()
    return each.assign(state=each["state"].mask((each["state"] == NONE) & since, RELAPSED))


def state_at(states: pd.DataFrame, patients: pd.Series, months: pd.Series) -> pd.Series:
    """Return the state of each patient at a time, indexed like `patients`; whether still followed is not asked.

    Parameters
    ----------
    states
        A `timeline`.
    patients, months
        Who is asked for, and when (from 0).
    """
    # A column of texts may be of either type; the two must be of the same to be merged.
    ids = patients.astype(object)
    asked = pd.DataFrame({"patient_id": ids, "months": months.astype(float) * (1 + SAME)}).sort_values("months")
    by_time = states.astype({"patient_id": object}).sort_values("months", kind="stable")
    found = pd.merge_asof(asked.reset_index(), by_time, on="months", by="patient_id")
    return found.set_index("index")["state"].reindex(patients.index)


def _sorted(cohort: Cohort, states: pd.DataFrame) -> pd.DataFrame:
    place = pd.Series(range(len(cohort)), index=cohort.patients["patient_id"])
    order = np.lexsort((states["months"].to_numpy(dtype=float), states["patient_id"].map(place).to_numpy()))
    return states.iloc[order].reset_index(drop=True)
