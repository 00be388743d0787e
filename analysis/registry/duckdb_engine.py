"""Counting in Parquet files by DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.registry.answering import answered
from analysis.registry.count import (
    COUNTING,
    PATIENTS,
    UNREADABLE,
    Among,
    Count,
    Either,
    EngineError,
    StoredColumn,
    Test,
    sorted_counts,
)

MEMORY = "1GB"
MOST_SECONDS = 120.0
SPILLED = "spilled"  # the folder of what does not fit in memory
MISSING_EXTRA = "A registry needs DuckDB: pip install '.[registry]'."


def connect(folder: Path, *, memory: str = MEMORY) -> Any:
    """Return a DuckDB connection that reads this folder and nothing else: no network, no extension, no way to unlock.

    Raises
    ------
    EngineError
        If DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise EngineError(MISSING_EXTRA) from error
    connection = duckdb.connect(config={"memory_limit": memory, "allow_community_extensions": "false"})
    inside = str(folder.resolve()).replace("'", "''")
    # In this order: the lock is last, and after it nothing can be set.
    for setting in (
        f"temp_directory = '{inside}/{SPILLED}'",
        f"allowed_directories = ['{inside}']",
        "enable_progress_bar = true",  # how far a question is can be asked
        "enable_progress_bar_print = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


class DuckDBEngine:
    """Counts patients in stored tables of Parquet files.

    Parameters
    ----------
    connection
        As from `connect`.
    files
        Returns the files of a stored table, in the order of its rows.
    most_seconds
        A question that takes longer is stopped.
    """

    def __init__(
        self, connection: Any, files: Callable[[str], Sequence[Path]], most_seconds: float = MOST_SECONDS
    ) -> None:
        self._connection = connection
        self._files = files
        self._most_seconds = most_seconds

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return the numbers as `Engine.count` promises."""
        files = {table: self._files(table) for table in asked.tables}
        found = self._answers([sql(asked, piece) for piece in _pieces(files)])
        return tuple(
            _together([_of_one(piece, asked, place, value) for piece in found])
            for place, value in enumerate(asked.of or (None,))
        )

    def _answers(self, queries: Sequence[tuple[str, list[Any]]]) -> list[dict[str, Any]]:
        """Return the answers to queries that are run side by side."""
        cursors = [self._connection.cursor() for _ in queries]

        def share() -> float | None:
            shares = [cursor.query_progress() / 100 for cursor in cursors]
            return sum(shares) / len(shares) if min(shares) >= 0 else None

        def stop() -> None:
            for cursor in cursors:
                cursor.interrupt()

        questions = [partial(_fetched, cursor, *query) for cursor, query in zip(cursors, queries, strict=True)]
        try:
            return answered(questions, COUNTING, stop=stop, most_seconds=self._most_seconds, share=share)
        finally:
            for cursor in cursors:
                cursor.close()


def _pieces(files: Mapping[str, Sequence[Path]]) -> list[dict[str, Sequence[Path]]]:
    """Return the files in as many pieces as there are processors: a join by position is not run by several."""
    number = min(map(len, files.values()))  # of the same parts, each a file
    pieces = min(cpu_count() or 1, number)
    limits = [number * place // pieces for place in range(pieces + 1)]
    return [{table: held[first:last] for table, held in files.items()} for first, last in pairwise(limits)]


def _fetched(cursor: Any, query: str, bound: list[Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = cursor.execute(query, bound).fetchnumpy()
    except Exception as error:  # DuckDB has dozens of kinds, and `_reason` tells them
        raise EngineError(_reason(error)) from error
    return answer


def sql(asked: Count, files: Mapping[str, Sequence[Path]]) -> tuple[str, list[Any]]:
    """Return the query, and the values bound in it: names and numbers of a question never stand in its text.

    Parameters
    ----------
    asked
        The question.
    files
        Those of each stored table, in the order of its rows.

    Examples
    --------
    >>> sex = StoredColumn("patients", "sex")
    >>> query, bound = sql(Count((sex,), (Among(sex, (0.0,)),)), {"patients": [Path("patients.parquet")]})
    >>> query
    'SELECT c0 AS k0, count(*) AS patients FROM (SELECT t0."sex" AS c0 FROM read_parquet(?) AS t0) \
WHERE (c0 IN (?)) GROUP BY GROUPING SETS ((c0))'
    >>> bound
    [['patients.parquet'], 0.0]
    """
    alias = {table: f"t{place}" for place, table in enumerate(asked.tables)}
    name = {column: f"c{place}" for place, column in enumerate(asked.columns)}
    columns = ", ".join(f"{alias[each.table]}.{_quoted(each.column)} AS {name[each]}" for each in asked.columns)
    tables = " POSITIONAL JOIN ".join(f"read_parquet(?) AS {each}" for each in alias.values())
    where, numbers = _all(asked.where, name)
    keys, values = [name[key] for key in asked.keys], [name[value] for value in asked.of]
    shown = [f"{each} AS k{place}" for place, each in enumerate(keys)]
    shown += [f"{each} AS v{place}" for place, each in enumerate(values)]
    shown += [f"grouping_id({', '.join(values)}) AS others"] if values else []
    # Every name in it is made here, or quoted.
    query = f"SELECT {', '.join([*shown, 'count(*) AS patients'])} FROM (SELECT {columns} FROM {tables})"  # noqa: S608
    if asked.where:
        query += f" WHERE {where}"
    if sets := [[*keys, value] for value in values] or ([keys] if keys else []):
        query += f" GROUP BY GROUPING SETS ({', '.join('(' + ', '.join(each) + ')' for each in sets)})"
    bound: list[Any] = [[str(file) for file in files[table]] for table in asked.tables]
    return query, [*bound, *numbers]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _all(tests: Sequence[Test], names: Mapping[StoredColumn, str]) -> tuple[str, list[float]]:
    """Return tests that all have to be passed as SQL, and the numbers bound in it."""
    each = [_test(test, names) for test in tests]
    return " AND ".join(text for text, _ in each) or "true", [number for _, numbers in each for number in numbers]


def _test(test: Test, names: Mapping[StoredColumn, str]) -> tuple[str, list[float]]:
    if isinstance(test, Either):
        first, second = (_all(tests, names) for tests in (test.first, test.second))
        return f"(({first[0]}) OR ({second[0]}))", [*first[1], *second[1]]
    name = names[test.column]
    if isinstance(test, Among):
        passes, numbers = (
            f"{name} IN ({', '.join('?' * len(test.numbers))})" if test.numbers else "false",
            [*test.numbers],
        )
    else:
        passes, numbers = f"{name} BETWEEN ? AND ?", [test.low, test.high]
    return f"({passes} OR {name} IS NULL)" if test.missing else f"({passes})", numbers


def _of_one(found: Mapping[str, Any], asked: Count, place: int, value: StoredColumn | None) -> pd.DataFrame:
    """Return the table of one column of `asked.of` from the rows of all."""
    rows: Any = slice(None)
    if value is not None:
        # Of this column alone the bit is not set: the rows are by it.
        rows = found["others"] == (1 << len(asked.of)) - 1 - (1 << (len(asked.of) - 1 - place))
    names = {f"key {key}": f"k{key}" for key in range(len(asked.keys))} | ({"value": f"v{place}"} if value else {})
    columns = {name: _numbers(found[held])[rows] for name, held in names.items()}
    return pd.DataFrame({**columns, PATIENTS: found["patients"][rows]})


def _together(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the numbers of the patients of all pieces."""
    table = pd.concat(pieces, ignore_index=True)
    keys = [name for name in table if name != PATIENTS]
    if not keys:
        return sorted_counts(pd.DataFrame({PATIENTS: [table[PATIENTS].sum()]}))
    return sorted_counts(table.groupby(keys, dropna=False, as_index=False)[PATIENTS].sum())


def _numbers(held: Any) -> Floats:
    """Return numbers as floats; null is NaN."""
    return np.ma.filled(np.ma.asarray(held).astype(float), np.nan)


def _reason(error: Exception) -> str:
    """Return in words why a question was not answered; the engine's own text may name files."""
    kind = type(error).__name__
    if kind == "InterruptException":
        return "The question was stopped before it was answered."
    if kind == "OutOfMemoryException":
        return "The question takes more memory than is allowed. Ask for fewer groups, or of fewer patients."
    if kind == "IOException":
        return UNREADABLE
    return "The registry did not answer. Open it again, or import it anew."
