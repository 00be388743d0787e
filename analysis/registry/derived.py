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
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.times import first_of_each
from analysis.registry.count import EngineError, StoredColumn
from analysis.registry.derived_files import NEW, TABLES, Stored, smallest_type, write_meanings, write_rows
from analysis.registry.folder import Folder
from analysis.registry.part_cohort import version_of_code
from analysis.registry.telling import Locks, tell

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

    def rows(self, which: Rows, whose: Rows, patients: int) -> Coded:
        """Return a column of patients from some of these rows: `whose` says of each whose it is; others have none."""
        code = np.full(patients, -1)
        code[whose] = self.code[which]
        return Coded(code, self.profiles)

    def in_turn(self, row: Rows, patients: int) -> dict[str, Coded]:
        """Return columns of patients from rows of which each may have several: the first of each, the second, ...

        Parameters
        ----------
        row
            The patient of each of these rows; those of a patient are together.
        patients
            The number of patients.
        """
        first = np.flatnonzero(first_of_each(row))
        turn = np.arange(len(row)) - np.repeat(first, np.diff(np.append(first, len(row))))
        of_turns = (np.flatnonzero(turn == number) for number in range(int(turn.max(initial=-1)) + 1))
        return {str(number): self.rows(which, row[which], patients) for number, which in enumerate(of_turns)}


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
            Returns the columns of the patients of a part; a column that other parts have has no value in this one.
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

    def content(self, name: str) -> str:
        """Return what changes when a derived table is made anew with other numbers or codes."""
        return self._stored[name].content

    def _place(self, name: str) -> Path:
        return self._folder.derived / TABLES / name

    def _make(self, words: str, make: Callable[[Cohort], Made], place: Path) -> None:
        _forget_unfinished(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(mkdtemp(prefix=f"{place.name}{NEW}", dir=place.parent))  # another process may make it too
        try:
            parts: list[Made] = []
            sizes = [len(part) for part in self._folder.parts]
            for number, part in enumerate(self._folder.parts):
                tell(number / len(self._folder.parts), words)
                parts.append(make(part))
            names = dict.fromkeys(name for part in parts for name in part)
            joined = {name: _joined([part.get(name) for part in parts], sizes) for name in names}
            types = {name: smallest_type(values) for name, (values, _) in joined.items()}
            for number in range(len(parts)):
                columns = {name: values[number] for name, (values, _) in joined.items()}
                write_rows(columns, types, new, number)
            write_meanings({name: profiles for name, (_, profiles) in joined.items()}, new, words)
            _put(new, place)
        finally:
            shutil.rmtree(new, ignore_errors=True)


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


def _joined(
    parts: Sequence[Coded | Floats | None], sizes: Sequence[int]
) -> tuple[list[NDArray[Any]], pd.DataFrame | None]:
    """Return a column of all parts, with codes of the same meaning in all, and that meaning; see `Derived`."""
    coded = [part for part in parts if isinstance(part, Coded)]
    if not coded:
        numbers = (np.full(size, np.nan) if part is None else part for part, size in zip(parts, sizes, strict=True))
        return [np.asarray(each, dtype=float) for each in numbers], None
    profiles = pd.concat([_to_last_year(part.profiles, coded) for part in coded], ignore_index=True)
    whole = Coded.of({name: profiles[name] for name in profiles})
    codes, start = [], 0
    for part, size in zip(parts, sizes, strict=True):
        code = part.code if isinstance(part, Coded) else np.full(size, -1)
        end = start + (len(part.profiles) if isinstance(part, Coded) else 0)
        codes.append(np.append(whole.code[start:end], -1)[code].astype(np.int32))
        start = end
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
