"""Which derived tables of a registry a warehouse holds, by a listing that stands there beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.registry.count import EngineError, StoredColumn
from analysis.registry.folder import Folder
from analysis.registry.warehouse import NotThereError, Warehouse

LISTING = "derived_tables"
ROW = "row"  # the column by which tables are joined: the number of the patient, from 0


@dataclass(frozen=True)
class Listed:
    """A row of the listing: a column of a derived table, and where it is.

    Attributes
    ----------
    registry
        The fingerprint of the registry.
    derived_table, column_name
        What they are called in the registry; the column as JSON, which is in ASCII whatever the file's heading was.
    content
        What changes when the derived table is made anew with other numbers or codes.
    table_there, column_there
        What they are called in the warehouse.
    patients
        Their number, which is that of the rows.
    """

    registry: str
    derived_table: str
    column_name: str
    content: str
    table_there: str
    column_there: str
    patients: int

    @property
    def column(self) -> StoredColumn:
        """The column, as it is asked for."""
        return StoredColumn(self.derived_table, json.loads(self.column_name))

    @property
    def place(self) -> StoredColumn:
        """The same in the warehouse."""
        return StoredColumn(self.table_there, self.column_there)


FIELDS = tuple(Listed.__dataclass_fields__)


@dataclass(frozen=True, eq=False)
class PublishedTables:
    """The derived tables of a registry in a warehouse.

    Attributes
    ----------
    contents
        The content of each derived table, as of `Listed`.
    places
        Where each column is.
    """

    contents: Mapping[str, str]
    places: Mapping[StoredColumn, StoredColumn]


def listing_of(warehouse: Warehouse) -> tuple[Listed, ...]:
    """Return the listing of a warehouse.

    Raises
    ------
    EngineError
        If there is none, or the warehouse does not answer.
    """
    try:
        found = warehouse.run(warehouse.table(LISTING))
    except NotThereError:
        found = None
    if found is None or found.empty or set(FIELDS) - set(found):
        raise EngineError(f"The warehouse {warehouse.name} holds no tables of a registry. They have to be published.")
    rows: list[dict[str, Any]] = found[list(FIELDS)].to_dict("records")
    return tuple(Listed(**{**row, "patients": int(row["patients"])}) for row in rows)


def published_in(warehouse: Warehouse, folder: Folder) -> PublishedTables:
    """Return which derived tables of a registry a warehouse holds.

    Raises
    ------
    EngineError
        As of `listing_of`; also if they are those of another import.
    """
    listed = listing_of(warehouse)
    if {(each.registry, each.patients) for each in listed} != {(folder.manifest.fingerprint, len(folder))}:
        raise EngineError(f"The warehouse {warehouse.name} holds tables of another import. Publish again.")
    return PublishedTables(
        {each.derived_table: each.content for each in listed}, {each.column: each.place for each in listed}
    )
