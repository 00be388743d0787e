"""From the columns of a file to the canonical ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.vocabulary import EVENTS, PATIENTS, VISITS, Column
from analysis.intake.readers import RawTable
from analysis.intake.report import Place, Report, refuse_file, shown
from analysis.intake.values import DATE_FORMATS, MONTHS_PER_UNIT

TABLES: dict[str, dict[str, Column]] = {"patients": PATIENTS, "visits": VISITS, "events": EVENTS}
TIMES = ("months", "visit_date")


@dataclass(frozen=True)
class Source:
    """Where a canonical column comes from.

    Attributes
    ----------
    column
        The column of the file.
    unit
        "days", "weeks", "months" or "years"; None for the unit in the column's name.
    event
        The values that mean yes, such as ``[2]``; every other value then means no.
    format
        How dates are written: "day first", "month first", "excel" or as in ``strptime``; None for year-month-day.
    """

    column: str
    unit: str | None = None
    event: Sequence[object] | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        if self.unit is not None and self.unit not in MONTHS_PER_UNIT:
            raise ValueError(f"The unit must be one of {', '.join(MONTHS_PER_UNIT)}, not {self.unit!r}.")
        if self.format is not None and self.format not in DATE_FORMATS and "%" not in self.format:
            raise ValueError(f"The format must be one of {', '.join(DATE_FORMATS)} or as in strptime.")
        if isinstance(self.event, str | bytes):
            raise ValueError("The event must be a list of values, such as [2].")


Told = Mapping[str, str | Source]


@dataclass(frozen=True)
class Matched:
    """A table of text with canonical column names.

    Attributes
    ----------
    place
        Which table, and where it stands in words.
    cells
        Text; canonical columns first, in the order of the vocabulary; the index is the row in the user's file.
    sources
        Canonical name to where it comes from.
    """

    place: Place
    cells: pd.DataFrame
    sources: dict[str, Source]

    def original(self, name: str) -> str:
        """Return what the file calls a column."""
        return self.sources[name].column if name in self.sources else name


def told_by_table(mapping: Told | None) -> dict[str, dict[str, Source]]:
    """Return the mapping a table; a name in several tables goes to all unless it says which, as "visits.months".

    Raises
    ------
    ValueError
        If a canonical name is not known.
    """
    told: dict[str, dict[str, Source]] = {table: {} for table in TABLES}
    # Names that say their table come last, so that they win over those that do not.
    for name, given in sorted((mapping or {}).items(), key=lambda item: "." in item[0]):
        table, _, column = name.rpartition(".")
        homes = [home for home in TABLES if column in TABLES[home] and table in ("", home)]
        if not homes:
            raise ValueError(f"{name!r} is not a known column.")
        for home in homes:
            told[home][column] = given if isinstance(given, Source) else Source(given)
    return told


def check_told(told: Mapping[str, Mapping[str, Source]], tables: Sequence[RawTable]) -> None:
    """Refuse a mapping that names a column which no file has."""
    present = {str(name) for table in tables for name in table.cells.columns}
    for named in told.values():
        for source in named.values():
            if source.column not in present:
                files = " or ".join(dict.fromkeys(table.label for table in tables))
                message = f'there is no column "{shown(source.column)}". The columns are: {_listed(sorted(present))}.'
                refuse_file(files, message, question="column")


def match(raw: RawTable, table: str, told: Mapping[str, Source], report: Report) -> Matched:
    """Return a raw table with canonical names: as told, else where the name is the canonical one."""
    place = Place(table, raw.label)
    for note in raw.notes:
        report.note(place, note)
    columns = [str(name) for name in raw.cells.columns]
    sources = {name: source for name, source in told.items() if source.column in columns}
    for name in TABLES[table]:
        if name not in sources:
            found = _called(name, columns)
            if len(found) > 1:
                named = " and ".join(f'"{shown(column)}"' for column in found)
                report.refuse(place, f"{named} could both be {name}. Rename one.", column=name, question="column")
            elif found:
                sources[name] = Source(found[0])
                if found[0] != name:
                    report.note(place, f"it is read as {name}.", column=found[0])
    used = {source.column for source in sources.values()}
    cells = {name: raw.cells[sources[name].column] for name in TABLES[table] if name in sources}
    for column in columns:
        if column in sources and column not in used:
            report.note(place, f'it is not used, because "{shown(sources[column].column)}" was named.', column=column)
        elif column not in used:
            cells[column] = raw.cells[column]
    matched = Matched(place, pd.DataFrame(cells, index=raw.cells.index, dtype=object), sources)
    _settle_units(matched, report)
    return matched


def looks_like(raw: RawTable, told: Mapping[str, Mapping[str, Source]]) -> str:
    """Return which table the columns speak for: ``patients``, ``visits``, ``events`` or ""."""
    columns = [str(name) for name in raw.cells.columns]

    def has(table: str, name: str) -> bool:
        source = told[table].get(name)
        return bool(_called(name, columns)) or (source is not None and source.column in columns)

    if any(has("patients", name) for name in ("follow_up_months", "died", "last_contact_date", "death_date")):
        return "patients"
    if has("events", "event"):
        return "events"
    if any(has("visits", name) for name in TIMES):
        return "visits"
    return ""


def normalised(name: str) -> str:
    """Return a column name in lower case with underscores, as the canonical names are written."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def columns_of(matched: Matched) -> str:
    """Return the file's columns in words."""
    # An id that is not in the file was numbered by us.
    names = [str(name) for name in matched.cells.columns if name != "patient_id" or name in matched.sources]
    return _listed([matched.original(name) for name in names])


def _called(name: str, columns: Sequence[str]) -> list[str]:
    if name in columns:
        return [name]
    return [column for column in columns if normalised(column) == name]


def _settle_units(matched: Matched, report: Report) -> None:
    for name, source in list(matched.sources.items()):
        column = TABLES[matched.place.table].get(name)
        if column is None or column.unit != "months" or source.unit or normalised(source.column) == name:
            continue
        unit = _unit_in(source.column)
        if unit:
            matched.sources[name] = Source(source.column, unit, source.event, source.format)
            report.note(matched.place, f"it is read as {name}, in {unit}.", column=source.column)
        else:
            report.refuse(
                matched.place, f"is {name} in days, weeks, months or years?", column=source.column, question="unit"
            )


def _unit_in(name: str) -> str:
    words = normalised(name).split("_")
    return next((unit for unit in MONTHS_PER_UNIT if unit in words or unit.removesuffix("s") in words), "")


def _listed(names: Sequence[str], most: int = 30) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name) for name in names[:most]) + more
