"""The tables of a part of a registry as Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.registry.column_kinds import SETS, Kinds

CHUNK = 1 << 22


def write_table(table: pd.DataFrame, kinds: Kinds, file: Path) -> str:
    """Write a table, and return the SHA-256 of the file in hexadecimal."""
    plain = table.copy(deep=False)
    for name, kind in kinds.items():
        if kind.kind == SETS:
            plain[name] = plain[name].map(sorted, na_action="ignore")
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(plain, preserve_index=False), file, compression="zstd")
    return hash_of(file)


def read_table(file: Path, kinds: Kinds, of: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table with the columns and types of all parts: all rows, or those of some patients, by their ids."""
    rows = None if of is None else pc.field("patient_id").cast(pa.string()).isin(pa.array(of, pa.string()))
    held = pq.read_table(file, filters=rows).to_pandas()
    missing = pd.Series(None, index=held.index, dtype=object)
    return pd.DataFrame({name: kind.cast(held.get(name, missing)) for name, kind in kinds.items()})


def write_tables(tables: Mapping[str, pd.DataFrame], kinds: Mapping[str, Kinds], folder: Path) -> dict[str, str]:
    """Write the tables of a part, and return the SHA-256 of each file by table."""
    return {name: write_table(table, kinds[name], file_of(folder, name)) for name, table in tables.items()}


def file_of(folder: Path, table: str) -> Path:
    """Return the file of a table of a part."""
    return folder / f"{table}.parquet"


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
