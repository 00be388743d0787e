"""First and recurrent relapses, and those that came before any remission."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.method_words import method_words
from analysis.facts.relapse import RelapseRule, find_relapses, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule, remission_words

COLUMNS = ["group", "patient_id", "months", "number", "severity", "after_remission"]


@dataclass(frozen=True)
class RelapseCounts:
    """How many relapsed, and how often.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        patient_id, reason: patients who are in no count.
    table
        group, patients, relapsed (patients), relapses, recurrent (relapses after the first), severe (relapses),
        before_remission (first relapses before any remission; missing where the cohort tells no states).
    relapses
        group, patient_id, months, number (1 for the first), severity ("" where the rule tells none), after_remission.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    relapses: pd.DataFrame


def relapse_counts(
    cohort: Cohort,
    *,
    rule: str | RelapseRule = "recorded",
    remission: str | RemissionRule = "recorded",
    response: str = "complete",
    by: By | None = None,
) -> RelapseCounts:
    """Return every relapse, and how many are first ones, recurrent ones and ones before any remission.

    Plain counts: how long each patient was followed is not allowed for, which `yearly_relapse` does for first ones.

    Parameters
    ----------
    cohort
        The patients.
    rule, remission, response
        What a relapse and a remission are, as for `yearly_relapse`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If an argument is not one of those above, or the cohort lacks a column that the rule needs.
    """
    chosen, state_rule = relapse_rule(rule), remission_rule(remission)
    who = members(cohort, by)
    left_out = who.left_out(cohort)
    of_each = pd.DataFrame({"row": who.rows, "group": who.group})
    found = find_relapses(cohort, chosen, state_rule, response).merge(of_each, on="row")
    found = found[COLUMNS].sort_values("group", kind="stable", ignore_index=True)
    first = found["number"] == 1
    marks = pd.DataFrame(
        {
            "relapsed": first,
            "relapses": True,
            "recurrent": ~first,
            "severe": found["severity"] == "severe",
            "before_remission": first & ~found["after_remission"].fillna(True).astype(bool),
        }
    )
    table = marks.groupby(found["group"], observed=False).sum().astype(int).reset_index()
    table.insert(1, "patients", who.sizes)
    if found["after_remission"].isna().any():
        table["before_remission"] = pd.Series(pd.NA, index=table.index, dtype="Int64")
    method = (
        f"Relapses {chosen.words}, plain counts; before any remission is before any "
        f"{remission_words(state_rule, response)}; " + count_words(number_of_patients(who.rows), "patient")
    )
    return RelapseCounts(
        "How many relapsed, how often, and after a remission or before any?",
        method_words(method, left_out),
        left_out,
        table,
        found,
    )
