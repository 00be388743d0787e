"""Counting in arrays: the engine that all others are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.registry.count import PATIENTS, Among, Count, Either, StoredColumn, Test, named, sorted_counts


class ArraysEngine:
    """Counts patients in tables that are in memory.

    Parameters
    ----------
    tables
        Each stored table by name: a row a patient, in the same order.

    Examples
    --------
    >>> table = pd.DataFrame({"sex": [0, 0, 1], "place": [2, 3, 3]})
    >>> sex, place = StoredColumn("patients", "sex"), StoredColumn("patients", "place")
    >>> ArraysEngine({"patients": table}).count(Count((sex,), of=(place,)))[0].to_numpy().tolist()
    [[0.0, 2.0, 1.0], [0.0, 3.0, 1.0], [1.0, 3.0, 1.0]]
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._patients = max(map(len, tables.values()), default=0)

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return the numbers as `Engine.count` promises."""
        kept = self._all(asked.where)
        return tuple(self._table(asked, value, kept) for value in asked.of or (None,))

    def _table(self, asked: Count, value: StoredColumn | None, kept: Flags) -> pd.DataFrame:
        columns = named(asked, value)
        if not columns:
            return sorted_counts(pd.DataFrame({PATIENTS: [int(kept.sum())]}))
        held = pd.DataFrame({name: self._numbers(column)[kept] for name, column in columns.items()})
        return sorted_counts(held.groupby(list(columns), dropna=False).size().rename(PATIENTS).reset_index())

    def _all(self, tests: Iterable[Test]) -> Flags:
        return reduce(np.logical_and, map(self._passes, tests), np.ones(self._patients, dtype=bool))

    def _passes(self, test: Test) -> Flags:
        if isinstance(test, Either):
            return self._all(test.first) | self._all(test.second)
        numbers = self._numbers(test.column)
        if isinstance(test, Among):
            passes = np.isin(numbers, test.numbers)
        else:
            passes = (numbers >= test.low) & (numbers <= test.high)
        return passes | (np.isnan(numbers) & test.missing)

    def _numbers(self, column: StoredColumn) -> Floats:
        return self._tables[column.table][column.column].to_numpy(dtype=float, na_value=np.nan)
