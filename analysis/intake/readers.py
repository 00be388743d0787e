"""From bytes to raw tables: every cell as text, every row with its number in the user's own file."""

from __future__ import annotations

import datetime
import numbers
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, TypeAlias

import numpy as np
import pandas as pd

from analysis.intake.report import refuse_file, shown

Readable: TypeAlias = str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | pd.DataFrame
TableInput: TypeAlias = Readable | tuple[Readable, str]

MAX_COLUMNS = 1000

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
}


@dataclass(frozen=True)
class RawTable:
    """A table as it stands in a file.

    Attributes
    ----------
    cells
        Text in every cell, "" where it is empty; the index is the row number in the user's file.
    file, sheet
        Where it stands; `sheet` is "" for anything but a workbook.
    notes
        What was noticed while reading.
    """

    cells: pd.DataFrame
    file: str
    sheet: str = ""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the place in words, as it begins every message."""
        return f"{self.file}, sheet {shown(self.sheet)}" if self.sheet else self.file


def read_tables(given: TableInput, name: str) -> list[RawTable]:
    """Return the tables of one input: one, or one a sheet that holds anything.

    Rows are numbered as a spreadsheet numbers them: the header of a plain CSV is row 1, blank lines count, and a line
    break inside quotes does not. The rows of a DataFrame are numbered by position, from 1.

    Parameters
    ----------
    given
        A path, bytes, an open file, a DataFrame, or a pair of one of these and a sheet name.
    name
        What to call an input that has no name of its own.

    Raises
    ------
    CohortError
        If it cannot be read as a table.
    """
    source, sheet = given if isinstance(given, tuple) else (given, "")
    if isinstance(source, pd.DataFrame):
        tables = [_frame_table(source, name)]
    else:
        file, data = _contents(source, name)
        tables = parse(data, file)
    if not sheet:
        return tables
    chosen = [table for table in tables if table.sheet == sheet]
    if not chosen:
        sheets = ", ".join(shown(table.sheet) for table in tables if table.sheet)
        refuse_file(
            tables[0].file,
            f'there is no sheet "{shown(sheet)}" with a table. ' + (f"The sheets are: {sheets}." if sheets else ""),
            question="sheet",
        )
    return chosen


def parse(data: bytes, file: str) -> list[RawTable]:
    """Return the tables in the bytes of a file, whatever its name claims; see `read_tables`."""
    if not data.strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    for beginning, what in NOT_TABLES.items():
        if data.startswith(beginning):
            refuse_file(file, f"this is {what}, not a table. Please choose a CSV, TSV or Excel file.")
    if data.startswith(OLD_OFFICE):
        # An encrypted .xlsx is stored inside the container of the old formats.
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse_file(file, "the workbook is protected by a password. Save a copy without the password.")
        refuse_file(file, "this is an old Excel format. Save the workbook as .xlsx.")
    if data.startswith(ZIP):
        from analysis.intake.workbooks import read_workbook

        return read_workbook(data, file)
    from analysis.intake.delimited import read_delimited

    return [read_delimited(data, file)]


def _contents(source: str | os.PathLike[str] | bytes | IO[bytes] | IO[str], name: str) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return name, source
    path = source if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    file = Path(path).name if isinstance(path, str | os.PathLike) else name
    try:
        content = Path(source).read_bytes() if isinstance(source, str | os.PathLike) else source.read()
    except (OSError, ValueError):  # no such file; a name that cannot be one; text in another encoding
        refuse_file(shown(file) or name, "the file cannot be opened. Is it the right one?")
    return file, content.encode() if isinstance(content, str) else content


def _frame_table(frame: pd.DataFrame, name: str) -> RawTable:
    header = [str(column) for column in frame.columns]
    columns = [[cell_text(value) for value in frame.iloc[:, place].tolist()] for place in range(frame.shape[1])]
    cells = pd.DataFrame(dict(enumerate(columns)), index=range(1, len(frame) + 1), dtype=object)
    return _named(cells, header, name)


def table_of(cells: pd.DataFrame, file: str, sheet: str = "", notes: Sequence[str] = ()) -> RawTable | None:
    """Return a table from cells with row numbers, its header in the first row that holds anything; None without one."""
    filled = cells[~_blank_rows(cells)]
    if filled.empty:
        return None
    header = [str(name) for name in filled.iloc[0]]
    return _named(filled.iloc[1:], header, file, sheet, notes)


def _named(
    cells: pd.DataFrame, header: Sequence[str], file: str, sheet: str = "", notes: Sequence[str] = ()
) -> RawTable:
    table = RawTable(cells, file, sheet)
    if len(header) > MAX_COLUMNS:
        refuse_wide(table.label)
    names = [" ".join(name.split()) for name in header]
    notes = list(notes)
    kept = []
    for place, name in enumerate(names):
        if not name and _blank(cells.iloc[:, place].to_numpy()).all():
            continue
        kept.append(place)
        if not name:
            names[place] = f"column {place + 1}"
            notes.append(f'the column without a name is called "{names[place]}".')
    used = [names[place] for place in kept]
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        named = ", ".join(f'"{shown(name)}"' for name in twice)
        refuse_file(table.label, f"more than one column is called {named}. Give every column its own name.", "column")
    cells = cells.iloc[:, kept].set_axis(used, axis=1)
    return RawTable(cells, file, sheet, tuple(notes))


def _blank_rows(cells: pd.DataFrame) -> np.ndarray:
    # Only the rows that were blank so far are looked at: nearly all are done after the first column.
    rows = np.arange(len(cells))
    for place in range(cells.shape[1]):
        rows = rows[_blank(cells.iloc[:, place].to_numpy()[rows])]
    blank = np.zeros(len(cells), dtype=bool)
    blank[rows] = True
    return blank


def _blank(texts: np.ndarray) -> np.ndarray:
    return np.array([not text.strip() for text in texts], dtype=bool)


def cell_text(value: object) -> str:
    """Return a cell of a workbook or a DataFrame as text: "" when missing, 3.0 as "3", dates as year-month-day."""
    if isinstance(value, str):
        return value
    if isinstance(value, set | frozenset | list | tuple):
        return ";".join(sorted(str(part) for part in value)) or "none"
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, numbers.Integral):
        return str(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        # A spreadsheet makes no difference between 3 and 3.0, and an id must not become "3.0".
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def as_table(rows: Sequence[Sequence[str]], first_row: int) -> pd.DataFrame:
    """Return rows of text as a frame as wide as the widest row, numbered from `first_row`."""
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return pd.DataFrame(padded, index=range(first_row, first_row + len(rows)), columns=range(width), dtype=object)


def refuse_wide(label: str) -> NoReturn:
    """Refuse a table that is wider than any table for people."""
    refuse_file(label, f"there are more than {MAX_COLUMNS} columns. Leave out those that are not needed.")
