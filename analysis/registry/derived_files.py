"""The files of a derived table: its rows part by part, what its codes mean, and hashes of both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.registry.drafts import Meaning
from analysis.registry.folder import Folder, write_text
from analysis.registry.part_cohort import version_of_code
from analysis.registry.stored_tables import hash_of

TABLES = "tables"  # where they are, in the folder of what is derived
TABLE, ROWS, NEW = "table.json", "rows", ".new-"


class Stored:
    """The files of a derived table.

    Parameters
    ----------
    place
        Their folder.
    coded
        By column, whether it holds codes.
    hashes
        By file its SHA-256.
    version
        Of the code that made it.
    """

    def __init__(self, place: Path, coded: Mapping[str, bool], hashes: Mapping[str, str], version: str) -> None:
        self.version = version
        self._place = place
        self._coded = coded
        self._hashes = hashes
        self._seen = self._stats()
        self.rows = [place / name for name in sorted(hashes) if name.startswith(f"{ROWS}/")]

    @classmethod
    def read(cls, place: Path) -> Stored | None:
        """Return the table in a folder; None if there is none, or it is not as it was made."""
        try:
            held = json.loads((place / TABLE).read_text(encoding="utf-8"))
            stored = cls(place, held["coded"], held["hashes"], held["version"])
        except (OSError, ValueError, KeyError):
            return None
        return stored if stored._whole() else None

    @property
    def content(self) -> str:
        """What changes when its content does."""
        return sha256(json.dumps(self._hashes, sort_keys=True).encode()).hexdigest()

    @property
    def columns(self) -> dict[str, pa.DataType]:
        """The columns, each with its type in the files."""
        schema = pq.read_schema(self.rows[0])
        return dict(zip(schema.names, schema.types, strict=True))

    def profiles(self) -> dict[str, pd.DataFrame | None]:
        """Return what the codes of each column mean."""
        return {
            name: pq.read_table(self._place / f"{_file_name(name)}.parquet").to_pandas() if coded else None
            for name, coded in self._coded.items()
        }

    def is_as_it_was(self) -> bool:
        """Return whether the files are as they were made; their content is only looked at if they were touched."""
        try:
            now = self._stats()
            if now != self._seen and not self._whole():
                return False
        except OSError:
            return False
        self._seen = now
        return True

    def _whole(self) -> bool:
        return all(hash_of(self._place / name) == expected for name, expected in self._hashes.items())

    def _stats(self) -> list[tuple[int, int]]:
        stats = [(self._place / name).stat() for name in self._hashes]
        return [(stat.st_size, stat.st_mtime_ns) for stat in stats]


def stored_of(folder: Folder) -> dict[str, Stored]:
    """Return the derived tables that are kept of a registry and that this version of the code has made, by name."""
    places = [place for place in sorted((folder.derived / TABLES).glob("*")) if NEW not in place.name]
    found = {place.name: Stored.read(place) for place in places}
    return {name: stored for name, stored in found.items() if stored and stored.version == version_of_code()}


def write_rows(columns: Mapping[str, NDArray[Any]], meanings: Mapping[str, Meaning], place: Path, part: int) -> None:
    """Write the rows of a part; codes below 0 and NaN are missing."""
    file = place / ROWS / f"{part:05}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        name: pa.array(np.where(_missing(values), 0, values), mask=_missing(values)).cast(meanings[name].type)
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), file, compression="zstd")


def _missing(values: NDArray[Any]) -> Flags:
    return values < 0 if values.dtype.kind == "i" else np.isnan(values)


def write_meanings(profiles: Mapping[str, pd.DataFrame | None], place: Path, words: str) -> None:
    """Write what codes mean, and, as the last file, the hashes of all files."""
    for name, held in profiles.items():
        if held is not None:
            pq.write_table(pa.Table.from_pandas(held), place / f"{_file_name(name)}.parquet")
    hashes = {str(file.relative_to(place).as_posix()): hash_of(file) for file in sorted(place.rglob("*.parquet"))}
    coded = {name: held is not None for name, held in profiles.items()}
    described = {"words": words, "version": version_of_code(), "coded": coded, "hashes": hashes}
    write_text(place / TABLE, json.dumps(described))


def _file_name(column: str) -> str:
    return sha256(column.encode()).hexdigest()[:16]
