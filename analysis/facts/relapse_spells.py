"""Each patient's follow-up, divided at every relapse."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import by_patient, join_times
from analysis.facts.observed_times import entry_months
from analysis.facts.relapse import RelapseRule, relapse_columns
from analysis.facts.remission import RECORDED

RELAPSED, DEAD = 1, 2  # what ends a spell
CENSORED = -1
COLUMNS = ("row", "state", "start", "stop", "next_state")


@per_patient
def relapse_spells(cohort: Cohort, rule: RelapseRule) -> pd.DataFrame:
    """Return the spells between a patient's relapses, from the start of observation to death or last contact.

    A relapse on the day of death, or of the last contact, is observed: the spell after it has no length. Relapses up to
    a late entry, or after the end of follow-up, were not under observation and divide nothing.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of relapse.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), state (the number of observed relapses before),
    start, stop (months; the patient is at risk in (start, stop], and from month 0 on without late entry), next_state
    (`RELAPSED` or `DEAD` at stop; -1 if censored), sorted by patient and time. Patients whose follow-up ends by their
    late entry have no spells.

    Raises
    ------
    ValueError
        If the rule needs columns that the cohort lacks.
    """
    relapses = relapse_columns(cohort, rule, RECORDED, "complete")
    row = relapses["row"]
    times = join_times(np.concatenate([relapses["months"], cohort.numbers("follow_up_months"), entry_months(cohort)]))
    months, end, entry = np.split(times, np.cumsum([len(row), len(cohort)]))
    seen = (months <= end[row]) & ((months > entry[row]) | (entry[row] == 0))
    observed = np.flatnonzero((entry == 0) | (end > entry))
    # Rows of what ends each spell, the end of follow-up last.
    patient = np.concatenate([row[seen], observed])
    stop = np.concatenate([months[seen], end[observed]])
    died = np.where(cohort.died, DEAD, CENSORED)[observed]
    ends = np.concatenate([np.full(np.count_nonzero(seen), RELAPSED), died])
    order = by_patient(patient, stop)
    patient, stop, ends = patient[order], stop[order], ends[order]
    first = np.append(True, patient[1:] != patient[:-1])[: len(patient)]
    begins = np.flatnonzero(first)
    number = np.arange(len(patient)) - np.repeat(begins, np.diff(np.append(begins, len(patient))))
    start = np.where(first, entry[patient], np.append(0.0, stop[:-1])[: len(patient)])
    return pd.DataFrame(dict(zip(COLUMNS, (patient, number, start, stop, ends), strict=True)), copy=False)
