"""The state of each patient over time: it changes at visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, by_patient, first_of_each, join_times, slack
from analysis.facts.remission import NONE, STATES, RemissionRule, among, can_be_judged, visit_states

RELAPSED = "relapsed"
UNTOLD = "not told, no baseline"  # of patients without the baseline that a rule needs
COURSE = pd.CategoricalDtype([*STATES, RELAPSED, UNTOLD])


def timeline(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    """Return each patient's states over time, sorted by patient and time.

    Every patient has a row at month 0: the state at the last visit by transplantation, "none" without one, or `UNTOLD`
    of patients without the baseline that the rule needs. A row follows for each later visit with a known state. Visits
    after the end of follow-up or on the day of death are not used.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), months, state (a categorical of `COURSE`).
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
    untold = COURSE.categories.get_loc(UNTOLD)
    at_start = np.where(can_be_judged(cohort, rule), STATES.index(NONE), untold).astype(code.dtype)
    early = months <= slack(0)
    at_start[row[early]] = code[early]  # the last of several wins
    last_then = np.append((row[1:] != row[:-1]) | (months[1:] != months[:-1]), True)[: len(row)]
    later = ~early & last_then
    row = np.concatenate([np.arange(len(patients)), row[later]])
    months = np.concatenate([np.zeros(len(patients)), months[later]])
    code = np.concatenate([at_start, code[later]])
    return _in_order(row, months, code)


def with_relapses(states: pd.DataFrame, relapses: pd.DataFrame) -> pd.DataFrame:
    """Return a timeline with relapses: a patient is relapsed from the relapse until the next remission.

    Parameters
    ----------
    states
        A `timeline`.
    relapses
        Columns row and months.
    """
    relapsed = COURSE.categories.get_loc(RELAPSED)
    # At equal times the visit comes after the relapse: it shows the state from then on.
    each = _in_order(
        np.concatenate([relapses["row"], states["row"]]),
        np.concatenate([relapses["months"].astype(float), states["months"]]),
        np.concatenate([np.full(len(relapses), relapsed), states["state"].cat.codes]),
    )
    row, code = each["row"].to_numpy(), each["state"].cat.codes.to_numpy()
    none = STATES.index(NONE)
    # Whether a relapse has happened since the last remission.
    first = first_of_each(row) | ((code != none) & (code != relapsed))
    stretch = np.cumsum(first) - 1
    so_far = np.cumsum(code == relapsed)
    before = (so_far - (code == relapsed))[np.flatnonzero(first)] if len(code) else so_far
    since = so_far > before[stretch]
    told = np.where((code == none) & since, relapsed, code)
    return each.assign(state=pd.Categorical.from_codes(told, dtype=COURSE))


def state_at(cohort: Cohort, rule: RemissionRule, month: float) -> pd.Categorical:
    """Return each patient's last known state at a month (0 or later), whether or not still followed."""
    state: pd.Categorical = _state_at(cohort, rule, month)["state"]
    return state


def in_states_at(cohort: Cohort, rule: RemissionRule, months: Sequence[float], states: Collection[str]) -> Flags:
    """Return whether each patient is in one of the states by `state_at`: months by patients."""
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
