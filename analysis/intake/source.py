"""The user's mapping: the source of each canonical column, and other answers on how to read the files."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analysis.cohort.canonical_column import Column
from analysis.cohort.table_kinds import DEPENDENT, KINDS
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
CUTOFF = "cutoff"  # the administrative censoring date, as year-month-day
SCHEDULE = "schedule"  # the months of numbered visits (V1, V2), in their order
ROWS = "rows"  # the column that distinguishes endpoints, and the endpoint that is used
WITHOUT = "without."  # "without.patients" confirms a number of lost rows, "without.visits.sledai" of lost values
CODES = "codes"  # the question what the values of a category mean
TABLE_OF = {kind.key: table for table, kind in KINDS.items()}  # keys that name the file or sheet of a table
NO_VISIT = "-"  # of a visit at no scheduled time, in the answer to SCHEDULE
ROWS_USED = ("first row", "last row", "no row")
ROWS_ARE_VISITS = "rows are visits"  # an answer to DUPLICATES beside ROWS_USED
MONTH = re.compile(r"-?\d{1,4}(\.\d{1,4})?", re.ASCII)
ORGAN = "organs."  # "organs.renal" is the yes-or-no column of one organ.


@dataclass(frozen=True)
class Source:
    """The column of a file that a canonical column is read from, and how.

    Attributes
    ----------
    column
        The column of the file.
    unit
        "days", "weeks", "months" or "years", or for a laboratory value a unit such as "g/dL"; None for the unit in the
        column's name, or else the canonical one.
    event
        The values that mean yes, such as ``[2]``; every other value then means no.
    format
        For dates "day first", "month first", "year first" (of two digits) or as in ``strptime``; None for
        year-month-day. For dates that are numbers "excel", "excel 1904", "days since 1960" (Stata, SAS), "days since
        1970" (R), "seconds since 1970" (Unix) and the others of `analysis.intake.day_numbers.DAY_NUMBERS`. For numbers
        "decimal comma" or "decimal point".
    codes
        What values mean, such as ``{"0": "none", "1": "partial", "9": None}``; None for not recorded. Other values
        stay as they are. Of organs, each element of a set such as "1;3" is a value.

    Raises
    ------
    ValueError
        If the unit or format is unknown, the event is a text instead of a list, or the codes are not a mapping.

    Examples
    --------
    >>> Source("time", unit="days")
    Source(column='time', unit='days', event=None, format=None, codes=None)
    >>> Source("status", event=[2]).event
    [2]
    >>> Source("remission_status", codes={0: "none", 1: "partial", 9: None}).codes
    {'0': 'none', '1': 'partial', '9': None}
    """

    column: str
    unit: str | None = None
    event: Sequence[object] | None = None
    format: str | None = None
    codes: Mapping[str, str | None] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if self.unit is not None and self.unit not in UNITS and self.unit not in OWN_UNITS:
            raise ValueError(f"The unit must be one of {', '.join(UNITS)}, not {self.unit!r}.")
        if self.format is not None and self.format not in FORMATS and "%" not in self.format:
            raise ValueError(f"The format must be one of {', '.join(FORMATS)} or as in strptime.")
        if isinstance(self.event, str | bytes):
            raise ValueError("The event must be a list of values, such as [2].")
        if self.codes is not None:
            if not isinstance(self.codes, Mapping):
                raise ValueError('The codes must be a mapping of values to meanings, such as {"1": "female"}.')
            told = {str(each): None if meaning is None else str(meaning) for each, meaning in self.codes.items()}
            object.__setattr__(self, "codes", told)


ColumnMapping: TypeAlias = Mapping[str, str | Source | None]


@dataclass(frozen=True)
class Answers:
    """A parsed mapping.

    Attributes
    ----------
    columns
        Table to canonical name to source; None for a column that the files do not have.
    tables
        Table to the file or sheet that holds it.
    kept
        Columns that are kept although they look like personal data.
    duplicates
        Which row is used if a patient has several with different values; "" if not answered.
    cutoff
        The administrative censoring date, as year-month-day; "" for none.
    rows
        Which rows are used if patients have one for each endpoint: a column and its values.
    schedule
        The months of numbered visits (V1, V2), in their order, such as "0, 3, 6"; "" if not answered.
    others
        Column of the file to its source, if the user told the codes of its values: also those that are not canonical.
    without
        Confirmed numbers of selectively lost rows or cells, by key, such as "without.patients".
    """

    columns: dict[str, dict[str, Source | None]]
    tables: dict[str, str]
    kept: frozenset[str]
    duplicates: str = ""
    cutoff: str = ""
    rows: Source | None = None
    schedule: str = ""
    others: Mapping[str, Source] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)


def parse_mapping(mapping: ColumnMapping | None) -> Answers:
    """Return a mapping by tables and kinds of answers.

    Parameters
    ----------
    mapping
        As in `analysis.read_cohort`. Its keys are canonical columns, with or without their table ("months" or
        "visits.months"), and:

        - "organs.renal": the yes-or-no column of one organ;
        - "visits", "events", "treatments" or "infusions_table": the file or sheet with that table;
        - "duplicates": which of several rows of a patient is used ("first row", "last row" or "no row"), or
          "rows are visits";
        - "cutoff": a date as year-month-day;
        - "schedule": the months of numbered visits (V1, V2), in their order, such as "0, 3, 6";
        - "rows": a `Source` with the column that distinguishes endpoints and, as event, the endpoint that is used;
        - "without.patients": the number of selectively lost rows that the user confirmed;
        - any other column, mapped to itself, to keep it although it looks like personal data, or with the codes of
          its values.

    Returns
    -------
    Answers

    Raises
    ------
    ValueError
        If a canonical column is unknown, a unit does not fit its column, or the cutoff is not a date.

    Examples
    --------
    >>> parse_mapping({"visits.months": "week", "cutoff": "2024-12-31"}).columns["visits"]["months"].column
    'week'
    """
    sources = {name: Source(given) if isinstance(given, str) else given for name, given in (mapping or {}).items()}
    without = {name: sources.pop(name) for name in list(sources) if _is_without(name)}
    duplicates, cutoff, rows, months = (sources.pop(name, None) for name in (DUPLICATES, CUTOFF, ROWS, SCHEDULE))
    if duplicates and duplicates.column not in (*ROWS_USED, ROWS_ARE_VISITS):
        known = ", ".join((*ROWS_USED, ROWS_ARE_VISITS))
        raise ValueError(f"The answer for duplicates is one of {known}, not {duplicates.column!r}.")
    answers = Answers(
        {table: {} for table in TABLES},
        {},
        frozenset(name for name, source in sources.items() if source and source.column == name and not _known(name)),
        duplicates.column if duplicates else "",
        datetime.date.fromisoformat(cutoff.column).isoformat() if cutoff else "",
        rows,
        months.column if months else "",
        {source.column: source for source in sources.values() if source and source.codes},
        {name: source.column for name, source in without.items() if source},
    )
    # Keys with a table come last, so that they override those without.
    for name, source in sorted(sources.items(), key=lambda item: "." in item[0]):
        if name in TABLE_OF and source is not None:
            answers.tables[TABLE_OF[name]] = source.column
        elif _is_organ(name):
            answers.columns["patients"][name.removeprefix("patients.")] = source
        elif homes := _homes(name):
            for home in homes:
                column = name.rpartition(".")[2]
                _check_unit(TABLES[home][column], source)
                answers.columns[home][column] = source
        elif name not in answers.kept:
            raise ValueError(f"{name!r} is not a known column.")
    ids = answers.columns["patients"].get("patient_id")
    if ids is not None:  # with one row per visit, the same column holds the ids of the visits
        for table in DEPENDENT:
            answers.columns[table].setdefault("patient_id", ids)
    return answers


def schedule(answer: str) -> list[float | None]:
    """Return the months in an answer such as "0, 3, 6", None for "-"; empty if it is not a list of times.

    Examples
    --------
    >>> schedule("0, 1.5; -"), schedule("at baseline")
    ([0.0, 1.5, None], [])
    """
    parts = [part for part in re.split(r"[,;\s]+", answer) if part]
    known = all(part == NO_VISIT or MONTH.fullmatch(part) for part in parts)
    return [None if part == NO_VISIT else float(part) for part in parts] if known else []


def _is_without(name: str) -> bool:
    return name.startswith(WITHOUT) and name.removeprefix(WITHOUT).partition(".")[0] in TABLES


def _known(name: str) -> bool:
    return name in TABLE_OF or _is_organ(name) or bool(_homes(name))


def _is_organ(name: str) -> bool:
    return name.removeprefix("patients.").removeprefix(ORGAN) in ORGANS and ORGAN in name


def _homes(name: str) -> list[str]:
    table, _, column = name.rpartition(".")
    return [home for home in TABLES if column in TABLES[home] and table in ("", home)]


def _check_unit(column: Column, source: Source | None) -> None:
    if source is not None and source.unit is not None and source.unit not in {column.unit, *column.units}:
        known = ", ".join(dict.fromkeys([column.unit, *column.units]))
        raise ValueError(f"The unit of {column.name} must be one of {known}, not {source.unit!r}.")
