"""The periods in which each patient took a drug, and whether a patient takes it at some time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import slack

NO_TABLE = "This cohort has no table of treatments."


def check_treatments(cohort: Cohort) -> None:
    """Raise a ValueError if the cohort has no table of treatments: nothing is known then, which is not "nothing"."""
    if "treatments" not in cohort.recorded:
        raise ValueError(NO_TABLE)


@per_patient
def treatment_periods(cohort: Cohort) -> pd.DataFrame:
    """Return the periods of treatment: row (of the patient), drug, start, stop (months; infinite if it goes on)."""
    table = cohort.treatments.reindex(columns=["drug", "start_months", "stop_months"])
    return pd.DataFrame(
        {
            "row": cohort.rows_of("treatments"),
            "drug": table["drug"].astype(object),
            "start": table["start_months"].to_numpy(dtype=float),
            "stop": table["stop_months"].fillna(np.inf).to_numpy(dtype=float),
        }
    )


@per_patient
def on_treatment(cohort: Cohort, drug: str, months: tuple[float, ...]) -> dict[str, NDArray[Any]]:
    """Return which patients take a drug at some months.

    A drug is taken from its start, and no longer at its stop.

    Returns
    -------
    ``on``: flags, months by patients.
    """
    periods = treatment_periods(cohort)
    mine = periods["drug"] == drug
    row, start, stop = (periods[name][mine] for name in ("row", "start", "stop"))
    on = np.zeros((len(months), len(cohort)), dtype=bool)
    for place, month in enumerate(months):
        on[place, row[(start <= month + slack(month)) & (stop > month + slack(month))]] = True
    return {"on": on}


@per_patient
def followed_at(cohort: Cohort, months: tuple[float, ...]) -> dict[str, NDArray[Any]]:
    """Return which patients are alive and under observation at some months: ``followed``, flags, months by patients."""
    until = cohort.numbers("follow_up_months")
    since = cohort.numbers("entry_months") if "entry_months" in cohort.patient_columns else np.zeros(len(cohort))
    since = np.nan_to_num(since)
    at = np.array(months, dtype=float)[:, None]
    near = np.array([slack(month) for month in months])[:, None]
    return {"followed": (until >= at - near) & (since <= at + near)}


@per_patient
def any_treatment(cohort: Cohort) -> dict[str, Flags]:
    """Return which patients have any treatment recorded."""
    recorded = np.zeros(len(cohort), dtype=bool)
    recorded[cohort.rows_of("treatments")] = True
    return {"recorded": recorded}
