"""Where all patients are over time: in remission, active, relapsed, dead or no longer followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.state_changes import StateChanges
from analysis.estimates.common.method_words import method_words
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule


@dataclass(frozen=True)
class StateCounts:
    """How many patients are in each state over time.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        reason, patients: how many are in no count.
    table
        group, months, state, patients, share (of the group's patients); at each month the states add up to them.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls,
        counts: StateChanges,
        *,
        rule: RemissionRule,
        relapse: RelapseRule,
        months: Sequence[float] | None = None,
    ) -> StateCounts:
        """Return how many are in each state, given how many come and go.

        Parameters
        ----------
        counts
            The changes at these months, or at each whole month.
        rule, relapse, months
            What was asked.
        """
        names = counts.states if counts.late[counts.groups.shown].any() else counts.states[:-1]
        grid = np.arange(counts.longest + 1.0) if months is None else np.asarray(months, dtype=float)
        held = counts.changes.cumsum(axis=1)[counts.groups.shown, :, : len(names)]
        held = held[:, np.searchsorted(counts.months, grid)]
        left_out = counts.left_out.table
        method = (
            f"Plain counts, months from transplantation; {rule.state} {rule.words}, kept until the next visit; "
            f"relapses {relapse.words}; {count_words(counts.groups.patients, 'patient')}"
        )
        return cls(
            "Where are all patients over time?",
            method_words(method, left_out),
            left_out,
            _table(counts.groups.column(counts.groups.shown), grid, names, held),
        )


def state_counts(
    cohort: Cohort,
    *,
    rule: str | RemissionRule = "recorded",
    relapse: str | RelapseRule = "recorded",
    months: Sequence[float] | None = None,
    by: By | None = None,
) -> StateCounts:
    """Return plain counts of patients by state at each month; nothing is estimated.

    A patient keeps the state of a visit until the next one with a known state, and is active before the first. A
    relapse ends remission at its own time; the patient stays relapsed until the next visit in remission. Death and the
    end of follow-up take effect at once. Who is observed only from later than transplantation on is not yet under
    observation until then. Shares are of all patients: those of remission fall as patients are no longer followed,
    which the probability of `state_probabilities` allows for.

    Parameters
    ----------
    cohort
        The patients.
    rule
        What remission is, as for `yearly_remission`.
    relapse
        What a relapse is, as for `yearly_relapse`; nobody is relapsed where the cohort records no relapses.
    months
        When to count; without it every whole month up to the last anyone is followed to.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Returns
    -------
    StateCounts, with a row a group, month and state in ``table`` (patients, and the share of the group's patients).

    Raises
    ------
    ValueError
        If a rule is unknown or needs columns that the cohort does not have.

    Examples
    --------
    >>> from analysis import load_sample
    >>> table = state_counts(load_sample(), months=[12]).table
    >>> table.loc[table["state"] == "dead", "patients"].tolist()
    [2]
    """
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    counts = StateChanges.of(cohort, chosen, relapse_by, months=months, by=by)
    return StateCounts.of(counts, rule=chosen, relapse=relapse_by, months=months)


def _table(groups: pd.Categorical, months: Floats, states: Sequence[str], counts: Integers) -> pd.DataFrame:
    """Return the counts, groups by months by states, as a table."""
    rows = pd.MultiIndex.from_product(
        [
            pd.CategoricalIndex(groups, groups.categories, ordered=True),
            months,
            pd.CategoricalIndex(states, states, ordered=True),
        ],
        names=["group", "months", "state"],
    )
    of_all = counts.sum(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = counts / of_all
    return rows.to_frame(index=False).assign(patients=counts.ravel(), share=shares.ravel())
