"""Tables that are derived from the patients of a registry: a row a patient, of numbers and codes, made part by part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from time import time
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.model import Cohort
from analysis.registry.count import EngineError, StoredColumn
from analysis.registry.folder import Folder, write_text
from analysis.registry.part_cohort import version_of_code
from analysis.registry.stored_tables import hash_of
from analysis.registry.telling import Locks, tell

TABLE, ROWS, NEW = "table.json", "rows", ".new-"
ABANDONED_SECONDS = 24 * 3600.0


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of codes of the patients of a part, and what the codes mean.

    Attributes
    ----------
    code
        For each patient a row of `profiles`; -1 for none.
    profiles
        A row a code: numbers, flags and texts.
    """

    code: NDArray[np.signedinteger[Any]]
    profiles: pd.DataFrame

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> Coded:
        """Return patients with equal values in all columns under one code."""
        table = pd.DataFrame(dict(columns))
        numbers = table.groupby(list(table), dropna=False, sort=False, observed=True).ngroup().to_numpy()
        first = np.unique(numbers, return_index=True)[1]
        return cls(numbers, table.iloc[first].reset_index(drop=True))


Made: TypeAlias = Mapping[str, "Coded | Floats"]


@dataclass(frozen=True, eq=False)
class Derived:
    """A derived table.

    Attributes
    ----------
    name
        Its name among the stored tables.
    profiles
        By column: a row a code; None if the column holds numbers.
    """

    name: str
    profiles: Mapping[str, pd.DataFrame | None]

    def column(self, name: str) -> StoredColumn:
        """Return a column, to be asked for."""
        return StoredColumn(self.name, name)

    def meaning(self, name: str) -> pd.DataFrame:
        """Return what the codes of a column mean, a row each."""
        profiles = self.profiles[name]
        if profiles is None:
            raise ValueError(f"The column {name} holds numbers.")
        return profiles


class DerivedTables:
    """The derived tables of a registry, each made when it is first needed, and kept.

    Parameters
    ----------
    folder
        The registry.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._held: dict[str, Derived] = {}
        self._stored: dict[str, Stored] = {}
        self._making = Locks()

    def table(self, words: str, key: object, make: Callable[[Cohort], Made]) -> Derived:
        """Return a derived table.

        Parameters
        ----------
        words
            What it holds, for whoever waits.
        key
            What tells it from others: anything that JSON can hold.
        make
            Returns the columns of the patients of a part, the same for each.
        """
        name = sha256(json.dumps([version_of_code(), words, key]).encode()).hexdigest()[:24]
        with self._making.held(name, words):
            if name not in self._held:
                place = self._place(name)
                stored = Stored.read(place)
                if stored is None:
                    self._make(words, make, place)
                    stored = Stored.read(place)
                if stored is None:
                    raise EngineError("What was prepared of the registry cannot be kept in its folder. Is there room?")
                self._stored[name] = stored
                self._held[name] = Derived(name, stored.profiles())
            return self._held[name]

    def files(self, name: str) -> Sequence[Path]:
        """Return the files of a derived table in the order of its rows.

        Raises
        ------
        EngineError
            If one was changed or deleted after the table was returned.
        """
        stored = self._stored[name]
        if not stored.is_as_it_was():
            raise EngineError("What was prepared of the registry was changed or deleted. Open it again.")
        return stored.rows

    def _place(self, name: str) -> Path:
        return self._folder.derived / "tables" / name

    def _make(self, words: str, make: Callable[[Cohort], Made], place: Path) -> None:
        _forget_unfinished(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(mkdtemp(prefix=f"{place.name}{NEW}", dir=place.parent))  # another process may make it too
        try:
            parts: list[Made] = []
            for number, part in enumerate(self._folder.parts):
                tell(number / len(self._folder.parts), words)
                parts.append(make(part))
            joined = {name: _joined([part[name] for part in parts]) for name in parts[0]}
            types = {name: _smallest_type(values) for name, (values, _) in joined.items()}
            for number in range(len(parts)):
                columns = {name: values[number] for name, (values, _) in joined.items()}
                _write(columns, types, new / ROWS / f"{number:05}.parquet")
            for name, (_, profiles) in joined.items():
                if profiles is not None:
                    pq.write_table(pa.Table.from_pandas(profiles), new / f"{_file_name(name)}.parquet")
            hashes = {str(file.relative_to(new).as_posix()): hash_of(file) for file in sorted(new.rglob("*.parquet"))}
            coded = {name: profiles is not None for name, (_, profiles) in joined.items()}
            write_text(new / TABLE, json.dumps({"words": words, "coded": coded, "hashes": hashes}))
            _put(new, place)
        finally:
            shutil.rmtree(new, ignore_errors=True)


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
    """

    def __init__(self, place: Path, coded: Mapping[str, bool], hashes: Mapping[str, str]) -> None:
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
            stored = cls(place, held["coded"], held["hashes"])
        except (OSError, ValueError, KeyError):
            return None
        return stored if stored._whole() else None

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


