"""Distinct numbers and how often each occurs: what means, quantiles and tests of numbers are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from analysis.cohort.arrays import Flags, Floats, Integers


@dataclass(frozen=True, eq=False)
class Distribution:
    """Distinct numbers and how many patients have each.

    Attributes
    ----------
    values
        The numbers, rising.
    patients
        How many have each, at least one.
    """

    values: Floats
    patients: Integers

    @classmethod
    def of(cls, numbers: ArrayLike) -> Distribution:
        """Return the distribution of the numbers of patients, one each."""
        return cls(*np.unique(np.asarray(numbers, dtype=float), return_counts=True))

    @cached_property
    def size(self) -> int:
        """How many patients have a number."""
        return int(self.patients.sum())

    def where(self, holds: Flags) -> Distribution:
        """Return the numbers for which a flag holds."""
        return Distribution(self.values[holds], self.patients[holds])

    @cached_property
    def cumulative(self) -> Integers:
        """How many patients have each number or a lower one."""
        return np.cumsum(self.patients)

    def ordered(self, place: int | Integers) -> Floats:
        """Return the number at a place, from 0, among the numbers of all patients in order."""
        found: Floats = self.values[np.searchsorted(self.cumulative, place, side="right")]
        return found
