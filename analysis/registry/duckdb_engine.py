"""Counting in Parquet files by DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.registry.count import PATIENTS, Among, Count, Either, EngineError, StoredColumn, Test, sorted_counts
from analysis.registry.telling import TOLD_EVERY, tell

MEMORY = "1GB"
MOST_SECONDS = 120.0
ASKING = "asking the engine"  # the name of the thread of a question
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
        query, bound = sql(asked, self._files)
        found = self._run(query, bound)
        return tuple(_of_one(found, asked, place, value) for place, value in enumerate(asked.of or (None,)))

    def _run(self, query: str, bound: list[Any]) -> dict[str, Any]:
        """Return the answer; it is waited for in another thread, so that whoever asks is told, and can stop it."""
        cursor, answer = self._connection.cursor(), Future[dict[str, Any]]()

        def work() -> None:
            try:
                answer.set_result(cursor.execute(query, bound).fetchnumpy())
            except Exception as error:
                answer.set_exception(error)

        asking = Thread(target=work, name=ASKING, daemon=True)
        asking.start()
        begun = monotonic()
        try:
            while asking.is_alive():
                asking.join(TOLD_EVERY)
                if asking.is_alive():
                    share = cursor.query_progress()
                    tell(share / 100 if share >= 0 else None, "Counting the patients")
                if monotonic() - begun > self._most_seconds:
                    cursor.interrupt()
        finally:
            if asking.is_alive():
                cursor.interrupt()
                asking.join()
            cursor.close()
        try:
            return answer.result()
        except Exception as error:  # DuckDB has dozens of kinds, and `_reason` tells them
            raise EngineError(_reason(error)) from error


def sql(asked: Count, files: Callable[[str], Sequence[Path]]) -> tuple[str, list[Any]]:
    """Return the query, and the values bound in it: names and numbers of a question never stand in its text.

    Parameters
    ----------
    asked
        The question.
    files
        Returns the files of a stored table, in the order of its rows.

    Examples
    --------
    >>> sex = StoredColumn("patients", "sex")
    >>> query, bound = sql(Count((sex,), (Among(sex, (0.0,)),)), lambda table: [Path(f"{table}.parquet")])
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
    bound: list[Any] = [[str(file) for file in files(table)] for table in asked.tables]
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
    return sorted_counts(pd.DataFrame({**columns, PATIENTS: found["patients"][rows]}))


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
        return "The files of the registry cannot be read any more. Open it again."
    return "The registry did not answer. Open it again, or import it anew."
