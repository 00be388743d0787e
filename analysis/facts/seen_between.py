"""Between which visits each patient came into remission, or relapsed: what visits alone can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, join_times
from analysis.facts.observed_times import NO_BASELINE, entry_months
from analysis.facts.recorded_events import alive_at_visits
from analysis.facts.relapse import RelapseRule, relapse_columns
from analysis.facts.remission import (
    RECORDED,
    RemissionRule,
    among,
    can_be_judged,
    levels,
    remission_words,
    visit_states,
)

NOT_SEEN = "no visit after transplantation with a known state"
LATE = "observed only from later on"


class Seen(NamedTuple):
    """The visits after transplantation at which it is known whether the event has happened: patient, month, whether."""

    row: Rows
    months: Floats
    happened: Flags


@dataclass(frozen=True)
class SeenRemission:
    """The first remission, as seen at visits.

    Attributes
    ----------
    rule, response
        The definition of remission.
    """

    rule: RemissionRule = RECORDED
    response: str = "complete"

    @property
    def words(self) -> str:
        """The event, such as "first complete remission"."""
        return f"first {remission_words(self.rule, self.response)}"

    def visits(self, cohort: Cohort) -> Seen:
        """Return the visits at which it is known."""
        states = visit_states(cohort, self.rule)
        happened = among(states["state"].array, levels(self.response))
        return Seen(states["row"].to_numpy(), states["months"].to_numpy(dtype=float), happened)

    def judged(self, cohort: Cohort) -> Flags:
        """Return whether each patient has the baseline that the definition needs."""
        return can_be_judged(cohort, self.rule)


@dataclass(frozen=True)
class SeenRelapse:
    """The first relapse, as seen at visits; only by a rule that a column of the visits decides.

    Attributes
    ----------
    rule
        The definition of relapse.
    """

    rule: RelapseRule

    def __post_init__(self) -> None:
        if not self.rule.measured:
            raise ValueError(
                f"Relapses {self.rule.words} have dates of their own; only those that visits show lie between two."
            )

    @property
    def words(self) -> str:
        """The event in words."""
        return f"first relapse {self.rule.words}"

    def visits(self, cohort: Cohort) -> Seen:
        """Return the visits at which it is known."""
        found = relapse_columns(cohort, self.rule, RECORDED, "complete")
        first = np.full(len(cohort), np.inf)
        np.minimum.at(first, found["row"], found["months"])
        known = np.flatnonzero(cohort.visits[self.rule.measured].notna().to_numpy() & alive_at_visits(cohort))
        row, months = cohort.visit_rows[known], cohort.visits["months"].to_numpy(dtype=float)[known]
        return Seen(row, months, months >= first[row] * (1 - SAME))

    def judged(self, cohort: Cohort) -> Flags:
        """Return True for each patient."""
        return np.ones(len(cohort), dtype=bool)


SeenEvent = SeenRemission | SeenRelapse


@per_patient
def seen_between(cohort: Cohort, event: SeenEvent) -> pd.DataFrame:
    """Return between which months each patient's first event lies.

    Parameters
    ----------
    cohort
        The patients.
    event
        The first remission or relapse by a definition.

    Returns
    -------
    DataFrame with left (months of the last visit known to be before the event; 0 if there is none after
    transplantation), right (months of the first visit that shows it; infinite if none does), reason (categorical: why
    the patient is left out, "" if not), a row per patient. The event lies in (left, right].

    Raises
    ------
    ValueError
        If the cohort lacks a column that the definition needs.
    """
    row, months, happened = event.visits(cohort)
    after = months > 0
    row, months, happened = row[after], months[after], happened[after]
    right, left = np.full(len(cohort), np.inf), np.zeros(len(cohort))
    np.minimum.at(right, row[happened], months[happened])
    before = months < right[row] * (1 - SAME)
    np.maximum.at(left, row[before], months[before])
    seen = np.zeros(len(cohort), dtype=bool)
    seen[row] = True
    finite = np.isfinite(right)
    joined = join_times(np.concatenate([left, right[finite]]))
    right[finite] = joined[len(left) :]
    reasons = ["", NO_BASELINE, LATE, NOT_SEEN]
    code = np.select([~event.judged(cohort), entry_months(cohort) > 0, ~seen], [1, 2, 3], 0)
    return pd.DataFrame(
        {"left": joined[: len(left)], "right": right, "reason": pd.Categorical.from_codes(code, reasons)}
    )
