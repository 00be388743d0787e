"""The patients behind a curve, each with a time and how it ended, and those left out of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.counts.covariate_cells import why_without_value
from analysis.counts.groups import membership
from analysis.counts.strata import why_without_stratum
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_times
from analysis.listings.left_out import left_out_patients

ENDS = ("event", "competing event", "last contact")


def event_times(cohort: Cohort, endpoint: AnyEndpoint = OVERALL_SURVIVAL, *, by: By | None = None) -> pd.DataFrame:
    """Return each patient's time to an endpoint.

    Parameters
    ----------
    cohort, endpoint, by
        As for `kaplan_meier`.

    Returns
    -------
    DataFrame with group, patient_id, entry_months, months, ended ("event", "competing event" or "last contact"), sorted
    by group and time; without the patients who have no time or no group.
    """
    timed, who = endpoint_times(cohort, endpoint), membership(cohort, by)
    held = timed.has[who.rows]
    rows, columns = who.rows[held], timed.columns.rows(who.rows[held])
    ends = [np.asarray(columns[name], dtype=bool) for name in ("event", "competing")]
    table = pd.DataFrame(
        {
            "group": who.groups().column(who.code[held]),
            "patient_id": cohort.values("patient_id")[rows],
            "entry_months": columns["entry_months"],
            "months": columns["months"],
            "ended": np.select(ends, ENDS[:2], ENDS[2]),
        }
    )
    return table.sort_values(["group", "months"], kind="stable", ignore_index=True)


def leaving_at(members: pd.DataFrame, group: str, months: float) -> pd.DataFrame:
    """Return the patients of a group whose time ends at a month."""
    return members[(members["group"] == group) & ((members["months"] - months).abs() <= slack(months))]


def at_risk_at(members: pd.DataFrame, group: str, months: float) -> pd.DataFrame:
    """Return the risk set of a group at a month: followed to it or longer, and observed since before it."""
    held = members[members["group"] == group]
    observed = (held["entry_months"] < months - slack(months)) | (held["entry_months"] == 0)
    return held[(held["months"] >= months - slack(months)) & observed]


def left_out_of_curves(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    stratify: By | None = None,
    covariates: Sequence[By] | None = None,
) -> pd.DataFrame:
    """Return the patients left out of the curves, tests and ratios of an endpoint.

    Parameters
    ----------
    cohort, endpoint, by
        As for `kaplan_meier`.
    stratify, covariates
        As for `log_rank` and `hazard_ratios`.

    Returns
    -------
    DataFrame
        patient_id, reason: one row per patient.

    Raises
    ------
    ValueError
        If the endpoint or a column is unknown.

    Examples
    --------
    >>> from analysis import load_sample
    >>> left_out_of_curves(load_sample(), "remission_duration")["reason"].unique().tolist()
    ['never in recorded complete remission']
    """
    if covariates:
        return left_out_patients(cohort, why_without_value(cohort, endpoint, covariates))
    return left_out_patients(cohort, why_without_stratum(cohort, endpoint, by, stratify))
