"""Counting in the tables of a warehouse, by expressions that Ibis writes in its dialect of SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial, reduce
from itertools import pairwise
from math import ceil
from operator import and_
from typing import Any

import numpy as np
import pandas as pd

from analysis.registry.count import PATIENTS, Among, Count, Either, StoredColumn, Test, elsewhere, sorted_counts
from analysis.registry.published_tables import ROW
from analysis.registry.warehouse import Warehouse

PLACE = "place"  # of a row of the answer: of which column of `Count.of` it is
COLUMNS_A_PIECE = 8  # of `Count.of`; fewer take about as long as these


class IbisEngine:
    """Counts patients in stored tables of a warehouse.

    Parameters
    ----------
    warehouse
        Where the tables are.
    there
        Returns where a stored column is in the warehouse. All tables there have the column "row".
    """

    def __init__(self, warehouse: Warehouse, there: Callable[[StoredColumn], StoredColumn]) -> None:
        self._warehouse = warehouse
        self._there = there
        self._held: dict[str, Any] = {}  # tables as expressions of Ibis, which asks for their columns each time

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return the numbers as `Engine.count` promises."""
        there = elsewhere(asked, self._there)
        tables = {table: self._table(table) for table in there.tables}
        pieces = self._pieces(there.of)
        asks = [partial(_executed, expression=expression(replace(there, of=of), tables)) for of in pieces]
        found = self._warehouse.ask_together(asks)
        names = {f"k{place}": f"key {place}" for place in range(len(asked.keys))}
        return tuple(
            sorted_counts(table.rename(columns=names))
            for held, of in zip(found, pieces, strict=True)
            for table in _of_each(held, len(of))
        )

    def _pieces(self, of: tuple[StoredColumn, ...]) -> list[tuple[StoredColumn, ...]]:
        """Return columns in pieces that are counted side by side: a database counts one after the other."""
        number = max(1, min(self._warehouse.connections, ceil(len(of) / COLUMNS_A_PIECE)))
        limits = [len(of) * place // number for place in range(number + 1)]
        return [of[first:last] for first, last in pairwise(limits)]

    def _table(self, name: str) -> Any:
        if name not in self._held:
            self._held[name] = self._warehouse.table(name)
        return self._held[name]


def _executed(backend: Any, expression: Any) -> pd.DataFrame:
    return backend.execute(expression)


def _of_each(found: pd.DataFrame, number: int) -> list[pd.DataFrame]:
    """Return the numbers of each of so many columns that were counted; all numbers, if they were not counted by any."""
    return [found[found[PLACE] == place].drop(columns=PLACE) for place in range(number)] if number else [found]


def expression(asked: Count, tables: Mapping[str, Any]) -> Any:
    """Return the question as one Ibis expression: the numbers by each column of `of`, one below the other.

    Parameters
    ----------
    asked
        The question.
    tables
        The Ibis table of each stored table.

    Examples
    --------
    >>> import ibis
    >>> from analysis.registry.count import StoredColumn
    >>> table = ibis.table({"row": "int64", "sex": "int8"}, name="patients")
    >>> print(ibis.to_sql(expression(Count((StoredColumn("patients", "sex"),)), {"patients": table}), "postgres"))
    SELECT
      CAST("t2"."c0" AS DOUBLE PRECISION) AS "k0",
      "t2"."patients"
    FROM (
      SELECT
        "t1"."c0",
        COUNT(*) AS "patients"
      FROM (
        SELECT
          "t0"."row",
          "t0"."sex" AS "c0"
        FROM "patients" AS "t0"
      ) AS "t1"
      GROUP BY
        1
    ) AS "t2"
    """
    import ibis

    name = {column: f"c{place}" for place, column in enumerate(asked.columns)}
    needed = [
        tables[table].select(ROW, **{name[column]: column.column for column in asked.columns if column.table == table})
        for table in asked.tables
    ]
    held = reduce(lambda left, right: left.join(right, ROW), needed)
    if asked.where:
        held = held.filter([_passes(held, name, test) for test in asked.where])
    keys = [name[key] for key in asked.keys]
    counted = [_counted(held, keys, name[value], place) for place, value in enumerate(asked.of)]
    return ibis.union(*counted) if len(counted) > 1 else (counted or [_counted(held, keys)])[0]


def _counted(held: Any, keys: list[str], value: str | None = None, place: int = 0) -> Any:
    import ibis

    by = [*keys, value] if value is not None else keys
    numbers = (
        held.group_by(by).aggregate(**{PATIENTS: held.count()}) if by else held.aggregate(**{PATIENTS: held.count()})
    )
    shown = {f"k{place}": numbers[key].cast("float64") for place, key in enumerate(keys)}
    if value is not None:
        shown |= {"value": numbers[value].cast("float64"), PLACE: ibis.literal(place, "int64")}
    return numbers.select(**shown, **{PATIENTS: numbers[PATIENTS]})


def _passes(held: Any, name: Mapping[StoredColumn, str], test: Test) -> Any:
    import ibis

    if isinstance(test, Either):
        first, second = (
            reduce(and_, (_passes(held, name, each) for each in tests), ibis.literal(True))
            for tests in (test.first, test.second)
        )
        return first | second
    column = held[name[test.column]]
    if isinstance(test, Among):
        passes = column.isin(test.numbers) if test.numbers else ibis.literal(False)
    else:
        passes = column.notnull()  # a limit that is infinite has no literal in most dialects
        if not np.isneginf(test.low):
            passes &= column >= test.low
        if not np.isposinf(test.high):
            passes &= column <= test.high
    return passes | column.isnull() if test.missing else passes
