"""Tables in JSON: records, columns, rows below names, several tables by name, lines of JSON, and Dataset-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import pandas as pd

from analysis.intake.misshapen import are_records
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.raw import RawTable, frame_table, table_of
from analysis.intake.sizes import MAX_COLUMNS, check_filling, refuse_wide

BEGINNING = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*[\[{]|\{\s*[\"}])")
MAX_TABLES = 50
BROKEN = "the JSON file is broken, or not in UTF-8. Save it again, or save the table as CSV."
NO_TABLE = "this is a JSON file without a table: a list of records with the same names. Save the table as CSV."
BY_PATIENT = "its records stand under the id of the patient. Save a list of records, each with the id in it."
Record = Mapping[str, Any]


def is_json(data: bytes) -> bool:
    """Return whether bytes begin as JSON does."""
    return bool(BEGINNING.match(data[:1000]))


def read_json(data: bytes, file: str) -> list[RawTable]:
    """Return the tables in JSON; several named tables are like the sheets of a workbook.

    Raises
    ------
    CohortError
        If it is broken, or holds no table.
    """
    held = _parsed(data, file)
    found = _dataset(held) or _named(held)
    if not found:
        refuse_file(file, NO_TABLE)
    if len(found) > MAX_TABLES:
        refuse_file(file, f"there are more than {MAX_TABLES} tables in it. Leave out those that are not needed.")
    return [_table(rows, file, name) for name, rows in found.items()]


def _parsed(data: bytes, file: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse_file(file, BROKEN)
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        refuse_file(file, "the JSON file is nested too deeply. Save the table as CSV.")
    except ValueError:
        pass
    lines = [line for line in text.split("\n") if line.strip()]
    held = []
    for line in lines:
        try:
            held.append(json.loads(line, parse_constant=lambda _: None))
        except (RecursionError, ValueError):
            if not held:
                refuse_file(file, BROKEN)
            refuse_file(file, "this line is broken, unlike those above. Save the file again.", row=len(held) + 1)
    if isinstance(held[0], dict) and "columns" in held[0] and all(isinstance(line, list) for line in held[1:]):
        return held[0] | {"rows": held[1:]}  # Dataset-JSON in lines
    return held


def _dataset(held: Any) -> dict[str, Any]:
    """Return the tables of Dataset-JSON (CDISC), by name; version 1.1 holds one, version 1.0 can hold several."""
    if not isinstance(held, dict):
        return {}
    if isinstance(held.get("columns"), list) and isinstance(held.get("rows"), list):
        names = [column.get("name", "") for column in held["columns"] if isinstance(column, dict)]
        return {str(held.get("name", "")): [names, *held["rows"]]}
    found = {}
    for kind in ("clinicalData", "referenceData"):
        groups = held[kind].get("itemGroupData") if isinstance(held.get(kind), dict) else None
        for group in groups.values() if isinstance(groups, dict) else ():
            if isinstance(group, dict) and isinstance(group.get("items"), list):
                names = [item.get("name", "") for item in group["items"] if isinstance(item, dict)]
                found[str(group.get("name", ""))] = [names, *(group.get("itemData") or [])]
    return found


def _named(held: Any) -> dict[str, Any]:
    """Return the tables in JSON by name; "" for a single one."""
    if _is_table(held):
        return {"": held}
    if not isinstance(held, dict):
        return {}
    if isinstance(held.get("columns"), list) and isinstance(held.get("data"), list):  # split, as pandas writes it
        return {"": [held["columns"], *held["data"]]}
    return {name: value for name, value in held.items() if _is_table(value)}


def _is_table(held: Any) -> bool:
    """Return whether this is a list of records or rows, or columns of equal length."""
    if isinstance(held, list):
        return bool(held) and (_all_are(held, dict) or _all_are(held, list))
    return isinstance(held, dict) and bool(held) and _is_columns(held)


def _is_columns(held: Record) -> bool:
    columns = list(held.values())
    if not (_all_are(columns, list) or _all_are(columns, dict)):
        return False
    within = (value for column in columns for value in (column.values() if isinstance(column, dict) else column))
    return len({len(column) for column in columns}) == 1 and not any(isinstance(value, dict | list) for value in within)


def _all_are(values: Iterable[object], kind: type) -> bool:
    return all(isinstance(value, kind) for value in values)


def _table(held: Any, file: str, name: str) -> RawTable:
    label = f"{file}, {shown(name)}" if name else file
    if isinstance(held, dict):
        first = next(iter(held.values()))
        if isinstance(first, dict) and are_records(first, held):
            refuse_file(label, BY_PATIENT)
        columns = {key: list(value.values()) if isinstance(value, dict) else value for key, value in held.items()}
        return _framed(columns, file, name)
    if isinstance(held[0], list):
        width = max(map(len, held))
        check_filling(len(held), width, sum(map(len, held)), label)
        rows = [[*_scalars(row, label), *[""] * (width - len(row))] for row in held]
        table = table_of(rows, file, name)
        return table if table is not None else refuse_file(file, NO_TABLE)
    names = dict.fromkeys(key for record in held for key in record)
    if len(names) > MAX_COLUMNS:
        refuse_wide(label)
    check_filling(len(held), len(names), sum(map(len, held)), label)
    return _framed({key: [record.get(key) for record in held] for key in names}, file, name)


def _framed(columns: Mapping[str, Sequence[Any]], file: str, name: str) -> RawTable:
    label = f"{file}, {shown(name)}" if name else file
    checked = {key: pd.Series(_scalars(values, label, key), dtype=object) for key, values in columns.items()}
    return frame_table(pd.DataFrame(checked), file, name)


def _scalars(values: Sequence[Any], label: str, column: str = "") -> list[Any]:
    """Return values, and refuse nested tables; lists of texts, such as organs, are allowed."""
    for value in values:
        deep = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict | list) for v in value))
        if deep:
            _refuse_deep(label, column)
    return list(values)


def _refuse_deep(label: str, column: str) -> NoReturn:
    where = f'the column "{shown(column)}" holds' if column else "a row holds"
    refuse_file(label, f"{where} tables. Save them as a list of their own, with the patient in each record.")
