"""Stays in remission and out of it: what state probabilities are estimated from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort
from analysis.cohort.times import Floats, join_times

Integers = NDArray[np.int64]

STATES = ("active", "in remission", "dead")
ACTIVE, REMISSION, DEAD = range(len(STATES))
CENSORED = -1


@dataclass(frozen=True, eq=False)
class Stays:
    """Every stay of every patient in a state, from one change to the next.

    Attributes
    ----------
    patient, state
        Whose stay, and where, as numbers; `state` is a place in `STATES`.
    start, stop
        Months; the patient is at risk of leaving after `start` and up to `stop`.
    next_state
        Where the patient goes at `stop`; -1 if follow-up ends there.
    at_start
        State of each patient at month 0.
    """

    patient: Integers
    state: Integers
    start: Floats
    stop: Floats
    next_state: Integers
    at_start: Integers

    def of(self, patients: NDArray[np.bool_]) -> Stays:
        """Return the stays of some of the patients."""
        held = patients[self.patient]
        number = np.cumsum(patients) - 1
        return Stays(
            number[self.patient[held]],
            self.state[held],
            self.start[held],
            self.stop[held],
            self.next_state[held],
            self.at_start[patients],
        )


def find_stays(cohort: Cohort, states: pd.DataFrame, counts_as: Sequence[str]) -> Stays:
    """Return the stays in remission and out of it.

    Parameters
    ----------
    cohort
        The patients.
    states
        Their `timeline`.
    counts_as
        The states that are remission.
    """
    patients = cohort.patients
    patient = states["row"].to_numpy(dtype=np.int64)
    state = states["state"].isin(counts_as).to_numpy(dtype=np.int64)
    last = patients["follow_up_months"].to_numpy(dtype=float)
    times = join_times(np.concatenate([states["months"].to_numpy(dtype=float), last]))
    start, end = times[: len(states)], times[len(states) :]
    # A visit that finds no change ends no stay.
    changed = np.append(True, (patient[1:] != patient[:-1]) | (state[1:] != state[:-1]))[: len(states)]
    at_start = np.zeros(len(patients), dtype=np.int64)
    at_start[patient[start == 0]] = state[start == 0]
    patient, state, start = patient[changed], state[changed], start[changed]
    final = np.append(patient[1:] != patient[:-1], True)[: len(patient)]
    stop = np.where(final, end[patient], np.append(start[1:], 0.0)[: len(patient)])
    died = np.where(patients["died"].to_numpy(dtype=bool), DEAD, CENSORED)
    next_state = np.where(final, died[patient], 1 - state)
    real = (stop > start) | (next_state == DEAD)
    return Stays(patient[real], state[real], start[real], stop[real], next_state[real], at_start)
