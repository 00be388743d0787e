"""The form of a remission rule, the recorded state as one, and the state at each visit by a rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.facts.criteria import Criterion, Recorded
from analysis.facts.recorded_events import alive_at_visits
from analysis.facts.sustained_states import held_for
from analysis.facts.visit_values import VisitValues

NONE, PARTIAL, COMPLETE = STATES = "none", "partial", "complete"
OF_STATES = pd.CategoricalDtype(STATES)
RESPONSES: dict[str, tuple[str, ...]] = {"complete": (COMPLETE,), "any": (PARTIAL, COMPLETE)}


@dataclass(frozen=True)
class RemissionRule:
    """A definition of remission, or of a response, by the values at a visit.

    Attributes
    ----------
    name
        Its name in a list of options.
    words
        The whole rule, in words that follow "in remission".
    criteria
        All of them must be met.
    never_checked
        Parts of the published definition for which there is no column, in words.
    state
        The name of the state that the rule defines.
    partial
        All of these must be met for the partial state; empty if the definition has none.
    published
        The name under which the definition was published, for its reference; "" if it was not.
    months, visits
        For how long and at how many visits a state must be held at every visit; 0 and 1 for a state at one visit.
    """

    name: str
    words: str
    criteria: tuple[Criterion, ...]
    never_checked: tuple[str, ...] = ()
    state: str = "remission"
    partial: tuple[Criterion, ...] = ()
    published: str = ""
    months: float = 0.0
    visits: int = 1

    @property
    def all_criteria(self) -> tuple[Criterion, ...]:
        """The criteria of both states, each once."""
        return tuple(dict.fromkeys((*self.criteria, *self.partial)))

    @property
    def needed(self) -> tuple[str, ...]:
        """The visit columns that the rule cannot do without."""
        needed = (column for each in self.all_criteria if not each.unless_absent for column in each.columns)
        return tuple(dict.fromkeys(needed))

    @property
    def from_baseline(self) -> bool:
        """Whether states are told from each patient's baseline, so that none is known of those without one."""
        return any(criterion.from_baseline for criterion in self.all_criteria)

    def missing_columns(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the needed columns that the visits lack; the rule is usable if there are none."""
        return tuple(column for column in self.needed if column not in cohort.visit_columns)

    def not_applied(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the parts of the definition that cannot be applied to this cohort, in words."""
        absent = (each.not_applied(cohort.visit_columns) for each in self.all_criteria)
        return (*filter(None, absent), *self.never_checked)

    def states(self, cohort: Cohort) -> pd.Categorical:
        """Return the state at each visit alone, however long it lasts, as a categorical of `STATES`.

        A criterion that fails is enough for a state not to be reached, whatever else is missing. The state is missing
        if that leaves it open, and at all visits of a patient without the baseline that a criterion needs.
        """
        visits = VisitValues(cohort)
        complete = _all_met(self.criteria, visits)
        partial = _all_met(self.partial, visits) if self.partial else np.zeros(len(complete))
        reached = [complete == 1, (complete == 0) & (partial == 1), (complete == 0) & (partial == 0)]
        codes = np.select(reached, [STATES.index(state) for state in (COMPLETE, PARTIAL, NONE)], -1)
        codes[~can_be_judged(cohort, self)[cohort.visit_rows]] = -1
        return pd.Categorical.from_codes(codes, dtype=OF_STATES)

    def judged(self, visits: VisitValues) -> Flags:
        """Return for each patient whether there is the baseline that every criterion needs."""
        judged = [each.judged(visits) for each in self.all_criteria if each.from_baseline]
        return np.logical_and.reduce(judged) if judged else np.ones(len(visits.cohort), dtype=bool)


def _all_met(criteria: Collection[Criterion], visits: VisitValues) -> Floats:
    """Return for each visit 1 where all criteria that can be applied are met, 0 where one fails, else NaN."""
    applied = [each.met(visits) for each in criteria if not each.lacking(visits.columns)]
    met = np.column_stack(applied)
    return np.select([(met == 0).any(axis=1), (met == 1).all(axis=1)], [0.0, 1.0], np.nan)


RECORDED = RemissionRule(
    "recorded", "as recorded", (Recorded("remission", COMPLETE),), partial=(Recorded("remission", PARTIAL),)
)


def remission_rule(rule: str | RemissionRule) -> RemissionRule:
    """Return a rule as it is, or the recorded state for "recorded".

    Raises
    ------
    ValueError
        If there is no rule with that name.
    """
    if isinstance(rule, RemissionRule):
        return rule
    if rule != RECORDED.name:
        raise ValueError(f'Unknown rule {rule!r}; a rule is "recorded" or made by a function such as sledai_at_most.')
    return RECORDED


def levels(response: str) -> tuple[str, ...]:
    """Return the states that count as remission.

    Raises
    ------
    ValueError
        If the response is neither "complete" nor "any".
    """
    if response not in RESPONSES:
        raise ValueError(f"Unknown response {response!r}; known: {', '.join(RESPONSES)}.")
    return RESPONSES[response]


def state_words(rule: RemissionRule, response: str) -> str:
    """Return the states that count, in words that follow "in"; of a rule without a partial state its only one."""
    counting = levels(response)
    if not rule.partial:
        return rule.state
    return f"complete {rule.state}" if counting == (COMPLETE,) else f"complete or partial {rule.state}"


def remission_words(rule: RemissionRule, response: str) -> str:
    """Return what counts as remission and by which rule, in words that follow "in"."""
    words = state_words(rule, response)
    return words if rule == RECORDED else f"{words} by {rule.name}"


def visit_states(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    """Return the visits before death with a known state; none for the recorded state if it is not recorded.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), months, state (a categorical of `STATES`),
    indexed like ``cohort.visits``.

    Raises
    ------
    ValueError
        If a rule other than the recorded state needs columns that the visits lack.
    """
    missing = rule.missing_columns(cohort)
    if missing and rule != RECORDED:
        raise ValueError(f"{rule.name} needs {' and '.join(missing)} of the visits, which this cohort does not have.")
    return _visit_states(cohort, rule)


@cached
def _visit_states(cohort: Cohort, rule: RemissionRule) -> pd.DataFrame:
    visits = cohort.visits
    if rule.missing_columns(cohort):
        state = pd.Categorical.from_codes(np.full(len(visits), -1), dtype=OF_STATES)
    else:
        state = rule.states(cohort)
    known = np.flatnonzero((state.codes >= 0) & alive_at_visits(cohort))
    months = visits["months"].to_numpy(dtype=float)[known]
    row, state = cohort.visit_rows[known], state[known]
    if rule.months or rule.visits > 1:
        state = _lasting(rule, row, months, state)
    return pd.DataFrame({"row": row, "months": months, "state": state}, index=visits.index[known], copy=False)


def _lasting(rule: RemissionRule, row: Rows, months: Floats, state: pd.Categorical) -> pd.Categorical:
    """Return the states that are held for long enough: complete by complete ones alone, partial by either."""
    held = [held_for(row, months, among(state, states), rule.months, rule.visits) for states in RESPONSES.values()]
    codes = np.select(held, [STATES.index(COMPLETE), STATES.index(PARTIAL)], STATES.index(NONE))
    return pd.Categorical.from_codes(codes, dtype=OF_STATES)


def can_be_judged(cohort: Cohort, rule: RemissionRule) -> Flags:
    """Return whether each patient has the baseline that the rule needs; True if it needs none."""
    judged: Flags = _can_be_judged(cohort, rule)["judged"]
    return judged


@per_patient
def _can_be_judged(cohort: Cohort, rule: RemissionRule) -> dict[str, Flags]:
    if rule.missing_columns(cohort):
        return {"judged": np.full(len(cohort), not rule.from_baseline)}
    return {"judged": rule.judged(VisitValues(cohort))}


def among(states: pd.Categorical, chosen: Collection[str]) -> Flags:
    """Return whether each state is one of the chosen; False where it is missing."""
    return np.array([*(state in chosen for state in states.categories), False])[states.codes]


def first_in_remission(cohort: Cohort, rule: RemissionRule, response: str) -> pd.DataFrame:
    """Return row and months of each patient's first visit in remission after transplantation."""
    states = visit_states(cohort, rule)
    inside = states[among(states["state"].array, levels(response)) & (states["months"] > 0)]
    return inside.groupby("row", as_index=False)["months"].min()
