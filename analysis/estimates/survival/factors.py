"""Covariates of a Cox model: levels, columns of the design matrix, and which coefficients are estimable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.column_words import column_unit
from analysis.counts.covariate_cells import CovariateCells
from analysis.estimates.common.small_numbers import ONE_GROUP, SmallNumbers


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of a factor, and which of their coefficients are shown or withheld.

    Attributes
    ----------
    name
        The covariate, to be named in each term; "" to name the level only.
    patients
        Patients at each level that has any, in order; the first level is the reference.
    events
        Events at each level.
    events_noun
        A plural noun for the events.
    shared
        Number of patients at more than one level.
    """

    name: str
    patients: Mapping[str, int]
    events: Mapping[str, int]
    events_noun: str
    shared: int = 0

    def rows(self, limits: SmallNumbers) -> list[tuple[str, str, str]]:
        """Return term, reference and the reason for withholding ("" if none) of each coefficient."""
        reference, *levels = [*self.patients] or [""]
        if not levels:
            return [(self.term(reference), "", ONE_GROUP)]
        return [(self.term(level), reference, self._reason(reference, level, limits)) for level in levels]

    def term(self, level: str) -> str:
        """Return the name of the coefficient for a level."""
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
    """A covariate, by cells of patients with equal values.

    Attributes
    ----------
    name
        The covariate, to be named in each term; "" to name the level only.
    names
        Its levels; None for a numeric covariate.
    values
        For each cell the number, or the index of the level.
    event, patients
        Whether the patients of each cell had the event, and their number.
    events_noun
        A plural noun for the events.
    """

    name: str
    names: tuple[str, ...] | None
    values: Floats
    event: Flags
    patients: Integers
    events_noun: str

    @cached_property
    def levels(self) -> Levels:
        """The levels of a covariate that is not numeric."""
        names = self.names or ()
        places = self.values.astype(int)
        patients, events = np.zeros((2, len(names)), dtype=np.int64)
        np.add.at(patients, places, self.patients)
        np.add.at(events, places[self.event], self.patients[self.event])
        present = {name: int(number) for name, number in zip(names, patients, strict=True) if number}
        happened = dict(zip(names, events.tolist(), strict=True))
        return Levels(self.name, present, {level: happened[level] for level in present}, self.events_noun)

    @property
    def _with_events(self) -> list[str]:
        return [level for level, events in self.levels.events.items() if events]

    @property
    def with_events(self) -> Flags:
        """Whether the level of each cell has events; if not, its coefficient is infinite."""
        if self.names is None:
            return np.ones(len(self.values), dtype=bool)
        return np.isin(self.values, [self.names.index(level) for level in self._with_events])

    def columns(self, keep: Flags) -> dict[str, Floats]:
        """Return the design columns of the kept cells: the numbers, or indicators of the levels with events."""
        values = self.values[keep]
        if self.names is None:
            return {self.name: values} if len(np.unique(values)) > 1 else {}
        return {
            self.levels.term(level): (values == self.names.index(level)).astype(float)
            for level in self._with_events[1:]
        }

    def rows(self, limits: SmallNumbers) -> list[tuple[str, str, str]]:
        """Return term, reference and the reason for withholding ("" if none) of each coefficient."""
        if self.names is None:
            unit = column_unit(self.name).removesuffix("s") or "unit"
            return [(self.name, f"per {unit}", self._numeric_reason(limits))]
        return self.levels.rows(limits)

    def _numeric_reason(self, limits: SmallNumbers) -> str:
        if len(np.unique(self.values)) < 2:
            return "not estimable: the same value in all patients"
        return limits.reason_in_all(int(self.patients[self.event].sum()), int(self.patients.sum()))


def factors_of(cells: CovariateCells) -> list[Factor]:
    """Return the covariates of cells; groupings other than columns have no name."""
    return [
        Factor(
            covariate if isinstance(covariate, str) else "",
            levels,
            values,
            cells.event,
            cells.patients,
            cells.outcome.events_noun,
        )
        for covariate, levels, values in zip(cells.covariates, cells.levels, cells.values.T, strict=True)
    ]
