"""Reading one part of a registry as a file is read, in the way that the parts before it have settled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.findings import CohortError
from analysis.cohort.table_kinds import DEPENDENT, KINDS
from analysis.facts.patient_events import event_names
from analysis.intake.assemble import read_raw_tables
from analysis.intake.proposal import propose_tables
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.saved import load_mapping, save_mapping
from analysis.intake.source import WITHOUT, Source
from analysis.registry.column_kinds import ColumnKind, Kinds, KindsDifferError, joined_kinds, kinds_of
from analysis.registry.folder import RegistryError, damage, folder_of_part, write_text
from analysis.registry.parts_source import RawPart
from analysis.registry.stored_tables import write_tables

MOST_FINDINGS = 1000
STATE = "state.json"

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


def import_next(part: RawPart, state: State, data: Path, words: str, name: str) -> None:
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
                kinds_in_all([*before, imported], kind)
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


def kinds_in_all(parts: list[Imported], table: str) -> Kinds:
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
