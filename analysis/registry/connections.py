"""The warehouses that an operator names in the secrets of a server: opened to be read only, and for a limited time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.registry.count import EngineError
from analysis.registry.warehouse import MOST_CONNECTIONS, MOST_SECONDS, Opened, Warehouse

MISSING_EXTRA = "A warehouse needs Ibis: pip install '.[warehouse]'."
SECONDS_TO_CONNECT = 10
SECONDS_TO_CANCEL = 5
LIMITS = {"most_seconds": MOST_SECONDS, "connections": MOST_CONNECTIONS}
OF_POSTGRES = {  # each setting, and what the driver calls it
    **{word: word for word in ("host", "port", "user", "password", "sslmode", "sslrootcert")},
    "database": "dbname",
    "schema": "schema",
}
ONLY_READS = "only_reads"  # the operator's word that a role may do nothing else
WRITES = "writes"  # of a connection by which tables are published
ALL_POWERFUL = """
SELECT rolsuper OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER')
    OR pg_has_role(oid, 'pg_write_server_files', 'MEMBER')
FROM pg_catalog.pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True)
class Backend:
    """A kind of warehouse.

    Attributes
    ----------
    connect
        Opens one connection with these settings, for statements of so many seconds.
    settings
        Those that are known; none, if all are the driver's.
    """

    connect: Callable[[str, Mapping[str, Any], int], Opened]
    settings: tuple[str, ...] = ()


def open_warehouse(name: str, settings: Mapping[str, Mapping[str, Any]]) -> Warehouse:
    """Return the warehouse of that name; a connection is opened when it is first needed.

    Parameters
    ----------
    name
        What the operator calls it.
    settings
        Those of each warehouse by name, from the secrets of the server; docs/warehouses.md explains them.

    Raises
    ------
    EngineError
        If there is none of that name, or a setting is wrong. No message holds the value of a setting.

    Examples
    --------
    >>> open_warehouse("registry", {"registry": {"backend": "duckdb", "file": "cohort.duckdb"}})
    Warehouse('registry')
    """
    kind, given, limits = known_settings(name, settings, writes=False)
    backend = BACKENDS[kind]
    return Warehouse(name, lambda: backend.connect(name, given, limits["most_seconds"]), **limits)


def known_settings(
    name: str, settings: Mapping[str, Mapping[str, Any]], *, writes: bool
) -> tuple[str, dict[str, Any], dict[str, int]]:
    """Return the backend of a warehouse, what its driver is given, and the limits; errors as of `open_warehouse`.

    Parameters
    ----------
    name, settings
        As of `open_warehouse`.
    writes
        Whether tables are to be written there: nothing else is done with such a warehouse, and with no other.
    """
    if name not in settings:
        raise EngineError(f"The secrets of the server have no warehouse {name}.")
    given = dict(settings[name])
    kind = given.pop("backend", None)
    if not isinstance(kind, str) or kind not in BACKENDS:
        raise EngineError(f"The backend of the warehouse {name} must be one of {', '.join(BACKENDS)}.")
    known = BACKENDS[kind].settings
    if (given.pop(WRITES, False) is True) is not writes:
        raise EngineError(
            f"The warehouse {name} is not set up to be written: that is a connection of its own, with {WRITES} = true."
            if writes
            else f"The warehouse {name} is there to be written ({WRITES} = true). Name one that is only read."
        )
    limits = {key: given.pop(key, usual) for key, usual in LIMITS.items()}
    for key, value in limits.items():
        if type(value) is not int or value < 1:
            raise EngineError(f"The setting {key} of the warehouse {name} must be a whole number from 1.")
    if not known and given.pop(ONLY_READS, None) is not True and not writes:
        raise EngineError(
            f"Of the warehouse {name} the app cannot see that its role may only read. Make sure that it is so, and "
            f"that the warehouse ends long statements, then set {ONLY_READS} = true."
        )
    if unknown := [key for key in given if known and key not in known]:
        listed = ", ".join((*known, *LIMITS))
        raise EngineError(f"The warehouse {name} has the unknown setting {unknown[0]}. Known are {listed}.")
    return kind, given, limits


def _ibis(backend: str) -> Any:
    """Return Ibis's module of a kind of warehouse."""
    try:
        import ibis

        return getattr(ibis, backend)
    except (ImportError, AttributeError):
        pass  # what is raised in here would hold it
    raise EngineError(MISSING_EXTRA)


def postgres_connection(name: str, given: Mapping[str, Any], options: str) -> Any:
    """Return a connection of a role that may do no harm to the server; an error of the driver tells of the settings.

    Raises
    ------
    EngineError
        If the role may run programs or write files there.
    """
    _ibis("postgres")  # which comes with the driver, and is missing with it
    import psycopg

    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # it logs the host and user of a connection that is lost
    words = {OF_POSTGRES[key]: value for key, value in given.items() if key != "schema"}
    connection = psycopg.connect(**words, autocommit=True, connect_timeout=SECONDS_TO_CONNECT, options=options)
    if connection.execute(ALL_POWERFUL).fetchone() != (False,):
        connection.close()
        raise EngineError(
            f"The role of the warehouse {name} may run programs or write files on its server. "
            "Give it one of its own: docs/warehouses.md has the commands."
        )
    connection.execute("SELECT set_config('search_path', %s, false)", [given.get("schema", "public")])
    return connection


def _postgres(name: str, given: Mapping[str, Any], most_seconds: int) -> Opened:
    ibis = _ibis("postgres")
    options = f"-c default_transaction_read_only=on -c statement_timeout={most_seconds * 1000}"
    connection = postgres_connection(name, given, options)
    backend = ibis.from_connection(connection)
    cancel = partial(connection.cancel_safe, timeout=SECONDS_TO_CANCEL)
    return Opened(backend, cancel, lambda: connection.execute("SELECT 1"), connection.close)


def _duckdb(name: str, given: Mapping[str, Any], most_seconds: int) -> Opened:  # noqa: ARG001 -- as all are called
    backend = _ibis("duckdb").connect(given["file"], read_only=True, enable_external_access="false")
    return Opened(backend, backend.con.interrupt, lambda: None, backend.disconnect)


def _other(kind: str) -> Backend:
    """Return a kind of which the app sets neither what a role may do nor how long a statement may take."""

    def connect(name: str, given: Mapping[str, Any], most_seconds: int) -> Opened:  # noqa: ARG001 -- as all are called
        backend = _ibis(kind).connect(**given)
        return Opened(backend, lambda: None, lambda: None, backend.disconnect)

    return Backend(connect)


BACKENDS = {
    "postgres": Backend(_postgres, tuple(OF_POSTGRES)),
    "duckdb": Backend(_duckdb, ("file",)),
    **{kind: _other(kind) for kind in ("bigquery", "clickhouse", "snowflake", "trino")},
}
