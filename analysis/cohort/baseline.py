"""Baseline values: visit measures at transplantation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import nearest_visits, slack

BASELINE_UNTIL_MONTHS = 0.5  # Half-way to the first scheduled visit, at one month.


def baseline(cohort: Cohort, measure: str) -> pd.Series:
    """Return the baseline value of a visit measure for each patient.

    It is the value nearest to transplantation among all visits before it and up to half a month after it.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A column of the visits, such as "sledai".

    Returns
    -------
    Series
        In the unit of the measure, indexed like ``cohort.patients``; NaN without such a visit.

    Examples
    --------
    >>> from analysis import load_sample
    >>> float(baseline(load_sample(), "sledai").median())
    13.0
    """
    found = _at_start(cohort, measure)
    values = np.full(len(cohort), np.nan)
    values[found["row"]] = found["value"]
    return pd.Series(values, index=cohort.index)


@per_patient
def _at_start(cohort: Cohort, measure: str) -> pd.DataFrame:
    """Return row and value for each patient with a baseline value."""
    visits, rows = cohort.visits, cohort.visit_rows
    if measure not in visits:
        return pd.DataFrame({"row": np.empty(0, dtype=np.intp), "value": np.empty(0)})
    months, values = visits["months"].to_numpy(dtype=float), visits[measure].to_numpy(dtype=float, na_value=np.nan)
    early = np.flatnonzero(~np.isnan(values) & (months <= BASELINE_UNTIL_MONTHS + slack(BASELINE_UNTIL_MONTHS)))
    nearest = nearest_visits(rows[early], months[early], [0.0], [(-np.inf, BASELINE_UNTIL_MONTHS)])
    chosen = early[~np.isnan(nearest)]
    return pd.DataFrame({"row": rows[chosen], "value": values[chosen]})
