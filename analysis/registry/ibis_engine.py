"""Counting in the tables of a warehouse, by expressions that Ibis writes in its dialect of SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import pandas as pd

from analysis.registry.count import PATIENTS, Among, Count, Either, StoredColumn, Test, elsewhere, sorted_counts
from analysis.registry.published_tables import ROW
from analysis.registry.warehouse import Warehouse

PLACE = "place"  # of a row of the answer: of which column of `Count.of` it is


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
        found = self._warehouse.run(expression(there, {table: self._table(table) for table in there.tables}))
        found = found.rename(columns={f"k{place}": f"key {place}" for place in range(len(asked.keys))})
        if not asked.of:
            return (sorted_counts(found),)
        of_each = (found[found[PLACE] == place].drop(columns=PLACE) for place in range(len(asked.of)))
        return tuple(map(sorted_counts, of_each))

    def _table(self, name: str) -> Any:
        if name not in self._held:
            self._held[name] = self._warehouse.table(name)
        return self._held[name]


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
