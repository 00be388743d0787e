"""Counting in memory what fits there, which is several times faster than in files; an engine counts the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import prod
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.per_patient import Store
from analysis.registry.count import COUNTING, PATIENTS, Among, Count, Either, Engine, StoredColumn, Test, named
from analysis.registry.held_columns import HeldColumn, HeldColumns
from analysis.registry.telling import tell

AT_A_TIME = 1 << 16  # patients: so many numbers stay near the processor
MOST_CELLS = 1 << 20  # of a table of counts
ANSWERS = Store(32_000_000)

Held: TypeAlias = Mapping[StoredColumn, HeldColumn]
Passes: TypeAlias = Callable[[slice], Flags]


class MemoryEngine:
    """Counts patients in columns that are in memory.

    Parameters
    ----------
    columns
        The columns.
    others
        Counts what they do not hold, and what has too many values.
    """

    def __init__(self, columns: HeldColumns, others: Engine) -> None:
        self._columns = columns
        self._others = others

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return the numbers as `Engine.count` promises; those of the questions asked last are kept."""
        return ANSWERS.once(self, asked, lambda: self._counted(asked))

    def _counted(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        held = self._columns.all_of(asked.columns)
        asked_by = [tuple(named(asked, value).values()) for value in asked.of or (None,)]
        if held is None or any(_cells(keys, held) > MOST_CELLS for keys in asked_by):
            return self._others.count(asked)
        numbers = [np.zeros(_cells(keys, held), dtype=np.int64) for keys in asked_by]
        patients, passes = len(next(iter(held.values())).code), _all(asked.where, held)
        # Adding up many cells takes longer than counting patients, so that it is done less often.
        step = max(AT_A_TIME, *map(len, numbers))
        for start in range(0, patients, step):
            tell(start / patients, COUNTING)
            rows = slice(start, min(start + step, patients))
            kept = np.flatnonzero(passes(rows))
            for keys, so_far in zip(asked_by, numbers, strict=True):
                np.add(so_far, np.bincount(_cell_of_each(keys, held, rows, kept), minlength=len(so_far)), out=so_far)
        return tuple(
            _table(named(asked, value), held, so_far)
            for value, so_far in zip(asked.of or (None,), numbers, strict=True)
        )


def _all(tests: Sequence[Test], held: Held) -> Passes:
    """Return which patients of some rows pass all tests."""
    each = [_one(test, held) for test in tests]

    def passes(rows: slice) -> Flags:
        return reduce(np.logical_and, (test(rows) for test in each), np.ones(rows.stop - rows.start, dtype=bool))

    return passes


def _one(test: Test, held: Held) -> Passes:
    """Return which patients of some rows pass a test: it is put to each value of its column once."""
    if isinstance(test, Either):
        first, second = _all(test.first, held), _all(test.second, held)
        return lambda rows: first(rows) | second(rows)
    column = held[test.column]
    if isinstance(test, Among):
        value_passes = np.isin(column.values, test.numbers)
    else:
        value_passes = (column.values >= test.low) & (column.values <= test.high)
    value_passes[0] = test.missing
    return lambda rows: value_passes[column.code[rows]]


def _cells(keys: Sequence[StoredColumn], held: Held) -> int:
    return prod(len(held[key].values) for key in keys)


def _cell_of_each(keys: Sequence[StoredColumn], held: Held, rows: slice, kept: Rows) -> Rows:
    """Return the cell of each patient who is kept; a code varies fastest if it is the last."""
    cell = np.zeros(len(kept), dtype=np.intp)
    for key in keys:
        cell = cell * len(held[key].values) + held[key].code[rows][kept]
    return cell


def _table(names: Mapping[str, StoredColumn], held: Held, numbers: Integers) -> pd.DataFrame:
    """Return the cells with patients; they are in the order of their values."""
    found = np.flatnonzero(numbers)
    sizes = [len(held[column].values) for column in names.values()]
    places = np.unravel_index(found, sizes) if sizes else ()
    values = [held[column].values[place] for column, place in zip(names.values(), places, strict=True)]
    return pd.DataFrame({**dict(zip(names, values, strict=True)), PATIENTS: numbers[found]})
