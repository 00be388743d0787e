"""Sojourns in and out of remission, from which state probabilities are estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import join_times
from analysis.facts.observed_times import entry_months
from analysis.facts.remission import RemissionRule, among, can_be_judged
from analysis.facts.state_history import timeline

STATES = ("active", "in remission", "dead")
ACTIVE, REMISSION, DEAD = range(len(STATES))
CENSORED = -1
COLUMNS = ("row", "state", "start", "stop", "next_state")


@per_patient
def remission_stays(cohort: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> pd.DataFrame:
    """Return each patient's sojourns in and out of remission.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of remission.
    counts_as
        The states that count as remission.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), state (an index into `STATES`), start, stop
    (months; the patient is at risk in (start, stop]), next_state (the state entered at stop; -1 if censored), sorted by
    patient and time. Patients without the baseline that the rule needs have none.
    """
    patients, states = cohort.patients, timeline(cohort, rule)
    entry = entry_months(cohort)
    patient = states["row"].to_numpy(dtype=np.int64)
    state = among(states["state"].array, counts_as).astype(np.int64)
    last = patients["follow_up_months"].to_numpy(dtype=float)
    times = join_times(np.concatenate([states["months"].to_numpy(dtype=float), last, entry]))
    start, end, entry = np.split(times, np.cumsum([len(states), len(last)]))
    # A visit without a change of state ends no sojourn.
    changed = np.append(True, (patient[1:] != patient[:-1]) | (state[1:] != state[:-1]))[: len(states)]
    patient, state, start = patient[changed], state[changed], start[changed]
    final = np.append(patient[1:] != patient[:-1], True)[: len(patient)]
    stop = np.where(final, end[patient], np.append(start[1:], 0.0)[: len(patient)])
    died = np.where(patients["died"].to_numpy(dtype=bool), DEAD, CENSORED)
    next_state = np.where(final, died[patient], 1 - state)
    # With late entry the first state is that of the last visit by then.
    start = np.maximum(start, entry[patient])
    real = (stop > start) | ((next_state == DEAD) & (entry[patient] == 0))
    real &= can_be_judged(cohort, rule)[patient]
    columns = patient[real], state[real], start[real], stop[real], next_state[real]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), copy=False)


@per_patient
def state_at_start(cohort: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> dict[str, Integers]:
    """Return each patient's state at month 0; -1 with late entry."""
    states = timeline(cohort, rule)
    state = np.zeros(len(cohort), dtype=np.int64)
    beginning = (states["months"] == 0).to_numpy()
    state[states["row"].to_numpy()[beginning]] = among(states["state"].array, counts_as)[beginning]
    return {"state": np.where(entry_months(cohort) > 0, CENSORED, state)}
