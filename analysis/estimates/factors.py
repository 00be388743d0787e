"""Covariates of a model: their levels, their columns in the design, and which of them have a finite coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.filters import filter_column
from analysis.cohort.grouping import By, group_labels
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import BASELINE_SLEDAI, column_unit
from analysis.estimates.limits import ONE_GROUP, SmallNumbers


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
    shared
        Patients in more than one level.
    """

    name: str
    values: pd.Series
    event: pd.Series
    events_noun: str
    shared: int = 0

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return is_numeric_dtype(self.values)

    @cached_property
    def patients_of(self) -> dict[str, int]:
        """Patients of each level that has any, in order."""
        counts = self.values.value_counts(sort=False)
        return {str(level): int(counts[level]) for level in self.values.cat.categories if counts[level]}

    @cached_property
    def events_of(self) -> dict[str, int]:
        """Events of each level that has patients."""
        counts = self.values[self.event].value_counts()
        return {level: int(counts[level]) for level in self.patients_of}

    @property
    def with_events(self) -> pd.Series:
        """Whether the level of each patient has events; without them its coefficient is infinite."""
        if self.numeric:
            return pd.Series(True, index=self.values.index)
        return self.values.isin([level for level, events in self.events_of.items() if events])

    def columns(self, keep: pd.Series) -> pd.DataFrame:
        """Return the design of the patients to keep: the numbers, or a column a level with events but the first."""
        values = self.values[keep]
        if self.numeric:
            return (
                values.astype(float).to_frame(self.name) if values.nunique() > 1 else pd.DataFrame(index=values.index)
            )
        levels = [level for level, events in self.events_of.items() if events]
        return pd.DataFrame({self._term(level): (values == level).astype(float) for level in levels[1:]}, values.index)

    def rows(self, limits: SmallNumbers) -> list[tuple[str, str, str]]:
        """Return term, reference and why it is withheld (or "") of each coefficient asked for."""
        if self.numeric:
            unit = column_unit(self.name).removesuffix("s") or "unit"
            return [(self.name, f"per {unit}", self._numeric_reason(limits))]
        reference, *levels = [*self.patients_of] or [""]
        if not levels:
            return [(self._term(reference), "", ONE_GROUP)]
        return [(self._term(level), reference, self._reason(reference, level, limits)) for level in levels]

    def _term(self, level: str) -> str:
        return f"{self.name}: {level}" if self.name else level

    def _numeric_reason(self, limits: SmallNumbers) -> str:
        if self.values.nunique() < 2:
            return "not estimable: the same value in all patients"
        return limits.reason_in_all(int(self.event.sum()), {"all": len(self.values)})

    def _reason(self, reference: str, level: str, limits: SmallNumbers) -> str:
        pair = (reference, level)
        if not self.event.any():
            return f"not estimable: no {self.events_noun}"
        if without := [group for group in pair if not self.events_of[group]]:
            return f"not estimable: no {self.events_noun} in {' or '.join(without)}"
        return limits.reason(
            sum(self.events_of[group] for group in pair),
            {group: self.patients_of[group] for group in pair},
            self.shared,
        )


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
