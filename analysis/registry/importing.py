"""Importing a registry in parts: in bounded memory, going on where it was stopped, and whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.findings import CohortError
from analysis.cohort.table_kinds import DEPENDENT, KINDS, OPTIONAL
from analysis.facts.patient_events import event_names
from analysis.intake.assemble import Progress, read_raw_tables, silent
from analysis.intake.proposal import propose_tables
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.saved import load_mapping, save_mapping
from analysis.intake.source import WITHOUT, ColumnMapping, Source
from analysis.registry.column_kinds import ColumnKind, KindsDifferError, joined_kinds, kinds_of
from analysis.registry.folder import (
    MANIFEST,
    VERSION,
    Folder,
    Manifest,
    Part,
    RegistryError,
    folder_of_part,
    write_text,
)
from analysis.registry.parts_source import PartsSource
from analysis.registry.stored_tables import write_tables

PATIENTS_A_PART = 100_000
MOST_FINDINGS = 1000
STATE, IMPORTING, DATA = "state.json", "importing-", "data-"

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
    lost: dict[str, tuple[int, str]]
    rows: dict[str, int]
    drugs: dict[str, int]
    events: list[str]


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
        If a part does not fit to the others, or the folder holds something else.
    """
    _check_place(folder)
    number = max(1, ceil(source.patients / patients_a_part))
    key = sha256(repr((source.fingerprint(), number, VERSION, save_mapping(mapping or {}))).encode()).hexdigest()[:16]
    staging = folder / f"{IMPORTING}{key}"
    for other in folder.glob(f"{IMPORTING}*"):
        if other != staging:
            shutil.rmtree(other)
    staging.mkdir(parents=True, exist_ok=True)
    told: Mapped = {name: each for name, each in (mapping or {}).items() if not name.startswith(WITHOUT)}
    done = _read_state(staging)
    locked = load_mapping(done["mapping"]) if done else told
    parts = [Imported(**part) for part in done["parts"]] if done else []
    for place, read in enumerate(source.parts(number)):
        if place < len(parts):
            continue
        progress(place / number, f"Reading part {place + 1} of {number}")
        held = {name: table for name, table in read().items() if len(table)}
        if "patients" not in held:
            parts.append(_nobody(held))
            continue
        tables = {name: [_raw(table, name)] for name, table in held.items()}
        try:
            locked = _locked(tables, locked)
            parts.append(_import_part(tables, locked, staging, place, source.name))
        except (KindsDifferError, CohortError) as error:
            if place == 0:
                raise
            raise RegistryError(f"Part {place + 1} of {number} does not fit to the parts before it: {error}") from error
        write_text(staging / STATE, json.dumps({"mapping": save_mapping(locked), "parts": [vars(p) for p in parts]}))
    progress(1.0, "Putting the parts together")
    _check_losses(parts, mapping or {})
    return _finish(folder, staging, source, parts, save_mapping(locked))


def _check_place(folder: Path) -> None:
    """Raise an error if a folder holds something else than a registry."""
    held = {file.name for file in folder.iterdir()} if folder.exists() else set()
    others = [name for name in held if name != MANIFEST and not name.startswith((IMPORTING, DATA))]
    if others:
        raise RegistryError(
            f"{folder.name}: the folder holds something else ({sorted(others)[0]}). Choose an empty one."
        )


