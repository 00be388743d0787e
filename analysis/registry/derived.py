"""Tables that are derived from the patients of a registry: a row a patient, of numbers and codes, made part by part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats
from analysis.cohort.model import Cohort
from analysis.registry.count import StoredColumn
from analysis.registry.folder import Folder, write_text
from analysis.registry.part_cohort import version_of_code
from analysis.registry.telling import tell

TABLE, ROWS = "table.json", "rows"


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
        self._making = Lock()

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
        with self._making:
            if name not in self._held:
                place = self._place(name)
                if not (place / TABLE).exists():
                    self._make(words, make, place)
                self._held[name] = Derived(name, _profiles(place))
            return self._held[name]

    def files(self, name: str) -> Sequence[Path]:
        """Return the files of a derived table in the order of its rows."""
        return sorted((self._place(name) / ROWS).glob("*.parquet"))

    def _place(self, name: str) -> Path:
        return self._folder.derived / "tables" / name

    def _make(self, words: str, make: Callable[[Cohort], Made], place: Path) -> None:
        new = place.with_name(f"{place.name}.new")
        if new.exists():
            shutil.rmtree(new)
        parts: list[Made] = []
        for number, part in enumerate(self._folder.parts):
            tell(number / len(self._folder.parts), words)
            parts.append(make(part))
        joined = {name: _joined([part[name] for part in parts]) for name in parts[0]}
        for number in range(len(parts)):
            columns = {name: values[number] for name, (values, _) in joined.items()}
            _write(columns, new / ROWS / f"{number:05}.parquet")
        for name, (_, profiles) in joined.items():
            if profiles is not None:
                pq.write_table(pa.Table.from_pandas(profiles), new / f"{_file_name(name)}.parquet")
        held = {name: profiles is not None for name, (_, profiles) in joined.items()}
        write_text(new / TABLE, json.dumps({"words": words, "coded": held}))
        if place.exists():
            shutil.rmtree(place)
        new.rename(place)


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


def _write(columns: Mapping[str, NDArray[Any]], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        name: pa.array(values, mask=values < 0 if values.dtype.kind == "i" else np.isnan(values))
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), file, compression="zstd")


def _profiles(place: Path) -> dict[str, pd.DataFrame | None]:
    coded = json.loads((place / TABLE).read_text(encoding="utf-8"))["coded"]
    return {
        name: pq.read_table(place / f"{_file_name(name)}.parquet").to_pandas() if has else None
        for name, has in coded.items()
    }


def _file_name(column: str) -> str:
    return sha256(column.encode()).hexdigest()[:16]
