"""Where all patients are over time: in remission, active, relapsed, dead or no longer followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.estimates.common.method_words import method_words
from analysis.facts.courses import state_names, states_over_time
from analysis.facts.observed_times import entry_months
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule

DEAD, GONE, NOT_YET = "dead", "no longer followed", "not yet observed"


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

    Raises
    ------
    ValueError
        If a rule is unknown or needs columns that the cohort does not have.
    """
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    who = members(cohort, by)
    followed = cohort.numbers("follow_up_months")[who.rows]
    every_month = np.arange(int(followed.max() * (1 + SAME)) + 1 if len(followed) else 0)
    grid = np.asarray(every_month if months is None else months, dtype=float)
    states = states_over_time(cohort, chosen, relapse_by)
    late = bool((entry_months(cohort)[who.rows] > 0).any())
    names = [*state_names(chosen).values(), DEAD, GONE, *([NOT_YET] if late else [])]
    of_groups = [_counts(cohort, states, who.of(group), grid, names) for group in who.group.categories]
    left_out = who.left_out(cohort)
    method = (
        f"Plain counts, months from transplantation; {chosen.state} {chosen.words}, kept until the next visit; "
        f"relapses {relapse_by.words}; {count_words(number_of_patients(who.rows), 'patient')}"
    )
    return StateCounts(
        "Where are all patients over time?",
        method_words(method, left_out),
        left_out,
        _table(of_groups, who.group.categories, grid, names),
    )


def _counts(cohort: Cohort, states: pd.DataFrame, members: Rows, grid: Floats, names: Sequence[str]) -> Integers:
    """Return how many of the members, given by their places, are in each state (columns) at each month (rows).

    Everybody comes into a state at one month and leaves it at another: comings and goings are counted, and no table of
    all patients at all months is made.
    """
    order = np.argsort(grid, kind="stable")
    reached, over = grid[order] * (1 + SAME), grid[order] * (1 - SAME)
    followed, died = cohort.numbers("follow_up_months"), cohort.died
    inside = np.zeros(len(cohort), dtype=bool)
    inside[members] = True
    begin = np.searchsorted(reached, entry_months(cohort))
    end = np.where(died, np.searchsorted(reached, followed), np.searchsorted(over, followed, side="right"))
    row, state = states["row"].to_numpy(), states["state"].cat.codes.to_numpy().astype(np.int64)
    come = np.maximum(np.searchsorted(reached, states["months"].to_numpy()), begin[row])
    final = np.append(row[1:] != row[:-1], True)[: len(row)]
    go = np.minimum(np.where(final, len(grid), np.append(come[1:], 0)[: len(row)]), end[row])
    stays = inside[row] & (come < go)
    finished = np.where(died, names.index(DEAD), names.index(GONE))[members]

    def at(place: NDArray[np.intp], which: Integers) -> Integers:
        cells = np.bincount(place * len(names) + which, minlength=(len(grid) + 1) * len(names))
        return cells.reshape(len(grid) + 1, len(names))

    changes = at(come[stays], state[stays]) - at(go[stays], state[stays]) + at(end[members], finished)
    if NOT_YET in names:
        waiting = members[begin[members] > 0]
        not_yet = np.full(len(waiting), names.index(NOT_YET))
        changes += at(np.zeros_like(waiting), not_yet) - at(np.minimum(begin, end)[waiting], not_yet)
    counts = np.empty((len(grid), len(names)), dtype=np.int64)
    counts[order] = changes.cumsum(axis=0)[:-1]
    return counts


def _table(of_groups: Sequence[Integers], groups: pd.Index, months: Floats, states: Sequence[str]) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [
            pd.CategoricalIndex(groups, groups, ordered=True),
            months,
            pd.CategoricalIndex(states, states, ordered=True),
        ],
        names=["group", "months", "state"],
    )
    counts = np.reshape(of_groups, (-1, len(states)))
    of_all = counts.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = counts / of_all
    return rows.to_frame(index=False).assign(patients=counts.ravel(), share=shares.ravel())
