"""Distributions as distinct values with their frequencies, for means, quantiles and tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from analysis.cohort.arrays import Flags, Floats, Integers


@dataclass(frozen=True, eq=False)
class Distribution:
    """Distinct values and the number of patients with each.

    Attributes
    ----------
    values
        The values, increasing.
    patients
        The number of patients with each, at least 1.
    """

    values: Floats
    patients: Integers

    @classmethod
    def of(cls, numbers: ArrayLike) -> Distribution:
        """Return the distribution of numbers, one per patient."""
        return cls(*np.unique(np.asarray(numbers, dtype=float), return_counts=True))

    @cached_property
    def size(self) -> int:
        """The number of patients."""
        return int(self.patients.sum())

    def where(self, holds: Flags) -> Distribution:
        """Return the distribution of the flagged values."""
        return Distribution(self.values[holds], self.patients[holds])

    @cached_property
    def cumulative(self) -> Integers:
        """The number of patients with each value or a lower one."""
        return np.cumsum(self.patients)

    def ordered(self, place: int | Integers) -> Floats:
        """Return an order statistic: the value at an index (from 0) among the sorted values of all patients."""
        found: Floats = self.values[np.searchsorted(self.cumulative, place, side="right")]
        return found
