"""Stored columns in memory as small whole numbers: those that were asked for last, as far as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats
from analysis.registry.count import StoredColumn
from analysis.registry.telling import Locks, tell

MOST_BYTES = 400_000_000
MOST_VALUES = 1 << 16  # different ones of a column; of more, a table of counts is no smaller than the column
READING = "Reading what is counted"
# The files of a stored table with the times at which they were written, and a column.
Key: TypeAlias = tuple[tuple[tuple[Path, int], ...], str]


@dataclass(frozen=True, eq=False)
class HeldColumn:
    """A stored column.

    Attributes
    ----------
    code
        For each patient an index into `values`.
    values
        NaN, for a missing number, and then numbers in increasing order; not every one has to occur.
    """

    code: NDArray[np.unsignedinteger[Any]]
    values: Floats

    @classmethod
    def of(cls, numbers: pa.ChunkedArray) -> HeldColumn | None:
        """Return a column of numbers; None if it has too many values."""
        if pa.types.is_integer(numbers.type):
            ends = pc.min_max(numbers).as_py()
            low, high = ends["min"] or 0, ends["max"] or 0
            if high - low >= MOST_VALUES:
                return None
            values = np.arange(low, high + 1, dtype=float)
            code = [_filled(part, low - 1, np.int64) - (low - 1) for part in numbers.chunks]
            return cls._held(np.concatenate([*code, np.empty(0, dtype=np.int64)]), values)
        place, values = pd.factorize(
            np.concatenate([np.empty(0), *(_filled(part, np.nan, float) for part in numbers.chunks)]), sort=True
        )
        return cls._held(place + 1, values) if len(values) < MOST_VALUES else None

    @classmethod
    def _held(cls, code: NDArray[np.int64], values: Floats) -> HeldColumn:
        return cls(code.astype(np.min_scalar_type(len(values))), np.append(np.nan, values))


class Room:
    """The columns of all registries of a process that are in memory.

    Parameters
    ----------
    most_bytes
        All that is held takes no more; a column that alone takes more is never held.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[Key, HeldColumn | None] = OrderedDict()  # last is what was asked for last
        self._lock, self._reading = Lock(), Locks()

    def once(self, key: Key, read: Callable[[], HeldColumn | None]) -> HeldColumn | None:
        """Return a column that is held, or else read it, and let go of those that were asked for longest ago."""
        with self._reading.held(repr(key), READING):
            with self._lock:
                if key in self._held:
                    self._held.move_to_end(key)
                    return self._held[key]
            made = read()
            with self._lock:
                self._held[key] = made
                while sum(map(_bytes, self._held.values())) > self.most_bytes:
                    self._held.popitem(last=False)
            return made


ROOM = Room()


class HeldColumns:
    """The stored columns of a registry, read into memory when they are asked for.

    Parameters
    ----------
    files
        Returns the files of a stored table, in the order of its rows.
    room
        Where they are held.
    """

    def __init__(self, files: Callable[[str], Sequence[Path]], room: Room = ROOM) -> None:
        self._files = files
        self._room = room

    def all_of(self, columns: Sequence[StoredColumn]) -> dict[StoredColumn, HeldColumn] | None:
        """Return columns; None if one of them cannot be held."""
        held: dict[StoredColumn, HeldColumn] = {}
        for column in columns:
            files = self._files(column.table)
            key = tuple((file, file.stat().st_mtime_ns) for file in files), column.column
            found = self._room.once(key, partial(self._read, files, column.column))
            if found is None:
                return None
            held[column] = found
        return held

    def _read(self, files: Sequence[Path], column: str) -> HeldColumn | None:
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        if rows > self._room.most_bytes:  # each takes a byte or more
            return None
        parts: list[pa.Array] = []
        for place, file in enumerate(files):
            tell(place / len(files), READING)
            parts += pq.ParquetFile(file).read([column]).column(0).chunks
        made = HeldColumn.of(pa.chunked_array(parts))
        return made if _bytes(made) <= self._room.most_bytes else None


def _bytes(held: HeldColumn | None) -> int:
    return 0 if held is None else held.code.nbytes + held.values.nbytes


def _filled(part: pa.Array, missing: float, kind: type) -> NDArray[Any]:
    """Return numbers with another one where they are missing."""
    numbers = pc.fill_null(part.cast(pa.int64() if kind is np.int64 else pa.float64()), missing)
    return numbers.to_numpy(zero_copy_only=False)
