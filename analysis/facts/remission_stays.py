"""Stays in remission and out of it: what state probabilities are estimated from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import join_times
from analysis.facts.observed_times import entry_months
from analysis.facts.remission import RemissionRule, among
from analysis.facts.state_history import timeline

STATES = ("active", "in remission", "dead")
ACTIVE, REMISSION, DEAD = range(len(STATES))
CENSORED = -1
COLUMNS = ("row", "state", "start", "stop", "next_state")


@per_patient
def remission_stays(cohort: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> pd.DataFrame:
    """Return the stays of each patient in remission and out of it, from one change to the next.

    Parameters
    ----------
    cohort
        The patients.
    rule
        What remission is.
    counts_as
        The states that are remission.

    Returns
    -------
    DataFrame with row (the place of the patient among the patients), state (a place in `STATES`), start, stop (months;
    the patient is at risk of leaving after the one and up to the other), next_state (where the patient goes then; -1 if
    follow-up ends), in the order of patients and time.
    """
    patients, states = cohort.patients, timeline(cohort, rule)
    entry = entry_months(cohort)
    patient = states["row"].to_numpy(dtype=np.int64)
    state = among(states["state"].array, counts_as).astype(np.int64)
    last = patients["follow_up_months"].to_numpy(dtype=float)
    times = join_times(np.concatenate([states["months"].to_numpy(dtype=float), last, entry]))
    start, end, entry = np.split(times, np.cumsum([len(states), len(last)]))
    # A visit that finds no change ends no stay.
    changed = np.append(True, (patient[1:] != patient[:-1]) | (state[1:] != state[:-1]))[: len(states)]
    patient, state, start = patient[changed], state[changed], start[changed]
    final = np.append(patient[1:] != patient[:-1], True)[: len(patient)]
    stop = np.where(final, end[patient], np.append(start[1:], 0.0)[: len(patient)])
    died = np.where(patients["died"].to_numpy(dtype=bool), DEAD, CENSORED)
    next_state = np.where(final, died[patient], 1 - state)
    # Observation of a patient begins in the state that the last visit by then found.
    start = np.maximum(start, entry[patient])
    real = (stop > start) | ((next_state == DEAD) & (entry[patient] == 0))
    columns = patient[real], state[real], start[real], stop[real], next_state[real]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), copy=False)


@per_patient
def state_at_start(cohort: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> dict[str, Integers]:
    """Return the state of each patient at month 0; -1 for one who is observed only from later on."""
    states = timeline(cohort, rule)
    state = np.zeros(len(cohort), dtype=np.int64)
    beginning = (states["months"] == 0).to_numpy()
    state[states["row"].to_numpy()[beginning]] = among(states["state"].array, counts_as)[beginning]
    return {"state": np.where(entry_months(cohort) > 0, CENSORED, state)}
