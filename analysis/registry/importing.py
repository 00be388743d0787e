"""Importing a registry in parts: in bounded memory, going on where it was stopped, and whole or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import takewhile
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.table_kinds import DEPENDENT, KINDS, OPTIONAL
from analysis.facts.patient_events import event_names
from analysis.intake.assemble import Progress, read_raw_tables, silent
from analysis.intake.proposal import propose_tables
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.saved import load_mapping, save_mapping
from analysis.intake.source import WITHOUT, ColumnMapping, Source
from analysis.registry.column_kinds import ColumnKind, Kinds, KindsDifferError, joined_kinds, kinds_of
from analysis.registry.duckdb_engine import SPILLED
from analysis.registry.folder import (
    MANIFEST,
    VERSION,
    Folder,
    Manifest,
    Part,
    RegistryError,
    damage,
    folder_of_part,
    write_text,
)
from analysis.registry.part_cohort import version_of_code
from analysis.registry.parts_source import PartsSource, RawPart
from analysis.registry.stored_tables import write_tables

PATIENTS_A_PART = 100_000
MOST_FINDINGS = 1000
KINDS_IN_ORDER = ("refused", "left out", "doubtful", "note")
STATE, DATA = "state.json", "data-"
SPLIT = "split"  # the folder in which files may be split into parts
LOCK = "import.lock"
ONLY_OWNER = 0o700  # it holds rows of patients

Mapped = dict[str, str | Source | None]


@dataclass(frozen=True)
class Imported:
    """A part that was imported, as it is remembered until all are."""

    patients: int
    rows_read: int
    hashes: dict[str, str]
    kinds: dict[str, dict[str, Any]]
    recorded: list[str]
    findings: list[list[Any]]
    found: dict[str, int]
    asked: dict[str, str]
    lost: dict[str, int]
    rows: dict[str, int]
    drugs: dict[str, int]
    events: list[str]

    def kinds_of(self, table: str) -> Kinds:
        """Return the kinds of the columns of a table."""
        return {name: ColumnKind.from_json(kind) for name, kind in self.kinds.get(table, {}).items()}


@dataclass
class State:
    """How far an import is.

    Attributes
    ----------
    mapping
        How the columns are read, as far as it is decided.
    met
        The tables of which it is decided, since rows of them were met.
    parts
        The parts that are imported.
    """

    mapping: Mapped
    met: list[str] = field(default_factory=list)
    parts: list[Imported] = field(default_factory=list)

    @classmethod
    def read(cls, data: Path) -> State | None:
        """Return the state of an import up to the first part that was damaged since; None if there is none."""
        try:
            held = json.loads((data / STATE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        parts = [Imported(**part) for part in held["parts"]]
        whole = takewhile(lambda at: not damage(data, at, parts[at].hashes), range(len(parts)))
        return cls(load_mapping(held["mapping"]), held["met"], [parts[at] for at in whole])

    def write(self, data: Path) -> None:
        """Write the state, to go on from here."""
        held = {"mapping": save_mapping(self.mapping), "met": self.met, "parts": [vars(part) for part in self.parts]}
        write_text(data / STATE, json.dumps(held))


def import_registry(
    source: PartsSource,
    folder: Path,
    *,
    mapping: ColumnMapping | None = None,
    patients_a_part: int = PATIENTS_A_PART,
    progress: Progress = silent,
) -> Folder:
    """Import the tables of a source, and return the folder that holds them.

    Each part is read as a file is, with the same checks. What a column is, is decided by the first part, and holds for
    all. An import that was stopped goes on; until it is whole, the folder keeps what it held before.

    Parameters
    ----------
    source
        The tables.
    folder
        Where the registry is kept. It is made if it does not exist.
    mapping
        As of `read_cohort`.
    patients_a_part
        How many patients are read at a time, about.
    progress
        Called with the fraction done, and with the current step in words.

    Raises
    ------
    CohortError
        If the tables cannot be used, or a question has to be answered first.
    RegistryError
        If a part does not fit to the others, there is no patient, the source was changed while it was read, or the
        folder holds something else.
    """
    place_for(folder)
    with _alone(folder):
        number = max(1, ceil(source.patients / patients_a_part))
        # What is lost is confirmed in the end, and does not change what is read.
        told: Mapped = {name: each for name, each in (mapping or {}).items() if not name.startswith(WITHOUT)}
        fingerprint = source.fingerprint()
        read_by = (fingerprint, number, VERSION, version_of_code(), save_mapping(told))
        data = _place_of(folder, sha256(repr(read_by).encode()).hexdigest()[:16])
        state = State.read(data)
        if state is None:
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir()
            state = State(told)
        progress(0.0, "Finding the parts")
        for place, read in enumerate(source.parts(number)):
            if place >= len(state.parts):
                progress(place / number, f"Reading part {place + 1} of {number}")
                _import_next(read(), state, data, f"Part {place + 1} of {number}", source.name)
        progress(1.0, "Putting the parts together")
        if source.fingerprint() != fingerprint:
            raise RegistryError(f"{source.name}: it was changed while it was read. Start the import again.")
        if not any(part.patients for part in state.parts):
            raise RegistryError(f"{source.name}: there is no patient in it.")
        confirmed = _check_losses(state.parts, mapping or {})
        return _finish(folder, data, (source.name, fingerprint), state, confirmed)


def place_for(folder: Path) -> None:
    """Make a folder for a registry that only its owner can read.

    Raises
    ------
    RegistryError
        If it holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise RegistryError(f"{folder.name}: it is a file. Choose a folder.")
    held = {file.name for file in folder.iterdir()} if folder.exists() else set()
    others = [name for name in held if not name.startswith((MANIFEST, LOCK, SPLIT, SPILLED, DATA))]
    if others:
        raise RegistryError(
            f"{folder.name}: the folder holds something else ({sorted(others)[0]}). Choose an empty one."
        )
    folder.mkdir(mode=ONLY_OWNER, parents=True, exist_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raise an error if another import into the folder is running; however one ends, it is then no longer running."""
    with closing(sqlite3.connect(folder / LOCK, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RegistryError(
                f"{folder.name}: another import into it is running. Wait until it has ended."
            ) from error
        yield


def _place_of(folder: Path, key: str) -> Path:
    """Return where the data of an import go, which is not where those in use are, and delete those of others."""
    used = _in_use(folder)
    name = next(name for name in (f"{DATA}{key}", f"{DATA}{key}-again") if name != used)
    for other in folder.glob(f"{DATA}*"):
        if other.name not in (used, name):
            shutil.rmtree(other)
    return folder / name


def _in_use(folder: Path) -> str:
    """Return the name of the data in use; "" if there are none."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["data"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return ""


def _import_next(part: RawPart, state: State, data: Path, words: str, name: str) -> None:
    """Import a part, and remember that it is."""
    held = {kind: table for kind, table in part.items() if len(table)}
    if "patients" not in held:
        imported = _nobody(held)
    else:
        absent = {str(column) for kind, table in part.items() if kind not in held for column in table}
        tables = {kind: [_raw(table, kind)] for kind, table in held.items()}
        before = [each for each in state.parts if each.patients]
        try:
            mapping = _locked(tables, state, absent)
            imported = _import_part(tables, _of_tables(mapping, tables, absent), data, len(state.parts), name)
            for kind in KINDS:
                _joined([*before, imported], kind)
        except CohortError as error:
            if not before:
                raise
            raise RegistryError(f"{words} does not fit to the parts before it: {error}") from error
        except KindsDifferError as error:
            raise RegistryError(f"{words}: {error}. Write the column alike in all rows, or leave it out.") from error
        state.mapping = mapping
        state.met = sorted({*state.met, *tables})
    state.parts.append(imported)
    state.write(data)


def _joined(parts: list[Imported], table: str) -> Kinds:
    """Return the kinds of the columns of a table in parts with patients."""
    try:
        return joined_kinds([part.kinds_of(table) for part in parts])
    except KindsDifferError as error:
        raise KindsDifferError(f"{table}, {error}") from error


def _raw(table: pd.DataFrame, name: str) -> RawTable:
    """Return a table whose index is the row number in the user's file as a raw table."""
    raw = frame_table(table, name)
    cells = raw.cells.set_axis(table.index.to_numpy()[raw.cells.index.to_numpy() - 1])
    return RawTable(cells, raw.file, raw.sheet, raw.notes, raw.rows, raw.hidden)


def _locked(tables: Mapping[str, list[RawTable]], state: State, absent: Set[str]) -> Mapped:
    """Return how the columns are read: as it is known, and of tables that were not met before as these rows tell."""
    new = [name for name in tables if name not in state.met]
    if not new:
        return state.mapping
    known = _of_tables(state.mapping, tables, absent)
    proposal = propose_tables(tables, known)
    if proposal.refusals or proposal.questions:
        read_raw_tables(tables, known)  # it raises them
    columns = [each for each in proposal.columns if each.table in new]
    found = {key: source for key, source in proposal.mapping.items() if key.partition(".")[0] in new}
    return {**{each.key: None for each in columns if each.source is None}, **found, **state.mapping}


def _of_tables(mapping: Mapped, tables: Mapping[str, list[RawTable]], absent: Set[str]) -> Mapped:
    """Return what a mapping says of these tables, and of all; `absent` are the columns of those without rows."""
    columns = {str(column) for each in tables.values() for column in each[0].cells}
    return {
        key: each
        for key, each in mapping.items()
        if key.partition(".")[0] in tables or (_table_of(key) is None and _column(each) not in absent - columns)
    }


def _column(source: str | Source | None) -> str:
    return source.column if isinstance(source, Source) else source or ""


def _import_part(tables: Mapping[str, list[RawTable]], mapping: Mapped, data: Path, place: int, name: str) -> Imported:
    reading = read_raw_tables(tables, mapping, name)
    cohort = reading.cohort
    held = {"patients": cohort.patients, **{kind: getattr(cohort, kind) for kind in DEPENDENT}}
    kinds = {table: kinds_of(rows) for table, rows in held.items()}
    hashes = write_tables(held, kinds, folder_of_part(data, place))
    findings = cohort.findings.astype(object).where(cohort.findings.notna(), None)
    return Imported(
        len(cohort),
        cohort.rows_read,
        hashes,
        {table: {column: kind.to_json() for column, kind in each.items()} for table, each in kinds.items()},
        sorted(cohort.recorded),
        [
            [None if value is None else _plain(value) for value in row]
            for row in findings.head(MOST_FINDINGS).to_numpy().tolist()
        ],
        dict(Counter(cohort.findings["kind"])),
        {each.key: each.words for each in reading.losses.questions},
        dict(reading.losses.counts),
        {table: len(rows) for table, rows in held.items()},
        _patients_by_drug(cohort.treatments),
        [*event_names(cohort)] if cohort.events_recorded else [],
    )


def _patients_by_drug(treatments: pd.DataFrame) -> dict[str, int]:
    if treatments.empty:
        return {}
    patients = treatments.groupby("drug")["patient_id"].nunique()
    return {str(drug): int(number) for drug, number in patients.items()}


def _nobody(held: Mapping[str, pd.DataFrame]) -> Imported:
    """Return a part without patients; rows of other tables are then left out."""
    findings = [
        [
            "left out",
            name,
            None,
            "patient_id",
            "",
            f"{name}: {len(rows):,} rows are of nobody in the table of patients.",
            "",
        ]
        for name, rows in held.items()
    ]
    lost = {f"{WITHOUT}{name}": len(rows) for name, rows in held.items()}
    return Imported(0, 0, {}, {}, [], findings, {"left out": sum(lost.values())}, {}, lost, {}, {}, [])


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else str(value)


def _table_of(key: str) -> str | None:
    """Return the table that a key of a mapping names; None if it names none."""
    table = key.partition(".")[0]
    return table if table in KINDS and "." in key else None


def _check_losses(parts: list[Imported], mapping: ColumnMapping) -> list[Finding]:
    """Return what is lost selectively; raise an error if its number in all parts is not confirmed."""
    asked = {key: words for part in reversed(parts) for key, words in part.asked.items()}
    lost = _summed(part.lost for part in parts)
    if open_ := [key for key in asked if str(mapping.get(key, "")) != str(lost[key])]:
        told = " ".join(
            f"{_place_of_loss(key).capitalize()}, in a part of it: {asked[key]} In all parts {lost[key]:,}; to import "
            f'without them, put "{key}": "{lost[key]}" into the mapping.'
            for key in open_
        )
        raise RegistryError(told)
    return [
        Finding(
            "doubtful",
            _place_of_loss(key),
            None,
            "",
            "",
            f"In a part of it: {words} In all parts {lost[key]:,}. It is read without them, as you chose.",
        )
        for key, words in asked.items()
    ]


def _place_of_loss(key: str) -> str:
    return key.removeprefix(WITHOUT).partition(".")[0]


def _finish(folder: Path, data: Path, source: tuple[str, str], state: State, confirmed: list[Finding]) -> Folder:
    parts = state.parts
    told = [[each.kind, each.table, each.row, each.column, each.value, each.message, ""] for each in confirmed]
    findings, again = _once([told, *(part.findings for part in parts)])
    found = _summed([*(part.found for part in parts), Counter(each.kind for each in confirmed)])
    manifest = Manifest(
        name=source[0],
        data=data.name,
        parts=tuple(Part(part.patients, part.hashes) for part in parts),
        kinds={table: _joined([part for part in parts if part.patients], table) for table in KINDS},
        recorded=tuple(name for name in OPTIONAL if any(name in part.recorded for part in parts)),
        rows_read=sum(part.rows_read for part in parts),
        findings=findings[:MOST_FINDINGS],
        found={kind: number - again[kind] for kind, number in found.items()},
        rows=_summed(part.rows for part in parts),
        drugs=_summed(part.drugs for part in parts),
        events=tuple(sorted({name for part in parts for name in part.events})),
        mapping=save_mapping(state.mapping),
        source=source[1],
    )
    # Before this line the folder holds the former registry, after it the new one: the manifest is replaced as a whole.
    write_text(folder / MANIFEST, manifest.to_json())
    _tidy(folder, data)
    return Folder(folder)


def _once(parts: Iterable[list[list[Any]]]) -> tuple[tuple[tuple[Any, ...], ...], Counter[str]]:
    """Return the findings of all parts, rows left out first, and how many of each kind were repeated.

    What is said of a column as a whole is the same in many parts, and would hide what is said of rows.
    """
    kept: dict[tuple[Any, ...], None] = {}
    again: Counter[str] = Counter()
    for kind, table, row, *rest in (finding for part in parts for finding in part):
        finding = (kind, table, row, *rest)
        again[kind] += finding in kept and row is None
        kept[finding] = None
    return tuple(sorted(kept, key=lambda finding: KINDS_IN_ORDER.index(finding[0]))), again


def _tidy(folder: Path, data: Path) -> None:
    """Delete what is no longer used."""
    (data / STATE).unlink()
    for other in [*folder.glob(f"{DATA}*"), folder / SPLIT]:
        if other != data:
            shutil.rmtree(other, ignore_errors=True)


def _summed(numbers: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in numbers:
        total.update(each)
    return dict(total)