def _read_state(staging: Path) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads((staging / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return state


def _raw(table: pd.DataFrame, name: str) -> RawTable:
    """Return a table whose index is the row number in the user's file as a raw table."""
    raw = frame_table(table, name)
    cells = raw.cells.set_axis(table.index.to_numpy()[raw.cells.index.to_numpy() - 1])
    return RawTable(cells, raw.file, raw.sheet, raw.notes, raw.rows, raw.hidden)


def _locked(tables: Mapping[str, list[RawTable]], known: Mapped) -> Mapped:
    """Return how the columns are read: as it is known, and of tables that were not met before as these rows tell."""
    new = [name for name in tables if not any(key.startswith(f"{name}.") for key in known)]
    if not new:
        return known
    proposal = propose_tables(tables, _of_tables(known, tables))
    if proposal.refusals or proposal.questions:
        read_raw_tables(tables, known)  # it raises them
    columns = [each for each in proposal.columns if each.table in new]
    found = {key: source for key, source in proposal.mapping.items() if key.partition(".")[0] in new}
    return {**{each.key: None for each in columns if each.source is None}, **found, **known}


def _of_tables(mapping: Mapped, tables: Mapping[str, list[RawTable]]) -> Mapped:
    """Return what a mapping says of these tables, and of all."""
    return {key: each for key, each in mapping.items() if key.partition(".")[0] in tables or _table_of(key) is None}


def _import_part(
    tables: Mapping[str, list[RawTable]], mapping: Mapped, staging: Path, place: int, name: str
) -> Imported:
    reading = read_raw_tables(tables, _of_tables(mapping, tables), name)
    cohort = reading.cohort
    held = {"patients": cohort.patients, **{kind: getattr(cohort, kind) for kind in DEPENDENT}}
    kinds = {table: kinds_of(rows) for table, rows in held.items()}
    hashes = write_tables(held, kinds, folder_of_part(staging, place))
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
        {each.key: (each.count, each.words) for each in reading.losses.questions},
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
    return Imported(0, 0, {}, {}, [], findings, {"left out": sum(map(len, held.values()))}, {}, {}, {}, [])


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else str(value)


def _table_of(key: str) -> str | None:
    """Return the table that a key of a mapping names; None if it names none."""
    table = key.partition(".")[0]
    return table if table in KINDS and "." in key else None


def _check_losses(parts: list[Imported], mapping: ColumnMapping) -> None:
    """Raise an error if rows or values are lost selectively and the number in all parts is not confirmed."""
    lost: Counter[str] = Counter()
    words: dict[str, str] = {}
    for part in parts:
        for key, (count, why) in part.lost.items():
            lost[key] += count
            words.setdefault(key, why)
    open_ = {key: count for key, count in lost.items() if str(mapping.get(key, "")) != str(count)}
    if open_:
        told = " ".join(
            f'In the first part of it: {words[key]} In all {count:,}; to import without them, put "{key}": "{count}" '
            "into the mapping."
            for key, count in open_.items()
        )
        raise RegistryError(told)


def _finish(folder: Path, staging: Path, source: PartsSource, parts: list[Imported], mapping: str) -> Folder:
    kinds = {
        table: joined_kinds(
            [
                {name: ColumnKind.from_json(kind) for name, kind in part.kinds[table].items()}
                for part in parts
                if part.patients
            ]
        )
        for table in KINDS
    }
    manifest = Manifest(
        name=source.name,
        data=f"{DATA}{staging.name.removeprefix(IMPORTING)}",
        parts=tuple(Part(part.patients, part.hashes) for part in parts),
        kinds=kinds,
        recorded=tuple(name for name in OPTIONAL if any(name in part.recorded for part in parts)),
        rows_read=sum(part.rows_read for part in parts),
        findings=tuple(tuple(row) for part in parts for row in part.findings)[:MOST_FINDINGS],
        found=_summed(part.found for part in parts),
        rows=_summed(part.rows for part in parts),
        drugs=_summed(part.drugs for part in parts),
        events=tuple(sorted({name for part in parts for name in part.events})),
        mapping=mapping,
        source=source.fingerprint(),
    )
    data = folder / manifest.data
    if data.exists():  # the same import, done once more
        shutil.rmtree(data)
    (staging / STATE).unlink(missing_ok=True)
    staging.rename(data)
    # From here on the new registry holds: the manifest is replaced as a whole.
    write_text(folder / MANIFEST, manifest.to_json())
    for other in folder.glob(f"{DATA}*"):
        if other != data:
            shutil.rmtree(other, ignore_errors=True)
    return Folder(folder)


def _summed(numbers: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in numbers:
        total.update(each)
    return dict(total)
