"""The rows of a waterfall: each patient's change at a month, from the largest rise to the largest fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership
from analysis.facts.scheduled_values import CHANGE, PERCENT, VALUE, coded_values
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure


def patient_changes(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    months: float,
    in_percent: bool = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    by: By | None = None,
) -> pd.DataFrame:
    """Return each patient's change since the first scheduled month, the largest rise first.

    Parameters
    ----------
    cohort, measure, schedule, window_months, at_limit, by
        As for `analysis.trajectory`.
    months
        One of the scheduled months.
    in_percent
        Whether changes are in percent of the value at the first scheduled month, of patients in whom it is above 0.

    Returns
    -------
    DataFrame
        group, patient_id, change (in the unit of the measure, or in percent), value (at the month). Equal changes are
        sorted by group, then in the order of the patients. A patient in two groups has two rows.

    Raises
    ------
    ValueError
        If the visits have no such measure, the patients no such grouping column, or the month is not scheduled.

    Examples
    --------
    >>> from analysis import load_sample
    >>> patient_changes(load_sample(), months=12)["change"].iloc[[0, -1]].tolist()
    [2.0, -24.0]
    """
    asked, who = ScheduledMeasure.of(measure, schedule, window_months, at_limit), membership(cohort, by)
    if months not in asked.months:
        known = ", ".join(f"{month:g}" for month in asked.months)
        raise ValueError(f"Month {months:g} is not scheduled; scheduled are {known}.")
    place = asked.months.index(months)
    coded, values = (coded_values(cohort, asked, what) for what in (PERCENT if in_percent else CHANGE, VALUE))
    code = coded.code[place][who.rows]
    held = np.flatnonzero(code >= 0)
    code, group, row = code[held], who.code[held], who.rows[held]
    # Codes increase with the changes. With one group the rows are in the order of the patients already.
    order = np.lexsort((row, group, -code)) if len(who.names) > 1 else np.argsort(-code, kind="stable")
    return pd.DataFrame(
        {
            "group": who.groups().column(group[order]),
            "patient_id": cohort.values("patient_id")[row[order]],
            "change": coded.value[code[order]],
            "value": values.value[values.code[place][row[order]]],
        }
    )
