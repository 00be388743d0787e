"""A mapping as a JSON file, to be used again for the next version of the same data."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, NoReturn

from analysis.intake.noticed import refuse_file, shown
from analysis.intake.source import ColumnMapping, Source, parse_mapping

FORMAT = "msc-lupus column mapping"
VERSION = 1
ENDING, BEGINNING_BYTES = ".json", 1000
MAX_BYTES = 1_000_000  # A mapping of a thousand columns takes a tenth of it.
FIELDS = {"column": str, "unit": str, "event": list, "format": str, "codes": dict}


def save_mapping(mapping: ColumnMapping) -> str:
    """Return a mapping as JSON; see `load_mapping`.

    Examples
    --------
    >>> load_mapping(save_mapping({"follow_up_months": Source("time", unit="days"), "sex": None}))
    {'follow_up_months': Source(column='time', unit='days', event=None, format=None, codes=None), 'sex': None}
    """
    columns = {name: _entry(given) for name, given in mapping.items()}
    return json.dumps({"format": FORMAT, "version": VERSION, "columns": columns}, indent=1, ensure_ascii=False) + "\n"


def load_mapping(text: str | bytes) -> dict[str, str | Source | None]:
    """Return a mapping from the JSON of `save_mapping`.

    Raises
    ------
    CohortError
        If it is not a mapping file, or has unknown canonical columns.
    """
    try:
        held = small_json(text)
    except ValueError:
        _refuse("it is not a mapping file. Please choose the file that was saved here.")
    if not isinstance(held, dict) or held.get("format") != FORMAT or not isinstance(held.get("columns"), dict):
        _refuse("it is not a mapping file. Please choose the file that was saved here.")
    if held.get("version") != VERSION:
        _refuse("it was saved by another version. Please match the columns anew.")
    mapping = {name: _source(name, entry) for name, entry in held["columns"].items()}
    try:
        parse_mapping(mapping)
    except ValueError as error:
        _refuse(str(error))
    return mapping


def is_mapping(name: str, data: bytes) -> bool:
    """Return whether a dropped file is a saved mapping, not a table in JSON."""
    return name.casefold().endswith(ENDING) and FORMAT.encode() in data[:BEGINNING_BYTES]


def small_json(text: str | bytes) -> Any:
    """Return the content of a small JSON file.

    Raises
    ------
    ValueError
        If it is not JSON, larger than 1 MB, nested too deeply, or contains lone surrogates.
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"The file is larger than {MAX_BYTES} bytes.")
    try:
        held = json.loads(text)
        json.dumps(
            held, ensure_ascii=False
        ).encode()  # half a character, as in "\ud800", can be neither shown nor saved
    except RecursionError as error:
        raise ValueError("The file is nested too deeply.") from error
    return held


def _entry(given: str | Source | None) -> str | dict[str, Any] | None:
    if given is None or isinstance(given, str):
        return given
    entry = {name: value for name, value in asdict(given).items() if value is not None}
    if given.event is not None:
        entry["event"] = [value if isinstance(value, bool | int | float | str) else str(value) for value in given.event]
    return entry


def _source(name: str, entry: object) -> str | Source | None:
    if entry is None or isinstance(entry, str):
        return entry
    if not isinstance(entry, dict) or "column" not in entry:
        _refuse(f'the entry of "{shown(name)}" names no column.')
    for field, value in entry.items():
        if field not in FIELDS or not isinstance(value, FIELDS[field]):
            _refuse(f'the entry of "{shown(name)}" holds "{shown(str(field))}", which cannot be understood.')
    if not all(meaning is None or isinstance(meaning, str) for meaning in entry.get("codes", {}).values()):
        _refuse(f'the entry of "{shown(name)}" holds "codes", which cannot be understood.')
    try:
        return Source(**entry)
    except ValueError as error:
        _refuse(f'the entry of "{shown(name)}": {error}')


def _refuse(message: str) -> NoReturn:
    refuse_file("The mapping file", message)
