"""Every relapse of every patient."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership
from analysis.facts.relapse import RelapseRule, find_relapses, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule

COLUMNS = ["group", "patient_id", "months", "number", "severity", "after_remission"]


def relapse_list(
    cohort: Cohort,
    *,
    rule: str | RelapseRule = "recorded",
    remission: str | RemissionRule = "recorded",
    response: str = "complete",
    by: By | None = None,
) -> pd.DataFrame:
    """Return every relapse, sorted by group, patient and time.

    Parameters
    ----------
    cohort, rule, remission, response, by
        As for `relapse_counts`.

    Returns
    -------
    DataFrame with group, patient_id, months, number (1 for the first), severity ("" if the rule has none),
    after_remission (missing if the cohort has no states).

    Raises
    ------
    ValueError
        If a rule or the response is unknown, or the cohort lacks a column that the rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> relapse_list(load_sample(), by="msc_source").columns.tolist()
    ['group', 'patient_id', 'months', 'number', 'severity', 'after_remission']
    """
    who = membership(cohort, by)
    of_each = pd.DataFrame({"row": who.rows, "group": who.groups().column(who.code)})
    found = find_relapses(cohort, relapse_rule(rule), remission_rule(remission), response).merge(of_each, on="row")
    return found[COLUMNS].sort_values("group", kind="stable", ignore_index=True)