def _put(new: Path, place: Path) -> None:
    """Put a table in its place, unless another process has done so."""
    try:
        new.rename(place)
    except OSError:
        if Stored.read(place) is None:
            place.rename(new.with_name(f"{new.name}.old"))
            new.rename(place)
            shutil.rmtree(new.with_name(f"{new.name}.old"), ignore_errors=True)


def _forget_unfinished(place: Path) -> None:
    """Delete what a process that was killed has left of a table."""
    for left in place.parent.glob(f"{place.name}{NEW}*"):
        if time() - left.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _joined(parts: Sequence[Coded | Floats]) -> tuple[list[NDArray[Any]], pd.DataFrame | None]:
    """Return a column of all parts, with codes of the same meaning in all, and that meaning; see `Derived`."""
    coded = [part for part in parts if isinstance(part, Coded)]
    if not coded:
        return [np.asarray(part, dtype=float) for part in parts], None
    profiles = pd.concat([_to_last_year(part.profiles, coded) for part in coded], ignore_index=True)
    whole = Coded.of({name: profiles[name] for name in profiles})
    ends = np.cumsum([0, *(len(part.profiles) for part in coded)])
    codes = [
        np.append(whole.code[start:end], -1)[part.code].astype(np.int32)
        for part, start, end in zip(coded, ends, ends[1:], strict=False)
    ]
    return codes, whole.profiles


def _to_last_year(profiles: pd.DataFrame, coded: Sequence[Coded]) -> pd.DataFrame:
    """Return profiles with the columns of all parts; those of later years repeat the last year that there is."""
    names = dict.fromkeys(str(name) for part in coded for name in part.profiles)
    table = profiles.copy(deep=False)
    for name in names:
        if name not in table:
            start = name.rpartition("_")[0]
            last = max((each for each in table if str(each).rpartition("_")[0] == start), key=_year_of)
            table[name] = table[last]
    return table[sorted(names, key=lambda name: (_year_of(name), list(names).index(name)))]


def _year_of(name: object) -> int:
    number = str(name).rpartition("_")[2]
    return int(number) if number.isdecimal() else 0


def _smallest_type(values: Sequence[NDArray[Any]]) -> pa.DataType:
    """Return the smallest type that holds a column of all parts: of small whole numbers, most are counted faster."""
    held = [part[~_missing(part)] for part in values]
    if any((part != np.trunc(part)).any() for part in held):
        return pa.float64()
    lowest, highest = (int(end) for end in (min(p.min(initial=0) for p in held), max(p.max(initial=0) for p in held)))
    for whole in (pa.int8(), pa.int16(), pa.int32()):
        limits = np.iinfo(whole.to_pandas_dtype())
        if limits.min <= lowest and highest <= limits.max:
            return whole
    return pa.float64()


def _missing(values: NDArray[Any]) -> Flags:
    return values < 0 if values.dtype.kind == "i" else np.isnan(values)


def _write(columns: Mapping[str, NDArray[Any]], types: Mapping[str, pa.DataType], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        name: pa.array(np.where(_missing(values), 0, values), mask=_missing(values)).cast(types[name])
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), file, compression="zstd")


def _file_name(column: str) -> str:
    return sha256(column.encode()).hexdigest()[:16]
