"""First and recurrent relapses, and those that came before any remission."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.relapse_numbers import BEFORE, RELAPSES, SEVERE_ONES, RelapseNumbers
from analysis.estimates.common.method_words import method_words
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule, remission_words


@dataclass(frozen=True)
class RelapseCounts:
    """How many relapsed, and how often.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        reason, patients: how many are in no count.
    table
        group, patients, relapsed (patients), relapses, recurrent (relapses after the first), severe (relapses),
        before_remission (first relapses before any remission; missing where the cohort tells no states).
        `analysis.listings.relapse_list.relapse_list` lists the relapses.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: RelapseNumbers, *, rule: RelapseRule, remission: RemissionRule, response: str) -> RelapseCounts:
        """Return how many relapsed and how often, given how many patients have had how many relapses.

        Parameters
        ----------
        counts
            The counts.
        rule, remission, response
            What was asked.
        """
        held = counts.columns
        relapsed, relapses = counts.by_group(held[RELAPSES] > 0), counts.by_group(held[RELAPSES])
        before = pd.Series(counts.by_group(held[BEFORE]))
        if not counts.tells_states and relapses.any():
            before = pd.Series(pd.NA, index=before.index, dtype="Int64")
        table = pd.DataFrame(
            {
                "group": counts.groups.column(counts.groups.shown),
                "patients": counts.groups.members[counts.groups.shown],
                "relapsed": relapsed,
                "relapses": relapses,
                "recurrent": relapses - relapsed,
                "severe": counts.by_group(held[SEVERE_ONES]),
                "before_remission": before,
            }
        )
        left_out = counts.left_out.table
        method = (
            f"Relapses {rule.words}, plain counts; before any remission is before any "
            f"{remission_words(remission, response)}; {count_words(counts.groups.patients, 'patient')}"
        )
        question = "How many relapsed, how often, and after a remission or before any?"
        return cls(question, method_words(method, left_out), left_out, table)


def relapse_counts(
    cohort: Cohort,
    *,
    rule: str | RelapseRule = "recorded",
    remission: str | RemissionRule = "recorded",
    response: str = "complete",
    by: By | None = None,
) -> RelapseCounts:
    """Return how many relapses there are: first ones, recurrent ones and ones before any remission.

    Plain counts: how long each patient was followed is not allowed for, which `yearly_relapse` does for first ones.

    Parameters
    ----------
    cohort
        The patients.
    rule, remission, response
        What a relapse and a remission are, as for `yearly_relapse`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Returns
    -------
    RelapseCounts, with a row a group in ``table``.

    Raises
    ------
    ValueError
        If an argument is not one of those above, or the cohort lacks a column that the rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> relapse_counts(load_sample()).table[["patients", "relapsed", "recurrent"]].to_numpy().tolist()
    [[87, 20, 0]]
    """
    chosen, state_rule = relapse_rule(rule), remission_rule(remission)
    counts = RelapseNumbers.of(cohort, chosen, state_rule, response, by)
    return RelapseCounts.of(counts, rule=chosen, remission=state_rule, response=response)
