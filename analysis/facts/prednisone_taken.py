"""The prednisone that each patient has had up to a month, from the doses at visits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import DAYS_PER_MONTH, by_patient, slack

DOSE = "prednisone_mg_per_day"
KNOWN, NO_DOSE_AT_START, NOT_FOLLOWED = range(3)
REASONS = ("", "no dose at or before transplantation", "not followed as long")


@per_patient
def prednisone_taken(cohort: Cohort, months: float) -> dict[str, NDArray[Any]]:
    """Return the cumulative dose of each patient from transplantation to a month.

    A dose is that of each day from its visit until the next visit with a dose.

    Returns
    -------
    A row for each patient: milligrams (0 where it is not known), reason (an index into `REASONS`: why it is not known).

    Raises
    ------
    ValueError
        If the visits have no doses.
    """
    if DOSE not in cohort.visit_columns:
        raise ValueError(f"The visits have no column {DOSE!r}.")
    dose, months_of = cohort.visits[DOSE].to_numpy(dtype=float), cohort.visits["months"].to_numpy(dtype=float)
    known = np.flatnonzero(~np.isnan(dose) & ~np.isnan(months_of))
    row, at, dose = cohort.visit_rows[known], months_of[known], dose[known]
    order = by_patient(row, at)
    row, at, dose = row[order], at[order], dose[order]
    last = np.append(row[1:] != row[:-1], True)[: len(row)]
    until = np.where(last, months, np.append(at[1:], months)[: len(at)])
    taken = dose * (np.clip(until, 0, months) - np.clip(at, 0, months)) * DAYS_PER_MONTH
    milligrams = np.bincount(row, taken, minlength=len(cohort)).astype(float)
    begun = np.zeros(len(cohort), dtype=bool)
    begun[row[at <= slack(0)]] = True
    followed = cohort.numbers("follow_up_months") >= months - slack(months)
    reason = np.select([~begun, ~followed], [NO_DOSE_AT_START, NOT_FOLLOWED], KNOWN)
    return {"milligrams": np.where(reason == KNOWN, milligrams, 0.0), "reason": reason}
