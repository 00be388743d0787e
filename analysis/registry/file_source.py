"""Files of a registry, split into parts by patient without holding them in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.proposal import propose_tables
from analysis.intake.raw import frame_table
from analysis.intake.source import ColumnMapping
from analysis.registry.duckdb_engine import MEMORY, MISSING_EXTRA
from analysis.registry.folder import RegistryError

LOOKED_AT = 2000  # rows by which the columns with the ids are found
ROW, PART = "__row_in_file__", "__part_of_patients__"  # no file has columns of these names
# Nothing of how a file is written but its delimiter is guessed from its first rows.
CSV = "read_csv({}, header = true, all_varchar = true, skip = 0, comment = '', quote = '\"', escape = '\"')"
# Ids that may mean one patient, or are compared in a finding, are in one part: "P 7" and "p7", "1", "001" and "1.0".
SAME_PATIENT = r"ltrim(regexp_replace(lower(regexp_replace(CAST({} AS VARCHAR), '\s', '', 'g')), '\.0$', ''), '0')"
CHUNK, PARQUET = 1 << 22, ".parquet"


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
        self._blank = {table: _blank_lines(file) for table, file in self._files.items()}
        self.name = name or self._files["patients"].stem
        self.patients: int = self._ask("patients", "SELECT count(*) FROM {}").fetchone()[0]

    def fingerprint(self) -> str:
        """Return what changes when a file does."""
        stats = {name: (str(file.resolve()), file.stat()) for name, file in sorted(self._files.items())}
        told = [(name, path, stat.st_size, stat.st_mtime_ns) for name, (path, stat) in stats.items()]
        return sha256(repr(told).encode()).hexdigest()

    def parts(self, number: int) -> Sequence[Callable[[], dict[str, pd.DataFrame]]]:
        """Return a function for each part, which reads its tables; their index is the row number in the file."""
        split = self._scratch / f"parts-{self.fingerprint()[:16]}-{number}"
        for table in self._files:
            if not (split / f"{table}.done").exists():
                self._split(table, number, split)
        return [partial(self._read, split, place) for place in range(number)]

    def _split(self, table: str, number: int, split: Path) -> None:
        shutil.rmtree(split / table, ignore_errors=True)  # what is there was split half
        split.mkdir(parents=True, exist_ok=True)
        of = f"hash({SAME_PATIENT.format(_quoted(self._ids[table]))}) % {number}"
        query = f'SELECT *, row_number() OVER () + 1 AS "{ROW}", {of} AS "{PART}" FROM {{}}'  # noqa: S608
        self._ask(table, f'COPY ({query}) TO {_text(split / table)} (FORMAT parquet, PARTITION_BY ("{PART}"))')
        (split / f"{table}.done").touch()

    def _read(self, split: Path, place: int) -> dict[str, pd.DataFrame]:
        read = {}
        for table in self._files:
            files = sorted(str(file) for file in (split / table / f"{PART}={place}").glob("*.parquet"))
            if files:
                query = "FROM read_parquet(?, hive_partitioning = false)"
                rows = self._connection.execute(query, [files]).df().sort_values(ROW)
                before = np.searchsorted(self._blank[table], rows[ROW], side="right")
                read[table] = rows.set_index(rows[ROW] + before).drop(columns=ROW)
            else:
                read[table] = self._ask(table, "FROM {} LIMIT 0").df()
        return read

    def _find_ids(self, mapping: ColumnMapping | None) -> dict[str, str]:
        if "patients" not in self._files:
            raise RegistryError("A registry needs a file of patients.")
        for file in self._files.values():
            if not file.is_file():
                raise RegistryError(f"{file.name}: there is no such file.")
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
        parquet = file.suffix.casefold() == PARQUET
        scan = "read_parquet({})" if parquet else CSV
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


def _blank_lines(file: Path) -> NDArray[np.int64]:
    """Return where blank lines shift the numbers of the rows that DuckDB returns, since it does not count them.

    Returns
    -------
    array
        For each blank line the number, without blank lines, of the first row after it.
    """
    blank: list[int] = []
    if file.suffix.casefold() == PARQUET or not _may_have_blank_lines(file):
        return np.array(blank, dtype=np.int64)
    row, quoted = 1, False
    with file.open("rb") as lines:
        for line in lines:
            if not quoted and not line.strip(b"\r\n"):
                blank.append(row)
                continue
            quoted ^= line.count(b'"') % 2 == 1
            row += not quoted
    return np.array(blank, dtype=np.int64)


def _may_have_blank_lines(file: Path) -> bool:
    with file.open("rb") as opened:
        before = b"\n"
        while chunk := opened.read(CHUNK):
            text = (before + chunk).replace(b"\r", b"")
            if b"\n\n" in text:
                return True
            before = text[-1:]
    return False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"
