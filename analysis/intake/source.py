"""What a user says of the columns of a file: where each canonical column comes from, and how to read it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analysis.cohort.canonical_column import Column
from analysis.cohort.vocabulary import ORGANS, TABLES
from analysis.intake.dates import DATE_FORMATS
from analysis.intake.numerals import NUMBER_FORMATS

UNITS = dict.fromkeys(
    unit
    for names in (
        {"days": 0, "weeks": 0, "months": 0, "years": 0},
        *(c.units for t in TABLES.values() for c in t.values()),
    )
    for unit in names
)
OWN_UNITS = {column.unit for table in TABLES.values() for column in table.values() if column.unit}
FORMATS = (*DATE_FORMATS, *NUMBER_FORMATS)
DUPLICATES = "duplicates"
CUTOFF = "cutoff"  # the day at which the data are cut, as year-month-day
ROWS = "rows"  # the column that tells endpoints apart, and which of them is used
WITHOUT = "without."  # "without.patients" accepts that so many rows are left out; of values "without.visits.sledai"
ROWS_USED = ("first row", "last row", "no row")
ORGAN = "organs."  # "organs.renal" is a yes-or-no column of one organ.


@dataclass(frozen=True)
class Source:
    """Where a canonical column comes from.

    Attributes
    ----------
    column
        The column of the file.
    unit
        "days", "weeks", "months" or "years", or for a laboratory value a unit such as "g/dL"; None for the unit in the
        column's name.
    event
        The values that mean yes, such as ``[2]``; every other value then means no.
    format
        How dates are written: "day first", "month first", "excel" or as in ``strptime``; None for year-month-day. Of
        numbers, "decimal comma" or "decimal point".
    """

    column: str
    unit: str | None = None
    event: Sequence[object] | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        if self.unit is not None and self.unit not in UNITS and self.unit not in OWN_UNITS:
            raise ValueError(f"The unit must be one of {', '.join(UNITS)}, not {self.unit!r}.")
        if self.format is not None and self.format not in FORMATS and "%" not in self.format:
            raise ValueError(f"The format must be one of {', '.join(FORMATS)} or as in strptime.")
        if isinstance(self.event, str | bytes):
            raise ValueError("The event must be a list of values, such as [2].")


ColumnMapping: TypeAlias = Mapping[str, str | Source | None]


@dataclass(frozen=True)
class Answers:
    """A mapping, taken apart.

    Attributes
    ----------
    columns
        A table, then canonical name to source; None where the file is said not to hold it.
    tables
        A table to the file or the sheet that is said to hold it.
    kept
        Columns that are kept although they look like names or addresses.
    duplicates
        Which of several rows of a patient with different values is used; "" where it is not said.
    cutoff
        The day at which the data are cut, as year-month-day; "" where it is not said.
    rows
        Which rows are used where every patient has one for each endpoint: a column and its values.
    without
        How many rows of a table, or cells of a column, the file may be read without, though they fall on one side; by
        name, such as "without.patients".
    """

    columns: dict[str, dict[str, Source | None]]
    tables: dict[str, str]
    kept: frozenset[str]
    duplicates: str = ""
    cutoff: str = ""
    rows: Source | None = None
    without: Mapping[str, str] = field(default_factory=dict)


def parse_mapping(mapping: ColumnMapping | None) -> Answers:
    """Return a mapping a table.

    A name in several tables goes to all unless it says which, as "visits.months". "organs.renal" names the yes-or-no
    column of one organ; "visits" the file or sheet that is the visit table; "duplicates" says which of several rows of
    a patient is used ("first row", "last row" or "no row"); "cutoff" is a day as year-month-day; "rows" names the
    column that tells endpoints apart and, as its `event`, the endpoint whose rows are used; "without.patients" says
    how many rows may be lost though they fall on one outcome or one side; and a column named as itself is kept.

    Raises
    ------
    ValueError
        If a canonical name is not known, a column does not come in the unit named, or the cutoff is no day.
    """
    sources = {name: Source(given) if isinstance(given, str) else given for name, given in (mapping or {}).items()}
    without = {name: sources.pop(name) for name in list(sources) if _is_without(name)}
    duplicates, cutoff, rows = (sources.pop(name, None) for name in (DUPLICATES, CUTOFF, ROWS))
    if duplicates and duplicates.column not in ROWS_USED:
        raise ValueError(f"Of duplicates one of {', '.join(ROWS_USED)} is used, not {duplicates.column!r}.")
    answers = Answers(
        {table: {} for table in TABLES},
        {},
        frozenset(name for name, source in sources.items() if source and source.column == name and not _known(name)),
        duplicates.column if duplicates else "",
        datetime.date.fromisoformat(cutoff.column).isoformat() if cutoff else "",
        rows,
        {name: source.column for name, source in without.items() if source},
    )
    # Names that say their table come last, so that they win over those that do not.
    for name, source in sorted(sources.items(), key=lambda item: "." in item[0]):
        if name in TABLES and source is not None:
            answers.tables[name] = source.column
        elif _is_organ(name):
            answers.columns["patients"][name.removeprefix("patients.")] = source
        elif homes := _homes(name):
            for home in homes:
                column = name.rpartition(".")[2]
                _check_unit(TABLES[home][column], source)
                answers.columns[home][column] = source
        elif name not in answers.kept:
            raise ValueError(f"{name!r} is not a known column.")
    return answers


def _is_without(name: str) -> bool:
    return name.startswith(WITHOUT) and name.removeprefix(WITHOUT).partition(".")[0] in TABLES


def _known(name: str) -> bool:
    return name in TABLES or _is_organ(name) or bool(_homes(name))


def _is_organ(name: str) -> bool:
    return name.removeprefix("patients.").removeprefix(ORGAN) in ORGANS and ORGAN in name


def _homes(name: str) -> list[str]:
    table, _, column = name.rpartition(".")
    return [home for home in TABLES if column in TABLES[home] and table in ("", home)]


def _check_unit(column: Column, source: Source | None) -> None:
    if source is not None and source.unit is not None and source.unit not in {column.unit, *column.units}:
        known = ", ".join(dict.fromkeys([column.unit, *column.units]))
        raise ValueError(f"The unit of {column.name} must be one of {known}, not {source.unit!r}.")
