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

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.registry.coded import Made
from analysis.registry.count import EngineError, StoredColumn
from analysis.registry.derived_files import NEW, TABLES, Stored, write_meanings, write_rows
from analysis.registry.drafts import Draft, Meaning
from analysis.registry.folder import Folder
from analysis.registry.part_cohort import version_of_code
from analysis.registry.telling import Locks, tell

ABANDONED_SECONDS = 24 * 3600.0
READ = 0.9  # of the time, until every part was read


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
            parts = self._folder.parts
            drafts: list[Draft] = []
            for number, part in enumerate(parts):
                tell(READ * number / len(parts), words)
                drafts.append(Draft.written(make(part), len(part), new / f"{number}.draft"))
            meanings = Meaning.of_each(drafts)
            for number, draft in enumerate(drafts):
                tell(READ + (1 - READ) * number / len(parts), words)
                write_rows(draft.columns(number, meanings), meanings, new, number)
                draft.file.unlink()
            write_meanings({name: meaning.profiles for name, meaning in meanings.items()}, new, words)
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
