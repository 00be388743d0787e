"""Publishing: the derived tables of a registry as tables of a warehouse, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.intake.assemble import Progress, silent
from analysis.registry.count import EngineError
from analysis.registry.derived_files import Stored, stored_of
from analysis.registry.folder import Folder, RegistryError
from analysis.registry.published_tables import FIELDS, LISTING, ROW, Listed
from analysis.registry.writers import Writer, written

ROWS_AT_A_TIME = 50_000
MOST_COLUMNS = 400  # of a table there: a row of PostgreSQL must fit on a page
TYPES = {pa.int8(): "smallint", pa.int16(): "smallint", pa.int32(): "integer", pa.float64(): "double precision"}
OF_LISTING = ", ".join(f'"{name}" {"bigint" if name == "patients" else "text"}' for name in FIELDS)


@dataclass(frozen=True)
class Publication:
    """What was published.

    Attributes
    ----------
    written, kept, deleted
        How many tables of the warehouse were written, were there already, and were of no use any more.
    """

    written: int
    kept: int
    deleted: int


def publish(
    folder: Folder, name: str, settings: Mapping[str, Mapping[str, Any]], progress: Progress = silent
) -> Publication:
    """Write the derived tables of a registry into a warehouse, and what they are into its listing.

    What is there already is left as it is, and what is not of this registry any more is deleted: the listing and its
    tables are of one registry.

    Parameters
    ----------
    folder
        The registry.
    name, settings
        As of `written`.
    progress
        Called with the fraction done, and with the current step in words.

    Raises
    ------
    RegistryError
        If nothing has been derived.
    EngineError
        As of `written`; also if a table is not of all patients.
    """
    stored = stored_of(folder)
    if not stored:
        raise RegistryError(
            f"{folder.path.name}: this version of the app has prepared nothing of it. "
            "Prepare it first: python -m analysis.registry prepare."
        )
    rows = {each: _listed(folder, each, stored[each]) for each in stored}
    return written(name, settings, lambda writer: _publish(writer, len(folder), stored, rows, progress))


def _publish(
    writer: Writer,
    patients: int,
    stored: Mapping[str, Stored],
    rows: Mapping[str, Sequence[Listed]],
    progress: Progress,
) -> Publication:
    writer.execute(f"CREATE TABLE IF NOT EXISTS {LISTING} ({OF_LISTING})")
    there = {str(name) for (name,) in writer.execute(f"SELECT DISTINCT table_there FROM {LISTING}")}  # noqa: S608
    wanted = {each.table_there for listed in rows.values() for each in listed}
    missing: dict[str, list[Listed]] = {}
    for each in (each for listed in rows.values() for each in listed if each.table_there not in there):
        missing.setdefault(each.table_there, []).append(each)
    for place, (table, listed) in enumerate(missing.items()):
        progress(place / len(missing), f"Writing table {place + 1} of {len(missing)}")
        _write(writer, table, listed, stored[listed[0].derived_table], patients)
    progress(1.0, "Writing the listing")
    for table in sorted(there - wanted):
        writer.execute(f"DROP TABLE IF EXISTS {_quoted(table)}")
    # Last: who reads it finds all that it tells of.
    writer.execute(f"DELETE FROM {LISTING}")  # noqa: S608 -- a name of ours
    writer.append(LISTING, pa.Table.from_pylist([vars(each) for listed in rows.values() for each in listed]))
    return Publication(len(wanted - there), len(wanted & there), len(there - wanted))


def _listed(folder: Folder, name: str, stored: Stored) -> list[Listed]:
    """Return the rows of the listing for a derived table, whose name there is that of its content in this registry."""
    fingerprint = folder.manifest.fingerprint
    own = sha256(f"{fingerprint} {stored.content}".encode()).hexdigest()[:12]
    return [
        Listed(
            registry=fingerprint,
            derived_table=name,
            column_name=json.dumps(column),
            content=stored.content,
            table_there=f"derived_{name}_{own}_{place // MOST_COLUMNS}",
            column_there=f"c{place % MOST_COLUMNS}",
            patients=len(folder),
        )
        for place, column in enumerate(stored.columns)
    ]


def _write(writer: Writer, table: str, listed: Sequence[Listed], stored: Stored, patients: int) -> None:
    names = [each.column.column for each in listed]
    types = [TYPES[stored.columns[name]] for name in names]
    defined = ", ".join(f"{each.column_there} {kind}" for each, kind in zip(listed, types, strict=True))
    writer.execute(f"DROP TABLE IF EXISTS {_quoted(table)}")
    writer.execute(f'CREATE TABLE {_quoted(table)} ("{ROW}" bigint, {defined})')
    rows = 0
    for part in _read(stored, names):
        numbers = pa.array(range(rows, rows + len(part)), pa.int64())
        writer.append(table, part.rename_columns([each.column_there for each in listed]).add_column(0, ROW, numbers))
        rows += len(part)
    if rows != patients:
        raise EngineError("What was prepared of the registry is not of all its patients. Prepare it again.")
    writer.execute(f'ALTER TABLE {_quoted(table)} ADD PRIMARY KEY ("{ROW}")')
    writer.execute(f"ANALYZE {_quoted(table)}")


def _read(stored: Stored, names: Sequence[str]) -> Iterator[pa.Table]:
    for file in stored.rows:
        for batch in pq.ParquetFile(file).iter_batches(ROWS_AT_A_TIME, columns=list(names)):
            yield pa.Table.from_batches([batch]).select(list(names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
