"""Files of a registry, split into parts by patient without holding them in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.intake.proposal import propose_tables
from analysis.intake.raw import frame_table
from analysis.intake.source import ColumnMapping
from analysis.registry.duckdb_engine import MEMORY, MISSING_EXTRA
from analysis.registry.folder import RegistryError

LOOKED_AT = 2000  # rows by which the columns with the ids are found
ROW, PART = "__row_in_file__", "__part_of_patients__"  # no file has columns of these names
SPLIT = "split"


class FileSource:
    """A CSV or Parquet file for each table of a registry.

    Parameters
    ----------
    files
        Each file by table: "patients", and if there are "visits", "events", "treatments", "infusions".
    scratch
        A folder for the parts that they are split into; it may take as much room as the files.
    name
        What the registry is called on the screen; by default the name of the file of patients.
    mapping
        As of `read_cohort`; it names the columns of the ids where they cannot be recognised.

    Raises
    ------
    RegistryError
        If a file cannot be read, or it is not known which column holds the ids of the patients.
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        scratch: Path,
        *,
        name: str = "",
        mapping: ColumnMapping | None = None,
    ) -> None:
        self._files = dict(files)
        self._scratch = scratch
        self._connection = _connection(scratch)
        self._ids = self._find_ids(mapping)
        self.name = name or self._files["patients"].stem
        self.patients: int = self._ask("patients", "SELECT count(*) FROM {}").fetchone()[0]

    def fingerprint(self) -> str:
        """Return what changes when a file does."""
        stats = {name: (str(file.resolve()), file.stat()) for name, file in sorted(self._files.items())}
        told = [(name, path, stat.st_size, stat.st_mtime_ns) for name, (path, stat) in stats.items()]
        return sha256(repr(told).encode()).hexdigest()

    def parts(self, number: int) -> Sequence[Callable[[], dict[str, pd.DataFrame]]]:
        """Return a function for each part, which reads its tables; their index is the row number in the file."""
        split = self._scratch / f"{SPLIT}-{self.fingerprint()[:16]}-{number}"
        for table in self._files:
            if not (split / f"{table}.done").exists():
                self._split(table, number, split)
        return [partial(self._read, split, place) for place in range(number)]

    def _split(self, table: str, number: int, split: Path) -> None:
        split.mkdir(parents=True, exist_ok=True)
        of = f"hash(trim(CAST({_quoted(self._ids[table])} AS VARCHAR))) % {number}"
        query = f'SELECT *, row_number() OVER () + 1 AS "{ROW}", {of} AS "{PART}" FROM {{}}'  # noqa: S608
        self._ask(
            table,
            f'COPY ({query}) TO {_text(split / table)} (FORMAT parquet, PARTITION_BY ("{PART}"), OVERWRITE_OR_IGNORE)',
        )
        (split / f"{table}.done").touch()

    def _read(self, split: Path, place: int) -> dict[str, pd.DataFrame]:
        read = {}
        for table in self._files:
            files = sorted(str(file) for file in (split / table / f"{PART}={place}").glob("*.parquet"))
            query = "SELECT * FROM read_parquet(?, hive_partitioning = false)" if files else "SELECT NULL LIMIT 0"
            rows = self._connection.execute(query, [files] if files else []).df()
            read[table] = rows.sort_values(ROW).set_index(ROW) if files else rows
        return read

    def _find_ids(self, mapping: ColumnMapping | None) -> dict[str, str]:
        if "patients" not in self._files:
            raise RegistryError("A registry needs a file of patients.")
        first = {table: self._ask(table, f"FROM {{}} LIMIT {LOOKED_AT}").df() for table in self._files}
        proposal = propose_tables({table: [frame_table(rows, table)] for table, rows in first.items()}, mapping)
        found = {
            each.table: each.source.column
            for each in proposal.columns
            if each.name == "patient_id" and each.source is not None
        }
        for table, file in self._files.items():
            if table not in found:
                raise RegistryError(
                    f"{file.name}: it is not known which column holds the ids of the patients. Name it: "
                    f'mapping={{"{table}.patient_id": ...}}.'
                )
        return found

    def _ask(self, table: str, query: str) -> Any:
        """Return the result of a query, in which {} is the file of a table."""
        file = self._files[table]
        parquet = file.suffix.casefold() == ".parquet"
        scan = "read_parquet({})" if parquet else "read_csv({}, header = true, all_varchar = true)"
        try:
            return self._connection.execute(query.format(scan.format(_text(file))))
        except Exception as error:
            reason = str(error).splitlines()[0]
            raise RegistryError(
                f"{file.name}: it cannot be read as {'Parquet' if parquet else 'CSV in UTF-8'} ({reason})."
            ) from error


def _connection(scratch: Path) -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise RegistryError(MISSING_EXTRA) from error
    scratch.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(scratch / "spilled")})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"
