"""Who is behind a curve: each patient's time, and how it ended."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.estimates.common.grouped_outcome import grouped_outcome
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

ENDS = ("event", "competing event", "last contact")


def event_times(cohort: Cohort, endpoint: AnyEndpoint = OVERALL_SURVIVAL, *, by: By | None = None) -> pd.DataFrame:
    """Return each patient's time to an endpoint.

    Returns
    -------
    DataFrame with group, patient_id, entry_months, months, ended ("event", "competing event" or "last contact"), by
    group and time; patients without a time or a group are not in it.
    """
    outcome = grouped_outcome(cohort, endpoint, by)
    times = outcome.times
    table = pd.DataFrame(
        {
            "group": pd.Series(outcome.group, index=times.index),
            "patient_id": times["patient_id"],
            "entry_months": times["entry_months"],
            "months": times["months"],
            "ended": np.select([times["event"].astype(bool), times["competing"].astype(bool)], ENDS[:2], ENDS[2]),
        }
    )
    return table.sort_values(["group", "months"], kind="stable", ignore_index=True)


def leaving_at(members: pd.DataFrame, group: str, months: float) -> pd.DataFrame:
    """Return the patients of a group whose time is this one."""
    return members[(members["group"] == group) & ((members["months"] - months).abs() <= slack(months))]


def at_risk_at(members: pd.DataFrame, group: str, months: float) -> pd.DataFrame:
    """Return the patients of a group at risk at a time: followed to it or longer, and observed from before it."""
    held = members[members["group"] == group]
    observed = (held["entry_months"] < months - slack(months)) | (held["entry_months"] == 0)
    return held[(held["months"] >= months - slack(months)) & observed]
