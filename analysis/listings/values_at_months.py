"""Values at scheduled months in long form: the data of a model for repeated measurements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.facts.scheduled_visits import ScheduledMeasure, scheduled_visits
from analysis.listings.visits_of_groups import rows_of_groups


def values_at_months(cohort: Cohort, asked: ScheduledMeasure, by: By | None) -> pd.DataFrame:
    """Return the values that stand for a scheduled month.

    Parameters
    ----------
    cohort
        The patients.
    asked
        The measure and its months.
    by
        The grouping.

    Returns
    -------
    DataFrame
        group, patient (position in ``cohort.patients``), value, scheduled; sorted by group, patient and time. A patient
        in two groups has every value twice.
    """
    group, columns = rows_of_groups(cohort, by, scheduled_visits(cohort, asked))
    held = np.flatnonzero(~np.isnan(columns["scheduled"]))
    kept = columns.rows(held)
    table = {"patient": kept["row"], "value": kept["value"], "scheduled": kept["scheduled"]}
    return pd.DataFrame({"group": group[held], **table})
