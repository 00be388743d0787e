"""Numbers of first and recurrent relapses, and of those before any remission."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.relapse_numbers import BEFORE, RELAPSES, SEVERE_ONES, RelapseNumbers
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule, remission_words


@dataclass(frozen=True, repr=False)
class RelapseCounts(Result):
    """Numbers of patients with relapses, and of relapses.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, patients, relapsed (patients), relapses, recurrent (relapses after the first), severe (relapses),
        before_remission (first relapses before any remission; missing if no state is known).
        `analysis.listings.relapse_list.relapse_list` lists the relapses.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: RelapseNumbers, *, rule: RelapseRule, remission: RemissionRule, response: str) -> RelapseCounts:
        """Return the numbers from counts.

        Parameters
        ----------
        counts
            The counts.
        rule, remission, response
            As for `relapse_counts`.
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
    """Return the numbers of first relapses, recurrent relapses, and relapses before any remission.

    These are plain counts, whatever the length of follow-up; `yearly_relapse` allows for it, for first relapses.

    Parameters
    ----------
    cohort
        The patients.
    rule, remission, response
        The definitions of relapse and remission, as for `yearly_relapse`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    RelapseCounts; ``table`` has one row per group.

    Raises
    ------
    ValueError
        If a rule, the response or the grouping column is unknown, or the cohort lacks a column that the rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> relapse_counts(load_sample()).table[["patients", "relapsed", "recurrent"]].to_numpy().tolist()
    [[87, 20, 5]]
    """
    chosen, state_rule = relapse_rule(rule), remission_rule(remission)
    counts = RelapseNumbers.of(cohort, chosen, state_rule, response, by)
    return RelapseCounts.of(counts, rule=chosen, remission=state_rule, response=response)
