"""Remission by year: the facts behind the estimands of yearly remission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.facts.endpoints import FirstEvent
from analysis.facts.first_event_by_year import FirstByYear
from analysis.facts.observed_times import entry_months
from analysis.facts.place_by_year import (
    WINDOW_MONTHS,
    check_window,
    dead,
    entered,
    followed_to_end,
    seen_among,
    seen_at_years,
    under_observation,
    year_ends,
)
from analysis.facts.remission import (
    RECORDED,
    RemissionRule,
    among,
    can_be_judged,
    first_in_remission,
    levels,
    remission_words,
    state_words,
    visit_states,
)
from analysis.facts.state_history import in_states_at


@dataclass(frozen=True)
class RemissionByYear:
    """The definition of yearly remission.

    Attributes
    ----------
    rule, response
        The definition of remission: a rule, and which of its states count, "complete", or "any" for partial too.
    window_months
        The greatest distance from 12, 24, ... months of a visit that stands for the year.

    Raises
    ------
    ValueError
        If the response is unknown, or the window is not above 0 and at most 6 months.
    """

    rule: RemissionRule = RECORDED
    response: str = "complete"
    window_months: float = WINDOW_MONTHS

    def __post_init__(self) -> None:
        levels(self.response)
        check_window(self.window_months)

    @property
    def words(self) -> str:
        """What is counted and by which rule, in words."""
        return f"In {state_words(self.rule, self.response)} {self.rule.words}"

    @property
    def remission_words(self) -> str:
        """What counts as remission, in words that follow "in"."""
        return remission_words(self.rule, self.response)

    @property
    def first_event(self) -> FirstEvent:
        """The first remission as an endpoint."""
        return FirstEvent(first_in_remission, (self.rule, self.response), self.remission_words, self._judged)

    @property
    def _judged(self) -> Callable[..., Flags] | None:
        return judged_for_first if self.rule.from_baseline else None

    def seen(self, cohort: Cohort) -> Columns:
        """Return row (position of the patient), year, months and state of each visit that stands for a year."""
        return _seen(cohort, self.rule, self.window_months)

    def judged(self, cohort: Cohort) -> Flags:
        """Return whether each patient has the baseline that the rule needs."""
        return can_be_judged(cohort, self.rule)

    def fact(self, name: str, cohort: Cohort, years: int) -> Flags:
        """Return one of `FACTS`: flags, years (from 1) by patients."""
        return FACTS[name](cohort, self, years)


@per_patient
def _seen(cohort: Cohort, rule: RemissionRule, window_months: float) -> dict[str, Any]:
    row, months, state = _observed(cohort, rule)
    stands, year = seen_at_years(row, months, window_months)
    return {"row": row[stands], "year": year, "months": months[stands], "state": state[stands]}


def _observed(cohort: Cohort, rule: RemissionRule) -> tuple[Rows, Floats, pd.Categorical]:
    """Return row, months and state of the visits under observation whose state is known."""
    states = visit_states(cohort, rule)
    row, months = states["row"].to_numpy(), states["months"].to_numpy()
    observed = under_observation(cohort, row, months)
    return row[observed], months[observed], states["state"].array[observed]


def judged_for_first(cohort: Cohort, rule: RemissionRule, _: str) -> Flags:
    """Return whether each patient has the baseline from which a first remission could be told."""
    return can_be_judged(cohort, rule)


def _in_remission(cohort: Cohort, asked: RemissionByYear, years: int) -> Flags:
    seen = asked.seen(cohort)
    return seen_among(seen, among(seen["state"], levels(asked.response)), years, len(cohort))


def _in_remission_at_end(cohort: Cohort, asked: RemissionByYear, years: int) -> Flags:
    return in_states_at(cohort, asked.rule, [*map(float, year_ends(years).ravel())], levels(asked.response))


# The flags that yearly counts are made of: years by patients.
FACTS: Mapping[str, Callable[[Cohort, RemissionByYear, int], Flags]] = {
    # in remission at the visit that stands for the year
    "in_remission": _in_remission,
    # dead by the end of the year
    "dead": lambda cohort, _, years: dead(cohort, years),
    # under observation before the end of the year
    "entered": lambda cohort, _, years: entered(entry_months(cohort), cohort.numbers("follow_up_months"), years),
    # followed to the end of the year
    "followed": lambda cohort, _, years: followed_to_end(cohort, years),
    # in remission at the last visit by the end of the year
    "in_remission_at_end": _in_remission_at_end,
    # of the first remission within follow-up: see `FirstByYear`
    "observed": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).observed,
    "happened": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).happened,
    "at_risk": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).at_risk,
}
