"""What was measured at transplantation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import nearest_visits, slack

BASELINE_UNTIL_MONTHS = 0.5  # Half-way to the first scheduled visit, at one month.


def baseline(cohort: Cohort, measure: str) -> pd.Series:
    """Return a visit measure at transplantation, indexed like ``cohort.patients``.

    The value of the visit nearest to transplantation, from any time before it to half a month after it; missing
    where there is none.
    """
    found = _at_start(cohort, measure)
    values = np.full(len(cohort), np.nan)
    values[found["row"]] = found["value"]
    return pd.Series(values, index=cohort.index)


@per_patient
def _at_start(cohort: Cohort, measure: str) -> pd.DataFrame:
    """Return row and value of each patient with a value at transplantation."""
    visits, rows = cohort.visits, cohort.visit_rows
    if measure not in visits:
        return pd.DataFrame({"row": np.empty(0, dtype=np.intp), "value": np.empty(0)})
    months, values = visits["months"].to_numpy(dtype=float), visits[measure].to_numpy(dtype=float, na_value=np.nan)
    early = np.flatnonzero(~np.isnan(values) & (months <= BASELINE_UNTIL_MONTHS + slack(BASELINE_UNTIL_MONTHS)))
    nearest = nearest_visits(rows[early], months[early], [0.0], [(-np.inf, BASELINE_UNTIL_MONTHS)])
    chosen = early[~np.isnan(nearest)]
    return pd.DataFrame({"row": rows[chosen], "value": values[chosen]})
