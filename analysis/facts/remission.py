"""Remission rules, and the state at each visit by one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.facts.recorded_events import alive_at_visits

NONE, PARTIAL, COMPLETE = STATES = "none", "partial", "complete"
OF_STATES = pd.CategoricalDtype(STATES)
RESPONSES: dict[str, tuple[str, ...]] = {"complete": (COMPLETE,), "any": (PARTIAL, COMPLETE)}


@dataclass(frozen=True)
class Criterion:
    """A criterion of remission: a visit column at or below a limit.

    Attributes
    ----------
    column
        The visit column; true and false count as 1 and 0.
    limit
        The highest value that meets the criterion.
    limit_included
        Whether the limit itself meets it.
    unless_absent
        "" if the rule needs the column; else, in words, the part of the definition that is skipped without it.
    """

    column: str
    limit: float
    limit_included: bool = True
    unless_absent: str = ""

    def met(self, values: pd.Series) -> pd.Series:
        """Return 1 where the value meets the criterion, 0 where it does not, missing where it is missing."""
        numbers = values.astype(float)
        met = numbers <= self.limit if self.limit_included else numbers < self.limit
        return met.astype(float).where(numbers.notna())


@dataclass(frozen=True)
class RemissionRule:
    """A definition of remission by the values at a visit.

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
    """

    name: str
    words: str
    criteria: tuple[Criterion, ...]
    never_checked: tuple[str, ...] = ()
    state: str = "remission"

    @property
    def needed(self) -> tuple[str, ...]:
        """The visit columns that the rule cannot do without."""
        return tuple(criterion.column for criterion in self.criteria if not criterion.unless_absent)

    def missing_columns(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the needed columns that the visits lack; the rule is usable if there are none."""
        return tuple(column for column in self.needed if column not in cohort.visit_columns)

    def not_applied(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the parts of the definition that cannot be applied to this cohort, in words."""
        absent = [
            criterion.unless_absent
            for criterion in self.criteria
            if criterion.unless_absent and criterion.column not in cohort.visit_columns
        ]
        return (*absent, *self.never_checked)

    def states(self, visits: pd.DataFrame) -> pd.Series:
        """Return "complete" or "none" for each visit, as a categorical of `STATES`.

        The state is missing if a value is missing and no other criterion fails; one that fails is enough for "none".
        """
        applied = [criterion for criterion in self.criteria if criterion.column in visits]
        met = np.column_stack([criterion.met(visits[criterion.column]) for criterion in applied])
        codes = np.select([(met == 0).any(axis=1), (met == 1).all(axis=1)], [0, STATES.index(COMPLETE)], -1)
        return pd.Series(pd.Categorical.from_codes(codes, dtype=OF_STATES), index=visits.index)


class _Recorded(RemissionRule):
    """The state recorded by the clinic; the only rule with partial remission."""

    def states(self, visits: pd.DataFrame) -> pd.Series:
        return visits["remission"].astype(OF_STATES)

    @property
    def needed(self) -> tuple[str, ...]:
        return ("remission",)


RECORDED = _Recorded("recorded", "as recorded", ())


def sledai_at_most(points: float, prednisone_mg_per_day: float | None = None) -> RemissionRule:
    """Return the rule of a SLEDAI at or below a limit, optionally with a limit to prednisone.

    Parameters
    ----------
    points
        The highest score.
    prednisone_mg_per_day
        The highest dose, in mg/day; None for any dose.

    Raises
    ------
    ValueError
        If a limit is below 0.

    Examples
    --------
    >>> from analysis import sledai_at_most
    >>> sledai_at_most(4, prednisone_mg_per_day=10).name
    'SLEDAI at most 4 with prednisone at most 10 mg/day'
    """
    limits = [points] if prednisone_mg_per_day is None else [points, prednisone_mg_per_day]
    if not all(limit >= 0 for limit in limits):
        raise ValueError("A SLEDAI and a dose are at most a number from 0.")
    name = f"SLEDAI at most {points:g}"
    criteria: tuple[Criterion, ...] = (Criterion("sledai", points),)
    if prednisone_mg_per_day is not None:
        name += f" with prednisone at most {prednisone_mg_per_day:g} mg/day"
        criteria = (*criteria, Criterion("prednisone_mg_per_day", prednisone_mg_per_day))
    return RemissionRule(name, f"by {name}", criteria)


def doris_2021() -> RemissionRule:
    """Return remission as defined by the DORIS task force in 2021.

    References
    ----------
    van Vollenhoven et al. (2021).

    Examples
    --------
    >>> from analysis import doris_2021
    >>> doris_2021().needed
    ('clinical_sledai', 'pga', 'prednisone_mg_per_day')
    """
    return RemissionRule(
        "DORIS 2021",
        "by DORIS 2021 (clinical SLEDAI 0, physician global assessment below 0.5, prednisone at most 5 mg/day)",
        (
            Criterion("clinical_sledai", 0),
            Criterion("pga", 0.5, limit_included=False),
            Criterion("prednisone_mg_per_day", 5),
        ),
        ("stable immunosuppressants",),
    )


def lldas() -> RemissionRule:
    """Return the lupus low disease activity state, which is easier to reach than remission.

    Two of its criteria need visit columns that few files have, and are skipped without them:
    ``major_organ_activity`` and ``new_activity``.

    References
    ----------
    Franklyn et al. (2016).

    Examples
    --------
    >>> from analysis import lldas
    >>> lldas().needed
    ('sledai', 'pga', 'prednisone_mg_per_day')
    """
    return RemissionRule(
        "LLDAS",
        "by LLDAS (SLEDAI at most 4, physician global assessment at most 1, prednisone at most 7.5 mg/day)",
        (
            Criterion("sledai", 4),
            Criterion("pga", 1),
            Criterion("prednisone_mg_per_day", 7.5),
            Criterion("major_organ_activity", 0, unless_absent="no activity in a major organ"),
            Criterion("new_activity", 0, unless_absent="no new activity since the visit before"),
        ),
        ("well tolerated maintenance doses of immunosuppressants",),
        "low disease activity",
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
        raise ValueError(f'Unknown rule {rule!r}; a rule is "recorded" or made by sledai_at_most, doris_2021 or lldas.')
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


def remission_words(rule: RemissionRule, response: str) -> str:
    """Return what counts as remission, in words that follow "in"."""
    counting = levels(response)
    if rule == RECORDED:
        return "complete remission" if counting == (COMPLETE,) else "complete or partial remission"
    return f"{rule.state} by {rule.name}"


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
        state = rule.states(visits).array
    known = np.flatnonzero((state.codes >= 0) & alive_at_visits(cohort))
    months = visits["months"].to_numpy(dtype=float)[known]
    columns = {"row": cohort.visit_rows[known], "months": months, "state": state[known]}
    return pd.DataFrame(columns, index=visits.index[known], copy=False)


def among(states: pd.Categorical, chosen: Collection[str]) -> Flags:
    """Return whether each state is one of the chosen; False where it is missing."""
    return np.array([*(state in chosen for state in states.categories), False])[states.codes]


def first_in_remission(cohort: Cohort, rule: RemissionRule, response: str) -> pd.DataFrame:
    """Return row and months of each patient's first visit in remission after transplantation."""
    states = visit_states(cohort, rule)
    inside = states[among(states["state"].array, levels(response)) & (states["months"] > 0)]
    return inside.groupby("row", as_index=False)["months"].min()
