"""Values against those at the last visit in remission: the walk over visits that finds relapses after remission."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.times import first_of_each

# Values and references, by measure and visit (NaN where missing), to a severity for each visit; 0 for no relapse.
Severity = Callable[[Floats, Floats], Integers]


def relapses_after(row: Rows, months: Floats, values: Floats, inside: Flags, severity: Severity) -> Integers:
    """Return the severity of the relapse at each visit after month 0; 0 where there is none.

    The reference of a measure is its value at the last visit in remission at which it is known. After a relapse there
    is none before the next visit in remission; a visit with a relapse is not one in remission.

    Parameters
    ----------
    row, months
        Patient and time of each visit, sorted by patient and time.
    values
        Measures by visits.
    inside
        Whether the visit is in remission.
    severity
        Tells a relapse from values and references.
    """
    begins = np.flatnonzero(first_of_each(row))
    visits_of = np.diff(np.append(begins, len(row)))
    reference = np.full((len(values), len(begins)), np.nan)
    found = np.zeros(len(row), dtype=np.int64)
    # One step a visit of each patient, all patients at once.
    for step in range(int(visits_of.max(initial=0))):
        who = np.flatnonzero(visits_of > step)
        visit = begins[who] + step
        here, before = values[:, visit], reference[:, who]
        told = np.where(months[visit] > 0, severity(here, before), 0)
        found[visit] = told
        kept = np.where(inside[visit] & ~np.isnan(here), here, before)
        reference[:, who] = np.where(told > 0, np.nan, kept)
    return found
