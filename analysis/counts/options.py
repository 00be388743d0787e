"""The options of a filter: numbers of patients by value or bin of a column, and by passing the other filters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.counts.groups import spread
from analysis.counts.joining import join_names
from analysis.facts.option_codes import Codes, option_codes
from analysis.facts.range_bins import Edges, range_bins, range_edges

PASSING = ("failing", "passing")


@dataclass(frozen=True, eq=False)
class OptionCounts:
    """Numbers of patients by value of a column.

    Attributes
    ----------
    options
        The values in the whole cohort, sorted; no patient here need have them. For a column of sets, their elements.
    patients
        Numbers of patients that fail the filters on other columns, or pass them (rows), by value (columns).
    """

    options: pd.Index
    patients: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, filters: Filters, column: str) -> OptionCounts:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        filters
            The filters; one on the column itself is ignored.
        column
            A column of values or of sets, or the baseline of a visit measure.

        Raises
        ------
        ValueError
            If the cohort lacks the column, or one of the filters.
        """
        coded = option_codes(cohort, column)
        size = len(coded.options) if coded.sets is None else len(coded.sets)
        patients = _passing_by_code(cohort, filters.without(column), coded.code, size)
        return cls(coded.options, patients if coded.sets is None else patients @ coded.sets)

    def __add__(self, other: OptionCounts) -> OptionCounts:
        """Return the counts of the patients of both."""
        options = _joined(self.options, other.options)
        first, second = (
            spread(each.patients, options.get_indexer(each.options), len(options), axis=1) for each in (self, other)
        )
        return OptionCounts(options, first + second)

    def to_table(self) -> pd.DataFrame:
        """Return value, failing, passing: numbers of patients that fail the other filters, or pass them."""
        return pd.DataFrame({"value": self.options, **dict(zip(PASSING, self.patients, strict=True))})

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> OptionCounts:
        """Return the counts in a table of `to_table`."""
        return cls(pd.Index(table["value"]).rename(None), table[list(PASSING)].to_numpy(dtype=np.int64).T)


@dataclass(frozen=True, eq=False)
class RangeCounts:
    """Numbers of patients by bin of a numeric column.

    Attributes
    ----------
    edges
        The edges of the bins, increasing. Bins include their lower edge, the last one also its upper edge.
    patients
        Numbers of patients that fail the filters on other columns, or pass them (rows), by bin (columns).
    """

    edges: Edges
    patients: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, filters: Filters, column: str, edges: Edges | None = None) -> RangeCounts:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        filters
            The filters; one on the column itself is ignored.
        column
            A column of numbers, or of days written as year-month-day, which count from 1970.
        edges
            The edges of the bins; patients outside them are not counted. None for bins of equal width from the lowest
            to the highest number of these patients.

        Raises
        ------
        ValueError
            If the cohort lacks the column, or one of the filters.
        """
        edges = edges or range_edges(cohort, column)
        bins = range_bins(cohort, column, edges)
        return cls(edges, _passing_by_code(cohort, filters.without(column), bins, len(edges) - 1))

    def __add__(self, other: RangeCounts) -> RangeCounts:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their bins differ.
        """
        if self.edges != other.edges:
            raise ValueError("Counts add up where they are of the same bins.")
        return RangeCounts(self.edges, self.patients + other.patients)

    def to_table(self) -> pd.DataFrame:
        """Return low, high, failing, passing: numbers of patients that fail the other filters, or pass them."""
        ends = {"low": self.edges[:-1], "high": self.edges[1:]}
        return pd.DataFrame({**ends, **dict(zip(PASSING, self.patients, strict=True))})

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> RangeCounts:
        """Return the counts in a table of `to_table`."""
        edges = (*table["low"].tolist(), *table["high"].tolist()[-1:])
        return cls(edges, table[list(PASSING)].to_numpy(dtype=np.int64).T)


def _passing_by_code(cohort: Cohort, filters: Filters, code: Codes, codes: int) -> Integers:
    """Return the numbers of patients that fail the filters, or pass them (rows), by code (columns)."""
    of_all = np.bincount(code + 1, minlength=codes + 1)[1:]
    if not filters:
        return np.stack([np.zeros_like(of_all), of_all])
    passing = np.bincount(code[filters.keep(cohort).to_numpy()] + 1, minlength=codes + 1)[1:]
    return np.stack([of_all - passing, passing])


def _joined(first: pd.Index, second: pd.Index) -> pd.Index:
    """Return the distinct values of both, sorted; words keep their order in both."""
    if first.equals(second) or second.empty:
        return first
    if first.empty:  # nobody has a value, and a file then does not tell of which type they are
        return second
    if not isinstance(first, pd.CategoricalIndex):
        return first.union(second)
    names, *_ = join_names(list(first), list(second))
    return pd.CategoricalIndex(names, categories=names, ordered=first.ordered)
