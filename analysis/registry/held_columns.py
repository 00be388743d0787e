"""Stored columns in memory as small whole numbers: those that were asked for last, as far as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
from analysis.registry.count import UNREADABLE, EngineError, StoredColumn
from analysis.registry.telling import Locks, tell

MOST_BYTES = 400_000_000
MOST_VALUES = 1 << 16  # different ones of a column; of more, a table of counts is no smaller than the column
AT_ONCE = 4  # columns that are read together: opening a file takes longer than reading a column of it
READING = "Reading what is counted"
# The files of a stored table with the times at which they were written, and a column.
Key: TypeAlias = tuple[tuple[tuple[Path, int], ...], str]
Columns: TypeAlias = dict["Key", "HeldColumn | None"]


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
            codes = (_filled(part.cast(pa.int64()), low - 1) - (low - 1) for part in numbers.chunks)
            return cls(_together(codes, len(numbers), len(values)), np.append(np.nan, values))
        place, values = pd.factorize(
            np.concatenate([np.empty(0), *(_filled(part, np.nan) for part in numbers.chunks)]), sort=True
        )
        if len(values) >= MOST_VALUES:
            return None
        return cls(_together([place + 1], len(numbers), len(values)), np.append(np.nan, values))


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

    def all_of(self, keys: Sequence[Key], read: Callable[[Sequence[Key]], Columns]) -> Columns:
        """Return columns of one table; those that are not held are read, and those asked for longest ago let go of."""
        with self._reading.held(repr(keys[0][0]), READING):
            with self._lock:
                found = {key: self._held[key] for key in keys if key in self._held}
            missing = [key for key in keys if key not in found]
            for start in range(0, len(missing), AT_ONCE):
                found |= read(missing[start : start + AT_ONCE])
            with self._lock:
                for key in keys:
                    self._held[key] = found[key]
                    self._held.move_to_end(key)
                while sum(map(_bytes, self._held.values())) > self.most_bytes:
                    self._held.popitem(last=False)
            return found


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
        """Return columns; None if one of them cannot be held.

        Raises
        ------
        EngineError
            If the files are gone or cannot be read.
        """
        try:
            return self._all_of(columns)
        except (OSError, pa.ArrowException) as error:  # its text names files
            raise EngineError(UNREADABLE) from error

    def _all_of(self, columns: Sequence[StoredColumn]) -> dict[StoredColumn, HeldColumn] | None:
        held: dict[StoredColumn, HeldColumn] = {}
        for table in dict.fromkeys(column.table for column in columns):
            files = tuple((file, file.stat().st_mtime_ns) for file in self._files(table))
            keys = {(files, column.column): column for column in columns if column.table == table}
            for key, found in self._room.all_of(list(keys), self._read).items():
                if found is None:
                    return None
                held[keys[key]] = found
        return held

    def _read(self, keys: Sequence[Key]) -> Columns:
        """Read columns of one table, each file once."""
        files, names = [file for file, _ in keys[0][0]], [name for _, name in keys]
        parts: list[pa.Table] = []
        rows = 0
        for place, file in enumerate(files):
            tell(place / len(files), READING)
            parts.append(pq.ParquetFile(file).read(names))
            rows += len(parts[-1])
            if rows > self._room.most_bytes:  # each takes a byte or more
                return dict.fromkeys(keys)
        table = pa.concat_tables(parts)
        made = {key: HeldColumn.of(table.column(key[1])) for key in keys}
        return {key: held if _bytes(held) <= self._room.most_bytes else None for key, held in made.items()}


def _bytes(held: HeldColumn | None) -> int:
    return 0 if held is None else held.code.nbytes + held.values.nbytes


def _filled(part: pa.Array, missing: float) -> NDArray[Any]:
    """Return numbers with another one where they are missing."""
    return pc.fill_null(part, missing).to_numpy(zero_copy_only=False)


def _together(codes: Iterable[NDArray[Any]], patients: int, values: int) -> NDArray[np.unsignedinteger[Any]]:
    """Return the codes of all parts, of which one after the other is in memory in eight bytes a patient."""
    together, start = np.empty(patients, dtype=np.min_scalar_type(values)), 0
    for part in codes:
        together[start : start + len(part)] = part
        start += len(part)
    return together
