"""What an engine is asked: how many patients have which values in stored columns, and pass which tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import pandas as pd

UNREADABLE = "The files of the registry cannot be read any more. Open it again."
COUNTING = "Counting the patients"  # for whoever waits
PATIENTS = "patients"  # the column with the numbers in what an engine returns


@dataclass(frozen=True, order=True)
class StoredColumn:
    """A column of numbers with a row a patient, in a stored table; missing is null.

    Attributes
    ----------
    table, column
        Where it is stored. All tables of a registry hold the same patients: ``row``, from 0, says which.
    """

    table: str
    column: str


@dataclass(frozen=True)
class Among:
    """The test that a number is one of several.

    Attributes
    ----------
    column
        What is tested.
    numbers
        The numbers that pass.
    missing
        Whether patients without a number pass.
    """

    column: StoredColumn
    numbers: tuple[float, ...]
    missing: bool = False


@dataclass(frozen=True)
class Within:
    """The test that a number lies between two limits, both included; attributes as of `Among`."""

    column: StoredColumn
    low: float
    high: float
    missing: bool = False


@dataclass(frozen=True)
class Either:
    """The test that all of the first tests are passed, or all of the second.

    Attributes
    ----------
    first, second
        The tests; none of them is passed by everybody.
    """

    first: tuple[Test, ...]
    second: tuple[Test, ...]

    @property
    def columns(self) -> tuple[StoredColumn, ...]:
        """Every column that is needed."""
        return tuple(column for test in (*self.first, *self.second) for column in columns_of(test))


Test: TypeAlias = "Among | Within | Either"


def columns_of(test: Test) -> tuple[StoredColumn, ...]:
    """Return the columns that a test needs."""
    return test.columns if isinstance(test, Either) else (test.column,)


@dataclass(frozen=True)
class Count:
    """How many patients there are.

    Attributes
    ----------
    keys
        Columns by whose values together patients are counted.
    where
        Tests that all have to be passed.
    of
        Columns of which each is a further key on its own: one table each. Without any, there is one table by `keys`
        alone. None of them is among `keys`.

    Examples
    --------
    >>> sex, place = StoredColumn("patients", "sex"), StoredColumn("years", "place")
    >>> Count((sex,), (Among(sex, (0.0,)),), (place,)).columns
    (StoredColumn(table='patients', column='sex'), StoredColumn(table='years', column='place'))
    """

    keys: tuple[StoredColumn, ...] = ()
    where: tuple[Test, ...] = ()
    of: tuple[StoredColumn, ...] = ()

    @property
    def columns(self) -> tuple[StoredColumn, ...]:
        """Every column that is needed, once."""
        return tuple(
            dict.fromkeys([*self.keys, *(column for test in self.where for column in columns_of(test)), *self.of])
        )

    @property
    def tables(self) -> tuple[str, ...]:
        """Every stored table that is needed, once."""
        return tuple(dict.fromkeys(column.table for column in self.columns))


def elsewhere(asked: Count, there: Callable[[StoredColumn], StoredColumn]) -> Count:
    """Return the same question about columns that are stored elsewhere.

    Examples
    --------
    >>> sex = StoredColumn("patients", "sex")
    >>> elsewhere(Count((sex,), (Among(sex, (0.0,)),)), lambda column: StoredColumn("a table", "c0")).columns
    (StoredColumn(table='a table', column='c0'),)
    """

    def of_test(test: Test) -> Test:
        if isinstance(test, Either):
            return Either(tuple(map(of_test, test.first)), tuple(map(of_test, test.second)))
        return replace(test, column=there(test.column))

    return Count(tuple(map(there, asked.keys)), tuple(map(of_test, asked.where)), tuple(map(there, asked.of)))


class Engine(Protocol):
    """Whatever counts patients in stored tables."""

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return a table for each column in `asked.of`, or one without any.

        Returns
        -------
        tuple of DataFrame
            Columns in this order: "key 0", "key 1", ... for `asked.keys`, "value" for the column of `asked.of`, as
            float64 with NaN where missing; "patients" as int64, above 0. Rows are sorted by the columns, missing first.
            Nobody gives no rows.

        Raises
        ------
        EngineError
            If the engine cannot answer: stopped, too long, connection lost.
        """


class EngineError(ValueError):
    """An engine did not answer; the message says why, and what to do."""


def named(asked: Count, value: StoredColumn | None) -> Mapping[str, StoredColumn]:
    """Return the columns of a table that an engine returns, by name, without the numbers."""
    keys = {f"key {place}": column for place, column in enumerate(asked.keys)}
    return keys if value is None else {**keys, "value": value}


def sorted_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Return numbers of patients in the form that `Engine.count` promises."""
    keys = [name for name in table if name != PATIENTS]
    table = table.astype({**dict.fromkeys(keys, "float64"), PATIENTS: "int64"})
    if keys:
        table = table.sort_values(keys, na_position="first")
    return table[table[PATIENTS] > 0].reset_index(drop=True)
