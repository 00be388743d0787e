"""Where all patients are over time: in remission, active, relapsed, dead or no longer followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By, group_members, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.relapses import RECORDED_RELAPSE, RelapseRule, find_relapses, relapse_rule
from analysis.cohort.rules import COMPLETE, NONE, PARTIAL, RECORDED, RemissionRule, remission_rule
from analysis.cohort.timeline import RELAPSED, state_at, timeline, with_relapses
from analysis.cohort.times import SAME
from analysis.estimates.words import count_words, method_words

DEAD, GONE = "dead", "no longer followed"
RECORDED_NAMES = {COMPLETE: "complete remission", PARTIAL: "partial remission"}


@dataclass(frozen=True)
class StateCounts:
    """How many patients are in each state over time.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        patient_id, reason: patients who are in no count.
    table
        group, months, state, patients, share (of the group's patients); at each month the states add up to them.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


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
    end of follow-up take effect at once. Shares are of all patients: those of remission fall as patients are no longer
    followed, which the probability of `state_probabilities` allows for.

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

    Raises
    ------
    ValueError
        If a rule is unknown or needs columns that the cohort does not have.
    """
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    labels = group_members(cohort, by)
    patients = cohort.patients.loc[labels.index].assign(group=labels.array)
    last = patients["follow_up_months"].max()
    grid = list(range(int(last * (1 + SAME)) + 1 if len(patients) else 0)) if months is None else list(months)
    grouped = patients[patients["group"].notna()]
    each = grouped.merge(pd.Series(grid, name="months", dtype=float), how="cross")
    states = states_over_time(cohort, chosen, relapse_by)
    names = state_names(chosen)
    followed, month = each["follow_up_months"], each["months"]
    state = np.select(
        [each["died"] & (followed <= month * (1 + SAME)), followed < month * (1 - SAME)],
        [DEAD, GONE],
        state_at(states, each["patient_id"], month),
    )
    left_out = without_group(cohort, labels)
    method = (
        f"Plain counts, months from transplantation; {chosen.state} {chosen.words}, kept until the next visit; "
        f"relapses {relapse_by.words}; {count_words(grouped['patient_id'].nunique(), 'patient')}"
    )
    return StateCounts(
        "Where are all patients over time?",
        method_words(method, left_out),
        left_out,
        _counted(each.assign(state=state), labels.cat.categories, grid, [*names.values(), DEAD, GONE]),
    )


def states_over_time(cohort: Cohort, rule: RemissionRule, relapse: RelapseRule) -> pd.DataFrame:
    """Return a `timeline` with relapses, where the cohort records them, and with states as they are named in words."""
    states = timeline(cohort, rule)
    if relapse != RECORDED_RELAPSE or not relapse.missing_columns(cohort):
        states = with_relapses(cohort, states, find_relapses(cohort, relapse, rule))
    return states.assign(state=states["state"].map(state_names(rule)))


def state_names(rule: RemissionRule) -> dict[str, str]:
    """Return the words for each state of a timeline, from the best to the worst."""
    remissions = RECORDED_NAMES if rule == RECORDED else {COMPLETE: rule.state}
    return {**remissions, NONE: "active", RELAPSED: RELAPSED}


def _counted(each: pd.DataFrame, groups: pd.Index, months: Sequence[float], states: Sequence[str]) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [
            pd.CategoricalIndex(groups, groups, ordered=True),
            np.asarray(months, dtype=float),
            pd.CategoricalIndex(states, states, ordered=True),
        ],
        names=["group", "months", "state"],
    )
    counts = each.groupby(["group", "months", "state"], observed=True).size().reindex(rows, fill_value=0)
    table = counts.rename("patients").reset_index()
    of_all = table.groupby(["group", "months"], observed=True)["patients"].transform("sum")
    return table.assign(share=table["patients"] / of_all.where(of_all > 0))
