"""The patients left out of an estimate, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.counts.presence import absence_of_values, steps_of_values
from analysis.counts.reasons import Absence
from analysis.facts.scheduled_values import Change, what_of
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure


def left_out_patients(cohort: Cohort, absence: Absence) -> pd.DataFrame:
    """Return the patients left out of an estimate.

    Parameters
    ----------
    cohort
        The patients.
    absence
        Why each of them is left out.

    Returns
    -------
    DataFrame
        patient_id, reason: one row per patient, in the order of the reasons.
    """
    out = absence.rows
    reasons = np.array([*absence.reasons, None], dtype=object)[absence.code[out]]
    return pd.DataFrame({"patient_id": cohort.values("patient_id")[out], "reason": reasons})


def left_out_of_trajectory(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    centre: str = "mean",
    change: Change = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    same_patients: bool = False,
    by: By | None = None,
) -> pd.DataFrame:
    """Return the patients left out of a trajectory.

    Parameters
    ----------
    cohort, measure, centre, change, schedule, window_months, at_limit, same_patients, by
        As for `analysis.trajectory`.

    Returns
    -------
    DataFrame
        patient_id, reason: one row per patient.

    Raises
    ------
    ValueError
        If the visits have no such measure, or the patients no such grouping column.

    Examples
    --------
    >>> from analysis import load_sample
    >>> len(left_out_of_trajectory(load_sample(), schedule=[0, 12], same_patients=True))
    4
    """
    asked, what = ScheduledMeasure.of(measure, schedule, window_months, at_limit), what_of(change)
    steps = steps_of_values(asked, what, same_patients=same_patients, above_0=centre == "geometric mean")
    return left_out_patients(cohort, absence_of_values(cohort, asked, by, steps))
