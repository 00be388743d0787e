"""States that last: reached at the visit at which they have been held for long enough."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.times import by_patient, first_of_each, slack


def held_for(row: Rows, months: Floats, inside: Flags, least_months: float, least_visits: int) -> Flags:
    """Return whether each patient has been in a state for long enough at each visit.

    That is at the visit, and at every one before it back to a visit at least so many months earlier, which are at least
    so many visits.

    Parameters
    ----------
    row, months
        Patient and time of each visit.
    inside
        Whether the patient is in the state.
    least_months, least_visits
        For how long, and at how many visits.
    """
    order = np.arange(len(row))[by_patient(row, months)]
    place, when, held = np.arange(len(row)), months[order], inside[order]
    begins = first_of_each(row[order]) | ~np.append(False, held[:-1])[: len(held)]
    start = np.maximum.accumulate(np.where(begins, place, 0))
    long_enough = when - when[start] >= least_months - slack(np.abs(when).max(initial=0.0))
    told = np.empty(len(row), dtype=bool)
    told[order] = held & long_enough & (place - start + 1 >= least_visits)
    return told
