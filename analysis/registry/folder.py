"""The folder of a registry: its manifest, its parts as cohorts, and the tables derived from them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.findings import Finding
from analysis.intake.assemble import findings_frame
from analysis.registry.column_kinds import ColumnKind, Kinds
from analysis.registry.part_cohort import PartCohort
from analysis.registry.stored_tables import file_of, hash_of

FORMAT, VERSION = "registry of patients", 1
MANIFEST, PARTS, DERIVED = "registry.json", "parts", "derived"
MOST_PARTS_IN_MEMORY = 2


class RegistryError(ValueError):
    """A folder cannot be used as a registry, or a file not be imported; the message says why, and what to do."""


@dataclass(frozen=True)
class Part:
    """A part of the patients.

    Attributes
    ----------
    patients
        Their number.
    hashes
        The SHA-256 of the file of each table.
    """

    patients: int
    hashes: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Manifest:
    """What a registry holds.

    Attributes
    ----------
    name
        Its name on the screen.
    data
        The folder within the registry's in which its data are.
    parts
        The parts of the patients, in order.
    kinds
        The columns of each table.
    recorded
        The optional tables that there are.
    rows_read
        Rows of patients in the files, used or not.
    findings
        The first findings from reading the files, as `findings_frame` has them.
    found
        The number of findings of each kind.
    rows
        The number of rows of each table.
    drugs
        The number of patients who took each drug.
    events
        The names of adverse events, sorted.
    mapping
        How the files were read, as JSON.
    source
        What identifies the files.
    """

    name: str
    data: str
    parts: tuple[Part, ...]
    kinds: dict[str, Kinds]
    recorded: tuple[str, ...]
    rows_read: int
    findings: tuple[tuple[Any, ...], ...]
    found: dict[str, int]
    rows: dict[str, int]
    drugs: dict[str, int]
    events: tuple[str, ...]
    mapping: str
    source: str

    @property
    def patients(self) -> int:
        """The number of patients."""
        return sum(part.patients for part in self.parts)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all that it holds, in hexadecimal."""
        return sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Return the content of the file."""
        kinds = {
            table: {name: kind.to_json() for name, kind in columns.items()} for table, columns in self.kinds.items()
        }
        held = {"format": FORMAT, "version": VERSION, **asdict(self), "kinds": kinds}
        return json.dumps({**held, "hash": _hash_of(held)}, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Return what the content of a file says.

        Raises
        ------
        RegistryError
            If it is not that of a registry of this version.
        """
        broken = "its manifest is broken. Import it anew."
        try:
            held = json.loads(text)
        except ValueError as error:
            raise RegistryError(broken) from error
        if not isinstance(held, dict) or held.pop("format", None) != FORMAT:
            raise RegistryError("it is not the folder of a registry.")
        if held.pop("version", None) != VERSION:
            raise RegistryError("it was made by another version of this app. Import it anew.")
        if held.pop("hash", None) != _hash_of({"format": FORMAT, "version": VERSION, **held}):
            raise RegistryError(broken)
        try:
            return cls(
                **{
                    **held,
                    "parts": tuple(Part(**part) for part in held["parts"]),
                    "kinds": {
                        table: {name: ColumnKind.from_json(kind) for name, kind in columns.items()}
                        for table, columns in held["kinds"].items()
                    },
                    "recorded": tuple(held["recorded"]),
                    "events": tuple(held["events"]),
                    "findings": tuple(tuple(row) for row in held["findings"]),
                }
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise RegistryError(broken) from error


class Folder:
    """The folder of a registry.

    Parameters
    ----------
    path
        Where it is.

    Raises
    ------
    RegistryError
        If it is not the folder of a registry, was made by another version, or a file of it was changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.manifest = Manifest.from_json((path / MANIFEST).read_bytes())
            self._check()
        except FileNotFoundError as error:
            unfinished = any(path.glob("data-*"))
            why = "its import is not finished; start it again" if unfinished else "it is not the folder of a registry"
            raise RegistryError(f"{path.name}: {why}.") from error
        except OSError as error:
            raise RegistryError(f"{path.name}: the folder cannot be read. Check who may read it.") from error
        except RegistryError as error:
            raise RegistryError(f"{path.name}: {error}") from error
        # A part that nobody is in has no files.
        self.parts = tuple(self._part(place) for place, part in enumerate(self.manifest.parts) if part.patients)

    def __len__(self) -> int:
        return self.manifest.patients

    @property
    def data(self) -> Path:
        """Where the tables are."""
        return self.path / self.manifest.data

    @property
    def derived(self) -> Path:
        """Where the tables derived from them are; they can be deleted, and are then made again."""
        return self.data / DERIVED

    def _part(self, place: int) -> PartCohort:
        manifest = self.manifest
        return PartCohort(
            folder_of_part(self.data, place),
            self.derived / "facts" / f"{place:05}",
            manifest.kinds,
            manifest.parts[place].patients,
            name=manifest.name,
            findings=findings_frame([]),
            left_out=pd.DataFrame(columns=["table", "row", "patient_id", "reason"], dtype=object),
            rows_read=manifest.parts[place].patients,
            fingerprint=sha256(f"{manifest.fingerprint} {place}".encode()).hexdigest(),
            recorded=frozenset(manifest.recorded),
        )

    def _check(self) -> None:
        for place, part in enumerate(self.manifest.parts):
            if damaged := damage(self.data, place, part.hashes):
                raise RegistryError(f"{damaged} Import it anew.")


def damage(data: Path, place: int, hashes: Mapping[str, str]) -> str:
    """Return what was changed in a part since it was imported, as a sentence; "" if nothing was."""
    for table, expected in hashes.items():
        file = file_of(folder_of_part(data, place), table)
        if not file.is_file():
            return f"part {place + 1} lacks its {table}."
        if hash_of(file) != expected:
            return f"the {table} of part {place + 1} were changed."
    return ""


def _hash_of(held: Mapping[str, Any]) -> str:
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def findings_of(manifest: Manifest, *before: Finding) -> pd.DataFrame:
    """Return the first findings from reading the files, after others."""
    return findings_frame([*before, *(Finding(*row) for row in manifest.findings)])


def folder_of_part(data: Path, place: int) -> Path:
    """Return the folder of a part."""
    return data / PARTS / f"{place:05}"


def write_text(file: Path, text: str) -> None:
    """Write a file as a whole or not at all: whoever reads it meanwhile finds the old one."""
    new = file.with_name(file.name + ".new")
    with new.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
