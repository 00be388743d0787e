"""Covariates of a model: their levels, their columns in the design, and which of them have a finite coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.column_words import column_unit
from analysis.cohort.filters import filter_column
from analysis.cohort.grouping import By, group_labels
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import BASELINE_SLEDAI
from analysis.estimates.common.small_numbers import ONE_GROUP, SmallNumbers


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of a factor, and which of their coefficients may be told.

    Attributes
    ----------
    name
        The covariate; "" where its levels speak for themselves.
    patients
        Patients of each level that has any, in order; the first is the reference.
    events
        Events of each level.
    events_noun
        Events in the plural.
    shared
        Patients in more than one level.
    """

    name: str
    patients: Mapping[str, int]
    events: Mapping[str, int]
    events_noun: str
    shared: int = 0

    def rows(self, limits: SmallNumbers) -> list[tuple[str, str, str]]:
        """Return term, reference and why it is withheld (or "") of each coefficient asked for."""
        reference, *levels = [*self.patients] or [""]
        if not levels:
            return [(self.term(reference), "", ONE_GROUP)]
        return [(self.term(level), reference, self._reason(reference, level, limits)) for level in levels]

    def term(self, level: str) -> str:
        """Return the name of the coefficient of a level."""
        return f"{self.name}: {level}" if self.name else level

    def _reason(self, reference: str, level: str, limits: SmallNumbers) -> str:
        pair = (reference, level)
        if not any(self.events[group] for group in self.patients):
            return f"not estimable: no {self.events_noun}"
        if without := [group for group in pair if not self.events[group]]:
            return f"not estimable: no {self.events_noun} in {' or '.join(without)}"
        events, patients = ({group: held[group] for group in pair} for held in (self.events, self.patients))
        return limits.reason(events, patients, self.shared)


@dataclass(frozen=True, eq=False)
class Factor:
    """A covariate of the patients in a model, and their events.

    Attributes
    ----------
    name
        The covariate; "" where its levels speak for themselves.
    values
        A number or a level of each patient.
    event
        Whether each patient had the event.
    events_noun
        Events in the plural.
    """

    name: str
    values: pd.Series
    event: pd.Series
    events_noun: str

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return is_numeric_dtype(self.values)

    @cached_property
    def levels(self) -> Levels:
        """The levels, where the values are no numbers."""
        patients, events = (each.value_counts(sort=False) for each in (self.values, self.values[self.event]))
        present = {str(level): int(number) for level, number in patients.items() if number}
        return Levels(self.name, present, {level: int(events[level]) for level in present}, self.events_noun)

    @property
    def _with_events(self) -> list[str]:
        return [level for level, events in self.levels.events.items() if events]

    @property
    def with_events(self) -> pd.Series:
        """Whether the level of each patient has events; without them its coefficient is infinite."""
        if self.numeric:
            return pd.Series(True, index=self.values.index)
        return self.values.isin(self._with_events)

    def columns(self, keep: pd.Series) -> pd.DataFrame:
        """Return the design of the patients to keep: the numbers, or a column a level with events but the first."""
        values = self.values[keep]
        if self.numeric:
            return (
                values.astype(float).to_frame(self.name) if values.nunique() > 1 else pd.DataFrame(index=values.index)
            )
        columns = {self.levels.term(level): (values == level).astype(float) for level in self._with_events[1:]}
        return pd.DataFrame(columns, values.index)

    def rows(self, limits: SmallNumbers) -> list[tuple[str, str, str]]:
        """Return term, reference and why it is withheld (or "") of each coefficient asked for."""
        if self.numeric:
            unit = column_unit(self.name).removesuffix("s") or "unit"
            return [(self.name, f"per {unit}", self._numeric_reason(limits))]
        return self.levels.rows(limits)

    def _numeric_reason(self, limits: SmallNumbers) -> str:
        if self.values.nunique() < 2:
            return "not estimable: the same value in all patients"
        return limits.reason_in_all(int(self.event.sum()), len(self.values))


def covariate_values(cohort: Cohort, covariate: By) -> pd.Series:
    """Return the numbers, or the levels as an ordered categorical, of every patient."""
    if isinstance(covariate, str) and (covariate in cohort.patients or covariate == BASELINE_SLEDAI):
        column = filter_column(cohort, covariate)
        if is_numeric_dtype(column) and not is_bool_dtype(column):
            return column.astype(float)
    return group_labels(cohort, covariate)


def covariate_name(covariate: By) -> str:
    """Return what comes before a level in the terms of a model; "" where the levels speak for themselves."""
    return covariate if isinstance(covariate, str) else ""
