"""A warehouse that tables are written into: all in one transaction, by a role that pages never have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Protocol, TypeVar

import pyarrow as pa
from pyarrow import csv

from analysis.registry.connections import known_settings, postgres_connection
from analysis.registry.count import EngineError
from analysis.registry.duckdb_engine import MISSING_EXTRA
from analysis.registry.warehouse import OPENING

T = TypeVar("T")
NOTHING_CHANGED = "Nothing was changed there."
FAILED = "did not take the tables. Publish again; if it stays so, look at the log of the warehouse."
# The first letters of the SQL standard's codes of errors that PostgreSQL gives.
OF_CODES = {
    "42501": "has a role that may not write there. docs/warehouses.md has the commands.",
    "3F": "has no such schema, or the role may not use it. docs/warehouses.md has the commands.",
    "53": "has no room, or no memory. Look at its disk.",
    "57014": "took too long for one step. Set most_seconds to more.",
    "57P": "was lost. Publish again.",
    "08": "was lost. Publish again.",
}


class Writer(Protocol):
    """What a warehouse is written by, within a transaction."""

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute a statement, and return its rows."""

    def append(self, table: str, rows: pa.Table) -> None:
        """Append rows to a table that has columns of these names."""


def written(name: str, settings: Mapping[str, Mapping[str, Any]], work: Callable[[Writer], T]) -> T:
    """Return what work in a warehouse returns: all of it is there afterwards, or nothing.

    Parameters
    ----------
    name
        What the operator calls the warehouse.
    settings
        As of `open_warehouse`; this one has ``writes = true``.
    work
        Writes.

    Raises
    ------
    EngineError
        If the warehouse is not one that is written, cannot be opened, or does not take what is written. No message
        holds a setting, or what the database said.
    """
    backend, given, limits = known_settings(name, settings, writes=True)
    if backend not in WRITERS:
        raise EngineError(
            f"The app writes no tables into a warehouse of the kind {backend}. Publish into a file of DuckDB, and load "
            "its tables as they are with the warehouse's own loader, derived_tables last."
        )
    reason = OPENING
    # What is raised inside "except" would hold the driver's error as its context, whatever it says "from".
    try:
        with WRITERS[backend](name, given, limits["most_seconds"]) as writer:
            reason = FAILED
            return work(writer)
    except EngineError as error:
        raised = error
    except Exception as error:  # each warehouse has kinds of its own
        code = str(getattr(error, "sqlstate", None) or "")
        told = next((words for start, words in OF_CODES.items() if code.startswith(start)), reason)
        raised = EngineError(f"The warehouse {name} {told} {NOTHING_CHANGED}")
    raise raised


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def append(self, table: str, rows: pa.Table) -> None:
        text = BytesIO()
        csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        with self._connection.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
            copy.write(text.getbuffer())


class _DuckDB:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()

    def append(self, table: str, rows: pa.Table) -> None:
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        self._connection.register("given", rows)
        self._connection.execute(f'INSERT INTO "{table}" ({columns}) FROM given')
        self._connection.unregister("given")


@contextmanager
def _to_postgres(name: str, given: Mapping[str, Any], most_seconds: int) -> Iterator[Writer]:
    options = f"-c statement_timeout={most_seconds * 1000}"
    with postgres_connection(name, given, options) as connection, connection.transaction():
        yield _Postgres(connection)


@contextmanager
def _to_duckdb(name: str, given: Mapping[str, Any], most_seconds: int) -> Iterator[Writer]:  # noqa: ARG001 -- as all are called
    try:
        import duckdb
    except ImportError as error:
        raise EngineError(MISSING_EXTRA) from error
    with duckdb.connect(given["file"]) as connection:
        connection.execute("BEGIN")
        yield _DuckDB(connection)
        connection.execute("COMMIT")  # what is not committed is forgotten when it is closed


WRITERS = {"postgres": _to_postgres, "duckdb": _to_duckdb}
