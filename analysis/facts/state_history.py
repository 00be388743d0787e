"""The state of each patient from one visit to the next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, by_patient, first_of_each, join_times, slack
from analysis.facts.remission import NONE, STATES, RemissionRule, among, visit_states

RELAPSED = "relapsed"
COURSE = pd.CategoricalDtype([*STATES, RELAPSED])


def timeline(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    """Return the state of each patient from each visit on, sorted by patient and time.

    Every patient has a row at 0, with the state at the last visit at or before transplantation, "none" without one. The
    state changes only at visits with a known state. What is dated after the end of follow-up changes nothing, and
    neither does a visit on the day of death.

    Returns
    -------
    DataFrame with row (the place of the patient among the patients), months, state (a categorical of `COURSE`).
    """
    return _timeline(cohort, rule).table()


@per_patient
def _timeline(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    patients = cohort.patients
    end = patients["follow_up_months"].to_numpy(dtype=float) * np.where(patients["died"], 1 - SAME, 1 + SAME)
    states = visit_states(cohort, rule)
    known = states[states["months"].to_numpy() <= end[states["row"].to_numpy()]]
    row, months, code = known["row"].to_numpy(), join_times(known["months"].to_numpy()), known["state"].cat.codes
    order = by_patient(row, months)
    row, months, code = row[order], months[order], code.to_numpy()[order]
    at_start = np.full(len(patients), STATES.index(NONE), dtype=code.dtype)
    early = months <= slack(0)
    at_start[row[early]] = code[early]  # of several the last one stays
    last_then = np.append((row[1:] != row[:-1]) | (months[1:] != months[:-1]), True)[: len(row)]
    later = ~early & last_then
    row = np.concatenate([np.arange(len(patients)), row[later]])
    months = np.concatenate([np.zeros(len(patients)), months[later]])
    code = np.concatenate([at_start, code[later]])
    return _in_order(row, months, code)


def with_relapses(states: pd.DataFrame, relapses: pd.DataFrame) -> pd.DataFrame:
    """Return a timeline in which a relapse ends remission at its own time, and lasts until the next remission.

    Parameters
    ----------
    states
        A `timeline`.
    relapses
        row, months.
    """
    relapsed = COURSE.categories.get_loc(RELAPSED)
    # At one time the visit comes after the relapse: it says how the patient is since then.
    each = _in_order(
        np.concatenate([relapses["row"], states["row"]]),
        np.concatenate([relapses["months"].astype(float), states["months"]]),
        np.concatenate([np.full(len(relapses), relapsed), states["state"].cat.codes]),
    )
    row, code = each["row"].to_numpy(), each["state"].cat.codes.to_numpy()
    none = STATES.index(NONE)
    # Between two remissions of a patient, whether a relapse came so far.
    first = first_of_each(row) | ((code != none) & (code != relapsed))
    stretch = np.cumsum(first) - 1
    so_far = np.cumsum(code == relapsed)
    before = (so_far - (code == relapsed))[np.flatnonzero(first)] if len(code) else so_far
    since = so_far > before[stretch]
    told = np.where((code == none) & since, relapsed, code)
    return each.assign(state=pd.Categorical.from_codes(told, dtype=COURSE))


def state_at(cohort: Cohort, rule: RemissionRule, month: float) -> pd.Categorical:
    """Return the state of each patient at a month (from 0); whether still followed is not asked."""
    state: pd.Categorical = _state_at(cohort, rule, month)["state"]
    return state


def in_states_at(cohort: Cohort, rule: RemissionRule, months: Sequence[float], states: Collection[str]) -> Flags:
    """Return who is in one of some states at each month, a row a month; as for `state_at`."""
    held = [among(state_at(cohort, rule, month), states) for month in months]
    return np.array(held, dtype=bool).reshape(len(months), len(cohort))


@per_patient
def _state_at(cohort: Cohort, rule: RemissionRule, month: float) -> dict[str, pd.Categorical]:
    states = timeline(cohort, rule)
    row = states["row"].to_numpy()
    past = np.bincount(row[states["months"].to_numpy() <= month * (1 + SAME)], minlength=len(cohort))
    last = np.searchsorted(row, np.arange(len(cohort))) + past - 1
    return {"state": states["state"].array[last]}


def _in_order(row: Rows, months: Floats, code: NDArray[np.integer]) -> pd.DataFrame:
    order = np.lexsort((months, row))
    state = pd.Categorical.from_codes(code[order], dtype=COURSE)
    return pd.DataFrame({"row": row[order], "months": months[order], "state": state})
