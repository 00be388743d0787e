"""Each patient's observed time, and the time in some states within it."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import by_patient, slack
from analysis.facts.observed_times import entry_months
from analysis.facts.remission import RemissionRule, among, visit_states


@per_patient
def time_in_states(cohort: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> dict[str, Floats]:
    """Return each patient's observed time and the part of it in some states.

    Time is observed from a visit with a known state to the next one, within follow-up after transplantation (with late
    entry from then on), and is in the state of the earlier visit. What comes after the last such visit is not observed.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of remission.
    counts_as
        The states.

    Returns
    -------
    A row for each patient: observed, inside (months).
    """
    states = visit_states(cohort, rule)
    row, months = states["row"].to_numpy(), states["months"].to_numpy()
    order = np.arange(len(row))[by_patient(row, months)]
    row, months, held = row[order], months[order], among(states["state"].array, counts_as)[order]
    same = np.flatnonzero(row[1:] == row[:-1])
    whose = row[same]
    start = np.maximum(months[same], entry_months(cohort)[whose])
    stop = np.minimum(months[same + 1], cohort.numbers("follow_up_months")[whose])
    lasted = np.where(stop - start > slack(0), stop - start, 0.0)
    parts = {"observed": lasted, "inside": lasted * held[same]}
    return {name: np.bincount(whose, part, len(cohort)).astype(float) for name, part in parts.items()}
