"""Criteria of the 24 items of SLEDAI-2K, used where no column says the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.cohort.sledai import ITEMS, item_columns, item_points
from analysis.facts.criteria import Criterion, at_most
from analysis.facts.visit_values import VisitValues

RENAL = ("urinary_casts", "haematuria", "proteinuria", "pyuria")
NERVOUS = (
    "seizure",
    "psychosis",
    "organic_brain_syndrome",
    "visual_disturbance",
    "cranial_nerve_disorder",
    "lupus_headache",
    "cerebrovascular_accident",
)
# Of Franklyn et al. (2016): renal, central nervous system, cardiopulmonary, vasculitis, fever.
MAJOR_ORGANS = (*RENAL, *NERVOUS, "pleurisy", "pericarditis", "vasculitis", "fever")


@dataclass(frozen=True)
class _OfItems(Criterion):
    """A criterion of items of SLEDAI-2K, or of a column that says the same.

    Attributes
    ----------
    recorded
        A visit column, 1 where there is what must not be; used where it is there.
    """

    recorded: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column that says it."""
        return (self.recorded,)

    @property
    def items(self) -> tuple[str, ...]:
        """The names of the items that are looked at."""
        return tuple(item.name for item in ITEMS)

    def lacking(self, columns: Collection[str]) -> tuple[str, ...]:
        """Return the column that says it, if that and any of the items are not among these."""
        found = item_columns(columns)
        can_be_told = self.recorded in columns or all(item in found for item in self.items)
        return () if can_be_told else (self.recorded,)

    def met(self, visits: VisitValues) -> Floats:
        """Return whether nothing of it is there."""
        if self.recorded in visits.columns:
            return at_most(visits.of(self.recorded), 0)
        column_of, weights = item_columns(visits.columns), {item.name: item.weight for item in ITEMS}
        table = visits.cohort.visits
        absent = [self._absent(item_points(table[column_of[item]], weights[item]), visits) for item in self.items]
        told = np.column_stack(absent)
        return np.select([(told == 0).any(axis=1), (told == 1).all(axis=1)], [0.0, 1.0], np.nan)

    def _absent(self, points: Floats, visits: VisitValues) -> Floats:
        raise NotImplementedError


@dataclass(frozen=True)
class NoMajorOrganActivity(_OfItems):
    """No item of a major organ: kidney, nervous system, serosa, vessels, and no fever."""

    @property
    def words(self) -> str:
        """It in words."""
        return "no activity in a major organ"

    @property
    def items(self) -> tuple[str, ...]:
        """The items of major organs."""
        return MAJOR_ORGANS

    def not_applied(self, columns: Collection[str]) -> str:
        """Return what cannot be told, in words: by items alone, organs for which there is none."""
        if self.lacking(columns) or self.recorded in columns:
            return super().not_applied(columns)
        return "no haemolytic anaemia or gastrointestinal activity, for which SLEDAI-2K has no item"

    def _absent(self, points: Floats, _: VisitValues) -> Floats:
        return at_most(points, 0)


@dataclass(frozen=True)
class NoNewActivity(_OfItems):
    """No item that was absent at the last visit before at which it was recorded; unknown at the first one."""

    @property
    def words(self) -> str:
        """It in words."""
        return "no new activity"

    def _absent(self, points: Floats, visits: VisitValues) -> Floats:
        before = visits.before(points)
        known = ~np.isnan(points) & ((points == 0) | ~np.isnan(before))
        return np.where(known, ((points == 0) | (before > 0)).astype(float), np.nan)
