"""Numbers of patients in each state over time: in remission, active, relapsed, dead, no longer followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.state_changes import StateChanges
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.states.occupancy import Occupancy
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule


@dataclass(frozen=True, repr=False)
class StateCounts(Result):
    """Numbers of patients in each state over time.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months, state, patients, share (of all patients in the group); at each month the states add up to all.
    counts
        The counts behind the table.
    rule, relapse
        As for `state_counts`.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    counts: Occupancy
    rule: RemissionRule
    relapse: RelapseRule

    @classmethod
    def of(cls, counts: Occupancy, *, rule: RemissionRule, relapse: RelapseRule) -> StateCounts:
        """Return the numbers in each state as a table.

        Parameters
        ----------
        counts
            The state occupancy.
        rule, relapse
            As for `state_counts`.
        """
        left_out = counts.left_out.table
        method = (
            f"Plain counts, months from transplantation; {rule.state} {rule.words}, kept until the next visit; "
            f"relapses {relapse.words}; {count_words(counts.number_of_patients, 'patient')}"
        )
        return cls(
            "Where are all patients over time?",
            method_words(method, left_out),
            left_out,
            _table(counts),
            counts,
            rule,
            relapse,
        )


def state_counts(
    cohort: Cohort,
    *,
    rule: str | RemissionRule = "recorded",
    relapse: str | RelapseRule = "recorded",
    months: Sequence[float] | None = None,
    by: By | None = None,
) -> StateCounts:
    """Return plain counts of patients by state at each month.

    A patient keeps the state of a visit until the next one with a known state, and is active before the first. A
    relapse ends remission at its own time; the patient is relapsed until the next visit in remission. Death and the end
    of follow-up take effect at once. Patients with late entry are "not yet observed" until then. Shares are of all
    patients, so that the share in remission falls as patients are no longer followed; `state_probabilities` allows for
    it.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of remission, as for `yearly_remission`.
    relapse
        The definition of relapse, as for `yearly_relapse`; nobody is relapsed if relapses are not recorded.
    months
        The months to count at; by default every whole month up to the longest follow-up.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    StateCounts; ``table`` has one row per group, month and state (patients, and shares as fractions of 1).

    Raises
    ------
    ValueError
        If a rule or the grouping column is unknown, or the cohort lacks a column that a rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> table = state_counts(load_sample(), months=[12]).table
    >>> table.loc[table["state"] == "dead", "patients"].tolist()
    [2]
    """
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    changes = StateChanges.of(cohort, chosen, relapse_by, months=months, by=by)
    return StateCounts.of(Occupancy.of(changes, months), rule=chosen, relapse=relapse_by)


def _table(counts: Occupancy) -> pd.DataFrame:
    """Return the counts as a table."""
    groups = counts.groups.column(np.arange(len(counts.groups.names)))
    rows = pd.MultiIndex.from_product(
        [
            pd.CategoricalIndex(groups, groups.categories, ordered=True),
            counts.months,
            pd.CategoricalIndex(counts.states, counts.states, ordered=True),
        ],
        names=["group", "months", "state"],
    )
    of_all = counts.patients.sum(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = counts.patients / of_all
    return rows.to_frame(index=False).assign(patients=counts.patients.ravel(), share=shares.ravel())
