"""Attrition: numbers of patients lost at each of several successive filters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.filters import Filters, passing
from analysis.cohort.model import Cohort
from analysis.counts.additive import additive


@dataclass(frozen=True, eq=False)
class FilterSteps:
    """Numbers of patients lost at each filter.

    Attributes
    ----------
    words
        The filters in words, in the order in which they were chosen.
    lost
        The number that pass all earlier filters but not this one.
    kept
        The number that pass all filters.
    """

    words: tuple[str, ...]
    lost: Integers
    kept: int

    @classmethod
    @additive
    def of(cls, cohort: Cohort, filters: Filters) -> FilterSteps:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the cohort lacks a column of the filters.
        """
        keep, left = np.ones(len(cohort), dtype=bool), [len(cohort)]
        for condition in filters.conditions.items():
            keep &= passing(cohort, *condition)
            left.append(int(np.count_nonzero(keep)))
        return cls(tuple(filters.words()), -np.diff(left), left[-1])

    def __add__(self, other: FilterSteps) -> FilterSteps:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their filters or the order of these differ.
        """
        if self.words != other.words:
            raise ValueError("Counts add up where the same filters were chosen in the same order.")
        return FilterSteps(self.words, self.lost + other.lost, self.kept + other.kept)

    def to_table(self) -> pd.DataFrame:
        """Return filter, patients: the number lost at each, and last, without a filter, the number that pass all."""
        return pd.DataFrame({"filter": [*self.words, None], "patients": [*self.lost.tolist(), self.kept]})

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> FilterSteps:
        """Return the counts in a table of `to_table`."""
        *lost, kept = table["patients"].tolist()
        return cls(tuple(table["filter"].iloc[:-1]), np.array(lost, dtype=np.int64), kept)
