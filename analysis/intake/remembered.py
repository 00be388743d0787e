"""Answers that are remembered for the next file with the same headings: about its layout, not about its patients."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeGuard

from analysis.cohort.findings import CohortError
from analysis.intake import texts
from analysis.intake.raw import RawTable
from analysis.intake.saved import load_mapping, save_mapping, small_json
from analysis.intake.source import CUTOFF, DUPLICATES, ROWS, TABLE_OF, WITHOUT, ColumnMapping, Source
from analysis.intake.values import is_missing

OF_ONE_VERSION = (CUTOFF, DUPLICATES)  # answers that the next version of the data may make wrong
MOST_VALUES = 20  # most values of a column whose event is remembered; with more it is asked again


@dataclass(frozen=True)
class Remembered:
    """How the files with some headings were read.

    Attributes
    ----------
    mapping
        The answers, without those that hold for one version of the data only: the cut-off date, which of several rows
        of a patient is used, and how many lost rows were accepted.
    values
        Column to its values, if the user said which of them mean yes. With a new value, which could be a yes, the
        answer is not used.
    """

    mapping: dict[str, str | Source | None]
    values: dict[str, list[str]] = field(default_factory=dict)


def headings_key(tables: Sequence[RawTable]) -> str:
    """Return a key that is equal for tables with the same headings, whatever the names and rows of their files."""
    headings = sorted(sorted(map(str, table.cells.columns)) for table in tables)
    return sha256(json.dumps(headings).encode("utf-8", "surrogatepass")).hexdigest()


def remembered(mapping: ColumnMapping, tables: Sequence[RawTable]) -> Remembered:
    """Return what is remembered of the answers with which tables were read."""
    kept = {key: given for key, given in mapping.items() if key not in OF_ONE_VERSION and not key.startswith(WITHOUT)}
    seen = {given.column: _values(given.column, tables) for key, given in kept.items() if _names_event(given, key)}
    known = {column: values for column, values in seen.items() if 0 < len(values) <= MOST_VALUES}
    return Remembered(
        {key: given for key, given in kept.items() if not _names_event(given, key) or given.column in known}, known
    )


def recalled(held: Remembered, tables: Sequence[RawTable]) -> dict[str, str | Source | None]:
    """Return the remembered answers that hold for tables with the same headings."""
    places = {place for table in tables for place in (table.file, table.sheet, table.label)}

    def holds(key: str, given: str | Source | None) -> bool:
        if key in TABLE_OF:
            return given is None or (given.column if isinstance(given, Source) else given) in places
        return not _names_event(given, key) or set(_values(given.column, tables)) <= set(
            held.values.get(given.column, ())
        )

    return {key: given for key, given in held.mapping.items() if holds(key, given)}


def as_text(held: Remembered) -> str:
    """Return remembered answers as JSON; see `from_text`."""
    return json.dumps({"answers": json.loads(save_mapping(held.mapping)), "values": held.values}, ensure_ascii=False)


def from_text(text: str) -> Remembered | None:
    """Return the remembered answers in a text of `as_text`; None if it is not one.

    Examples
    --------
    >>> from_text(as_text(Remembered({"sex": "gender"})))
    Remembered(mapping={'sex': 'gender'}, values={})
    """
    try:
        found = small_json(text)
        values = {str(column): [str(value) for value in each] for column, each in found["values"].items()}
        return Remembered(load_mapping(json.dumps(found["answers"])), values)
    except (ValueError, TypeError, KeyError, AttributeError, CohortError):
        return None


def _names_event(given: str | Source | None, key: str) -> TypeGuard[Source]:
    """Return whether an answer tells which values of a column mean yes, and all others no."""
    return isinstance(given, Source) and given.event is not None and key != ROWS


def _values(column: str, tables: Sequence[RawTable]) -> list[str]:
    """Return the values of a column, sorted; none if no table has it."""
    found = [texts.counts(table.cells[column]) for table in tables if column in table.cells]
    return sorted({text for counts in found for text in counts if not is_missing(text)})
