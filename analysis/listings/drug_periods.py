"""The periods of treatment of a patient, as they are drawn and listed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort


def drug_periods(cohort: Cohort, patient_id: str) -> pd.DataFrame:
    """Return the periods of treatment of a patient up to the end of follow-up, by drug in the order of their starts.

    Parameters
    ----------
    cohort
        A cohort with the patient.
    patient_id
        The id of the patient.

    Returns
    -------
    DataFrame
        drug, start, end (months since transplantation), goes_on (whether it was still taken at the end of follow-up),
        dose (in words, "" where it is not recorded). Periods after the end of follow-up are not in it.

    Raises
    ------
    ValueError
        If the cohort has no such patient.

    Examples
    --------
    >>> from analysis import load_sample
    >>> drug_periods(load_sample(), "S004").head(2)
             drug  start  end  goes_on       dose
    0  prednisone  -30.9  0.9    False  30 mg/day
    1  prednisone    0.9  2.8    False  25 mg/day
    """
    patient = cohort.of_patient(patient_id)
    table, last = patient.treatments, float(patient.numbers("follow_up_months")[0])
    stop = table["stop_months"].to_numpy(dtype=float)
    goes_on = np.isnan(stop) | (stop > last)
    unit = table["dose_unit"].astype(object).fillna("")
    dose = [
        "" if np.isnan(amount) else f"{amount:g} {of}".strip() for amount, of in zip(table["dose"], unit, strict=True)
    ]
    periods = pd.DataFrame(
        {
            "drug": table["drug"].astype(str),
            "start": table["start_months"].to_numpy(dtype=float),
            "end": np.where(goes_on, last, stop),
            "goes_on": goes_on,
            "dose": dose,
        }
    )
    periods = periods[periods["start"] <= last]
    first = periods.groupby("drug")["start"].transform("min")
    return periods.assign(first=first).sort_values(["first", "drug", "start"], ignore_index=True).drop(columns="first")
