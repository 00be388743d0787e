"""First relapse by year: the facts behind the estimands of yearly relapse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME
from analysis.facts.endpoints import FirstEvent
from analysis.facts.first_event_by_year import FirstByYear
from analysis.facts.observed_times import entry_months
from analysis.facts.place_by_year import (
    WINDOW_MONTHS,
    check_window,
    followed_to_end,
    seen_among,
    seen_at_years,
    under_observation,
    year_ends,
    year_of,
)
from analysis.facts.recorded_events import alive_at_visits
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule, check_columns, relapse_columns
from analysis.facts.remission import RECORDED, RemissionRule, levels, remission_words
from analysis.facts.state_history import in_states_at


@dataclass(frozen=True)
class RelapseByYear:
    """The definition of yearly relapse.

    Attributes
    ----------
    rule
        The definition of relapse.
    remission, response, window_months
        The definition of remission and the window of a visit, as in `RemissionByYear`.

    Raises
    ------
    ValueError
        If the response is unknown, or the window is not above 0 and at most 6 months.
    """

    rule: RelapseRule = RECORDED_RELAPSE
    remission: RemissionRule = RECORDED
    response: str = "complete"
    window_months: float = WINDOW_MONTHS

    def __post_init__(self) -> None:
        levels(self.response)
        check_window(self.window_months)

    @property
    def words(self) -> str:
        """What is counted and by which rule, in words."""
        return f"First relapses {self.rule.words}"

    @property
    def remission_words(self) -> str:
        """What counts as remission, in words that follow "in"."""
        return remission_words(self.remission, self.response)

    @property
    def first_event(self) -> FirstEvent:
        """The first relapse as an endpoint."""
        return FirstEvent(_first_relapses, (self.rule, self.remission, self.response), "relapse")

    def is_recorded(self, cohort: Cohort) -> bool:
        """Return whether the cohort records relapses; True for rules that do not need recorded ones."""
        return self.rule != RECORDED_RELAPSE or not self.rule.missing_columns(cohort)

    def seen(self, cohort: Cohort) -> Columns:
        """Return row (position of the patient) and year of each visit that stands for a year and can show a relapse.

        Raises
        ------
        ValueError
            If the cohort lacks a column that the rule needs. A cohort without recorded relapses is accepted.
        """
        if self.is_recorded(cohort):
            check_columns(cohort, self.rule)
        return _seen(cohort, self.rule.measured, self.window_months)

    def judged(self, cohort: Cohort) -> Flags:
        """Return True for each patient."""
        return np.ones(len(cohort), dtype=bool)

    def fact(self, name: str, cohort: Cohort, years: int) -> Flags:
        """Return one of `FACTS`: flags by patient, or years (from 1) by patients."""
        return FACTS[name](cohort, self, years)


@per_patient
def _seen(cohort: Cohort, measured: str, window_months: float) -> dict[str, NDArray[Any]]:
    could_tell = alive_at_visits(cohort)
    if measured:
        could_tell = could_tell & cohort.visits[measured].notna().to_numpy()
    row, months = cohort.visit_rows, cohort.visits["months"].to_numpy(dtype=float)
    could_tell = could_tell & under_observation(cohort, row, months)
    row, months = row[could_tell], months[could_tell]
    stands, year = seen_at_years(row, months, window_months)
    return {"row": row[stands], "year": year}


def _first(cohort: Cohort, asked: RelapseByYear) -> Columns:
    return _first_of_each(cohort, asked.rule, asked.remission, asked.response)


@per_patient
def _first_of_each(
    cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str
) -> dict[str, NDArray[Any]]:
    """Return months to each patient's first relapse (missing where there is none), and before_remission."""
    found = relapse_columns(cohort, rule, remission, response)
    first = np.flatnonzero(found["number"] == 1)
    row = found["row"][first]
    months, before = np.full(len(cohort), np.nan), np.zeros(len(cohort), dtype=bool)
    months[row] = found["months"][first]
    before[row] = ~found["after_remission"][first].to_numpy(dtype=bool, na_value=False)
    return {"months": months, "before_remission": before}


def _first_relapses(cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> pd.DataFrame:
    """Return row and months of the first relapse of each patient who has one."""
    months = _first_of_each(cohort, rule, remission, response)["months"]
    row = np.flatnonzero(~np.isnan(months))
    return pd.DataFrame({"row": row, "months": months[row]})


def _in_year(cohort: Cohort, asked: RelapseByYear, years: int) -> Flags:
    in_year: Flags = 12 * year_of(_first(cohort, asked)["months"]) == year_ends(years)
    return in_year


def _seen_with_first(cohort: Cohort, asked: RelapseByYear, years: int) -> Flags:
    seen = asked.seen(cohort)
    everybody = np.ones(len(seen["row"]), dtype=bool)
    return seen_among(seen, everybody, years, len(cohort)) & _in_year(cohort, asked, years)


def _enters(cohort: Cohort, asked: RelapseByYear, years: int) -> Flags:
    begin, first = year_ends(years) - 12, _first(cohort, asked)["months"]
    observed = entry_months(cohort) <= begin * (1 + SAME)
    followed = cohort.numbers("follow_up_months") > begin * (1 + SAME)
    remitted = in_states_at(cohort, asked.remission, [*map(float, begin.ravel())], levels(asked.response))
    enters: Flags = observed & followed & remitted & ~(first <= begin * (1 + SAME))
    return enters


def _cut_short(cohort: Cohort, asked: RelapseByYear, years: int) -> Flags:
    end = year_ends(years)
    unfinished: Flags = ~followed_to_end(cohort, years) & ~(_first(cohort, asked)["months"] <= end)
    return _enters(cohort, asked, years) & unfinished


# The flags that yearly counts are made of: years by patients, or one flag a patient.
FACTS: Mapping[str, Callable[[Cohort, RelapseByYear, int], Flags]] = {
    # any relapse; a first relapse before any known remission
    "relapsed": lambda cohort, asked, _: ~np.isnan(_first(cohort, asked)["months"]),
    "before_remission": lambda cohort, asked, _: _first(cohort, asked)["before_remission"],
    # assessed at the end of the year, with the first relapse in it
    "seen_with_first": _seen_with_first,
    # at risk at the beginning of the year: followed, in remission at the last visit, without a relapse so far
    "enters": _enters,
    # of those, with the first relapse in the year; without one and not followed to its end
    "enters_with_first": lambda cohort, asked, years: _enters(cohort, asked, years) & _in_year(cohort, asked, years),
    "enters_cut_short": _cut_short,
    # of the first relapse within follow-up: see `FirstByYear`
    "observed": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).observed,
    "happened": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).happened,
    "at_risk": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).at_risk,
    "contributes": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).contributes,
    "in_year": lambda cohort, asked, years: FirstByYear.of(cohort, asked.first_event, years).in_year,
}
