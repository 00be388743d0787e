"""From bytes to raw tables: every cell as text, every row with its number in the user's own file."""

from __future__ import annotations

import datetime
import numbers
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, TypeAlias

import numpy as np
import pandas as pd

from analysis.intake.layout import LOOKED_AT, TOTAL_ROWS, find_header, is_total
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.texts import as_texts, blank, where
from analysis.intake.unpacking import PASSWORD

Readable: TypeAlias = str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | pd.DataFrame
TableInput: TypeAlias = Readable | tuple[Readable, str]

MAX_COLUMNS = 1000
MAX_ROWS = 10_000_000  # A million patients with ten visits each; more take minutes to read.
MAX_BYTES = 500_000_000
MAX_CELL_CHARACTERS = 100_000  # Excel has room for 32,767.
# What is made of a table with rows that end early is counted, and not only what stands in the file.
MAX_CELLS = 200_000_000
HARMLESS_CELLS, MAX_FILLING = 2_000_000, 20

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a packed file (gzip)",
    b"BZh": "a packed file (bzip2)",
    b"\xfd7zXZ": "a packed file (xz)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"Rar!": "a packed file (RAR)",
    b"\x89HDF": "an HDF5 file",
    b"SQLite format 3\0": "a database (SQLite)",
}
FORM_COMPLETE = "Complete?"
JSON = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*[\[{]|\{\s*[\"}])")


@dataclass(frozen=True)
class RowNote:
    """Something noticed about a row while reading: ``left out`` or ``doubtful``, its first value, and the words."""

    kind: str
    row: int
    value: str
    message: str


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
    rows
        What was noticed about single rows; a row left out is not among the `cells`.
    hidden
        Whether the sheet is hidden; such a sheet is only used when it is named.
    semicolons
        Whether semicolons stand between the values of a text file.
    """

    cells: pd.DataFrame
    file: str
    sheet: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[RowNote, ...] = ()
    hidden: bool = False
    semicolons: bool = False

    @property
    def label(self) -> str:
        """Return the place in words, as it begins every message."""
        file = shown(self.file)
        return f"{file}, sheet {shown(self.sheet)}" if self.sheet else file


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
        tables = [frame_table(source, name)]
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
    """Return the tables in the bytes of a file, read by a program of its own; see `read_tables`."""
    from analysis.intake.reading import read_apart  # asks for all that is here

    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        refuse_file(file, f"the file is larger than {limit}. Leave out columns or rows that are not needed.")
    return read_apart(data, file)


def tables_in(data: bytes, file: str, folder: str = "") -> list[RawTable]:
    """Return the tables in the bytes of a file, whatever its name claims, without a limit of memory or time.

    Parameters
    ----------
    data
        The content.
    file
        What it is called.
    folder
        Where files of SPSS, Stata and SAS may lie while they are read.
    """
    if not data[:1000].strip() and not data.strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    for beginning, what in NOT_TABLES.items():
        if data.startswith(beginning):
            refuse_file(file, f"this is {what}, not a table. Please choose a CSV, TSV or Excel file.")
    if JSON.match(data):
        refuse_file(file, "this is a JSON file, not a table. Please choose a CSV, TSV or Excel file.")
    if data.startswith(OLD_OFFICE):
        # An encrypted .xlsx is stored inside the container of the old formats.
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse_file(file, PASSWORD)
        refuse_file(file, "this is an old Excel format. Save the workbook as .xlsx.")
    if data.startswith(ZIP):
        from analysis.intake.workbooks import read_workbook

        return read_workbook(data, file)
    from analysis.intake.formats import format_of, read_format

    kind = format_of(data)
    if kind:
        return [frame_table(read_format(data, kind, file, folder), file)]
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


def frame_table(frame: pd.DataFrame, name: str) -> RawTable:
    """Return a DataFrame as a table of text; its rows are numbered by position, from 1."""
    if frame.shape[1] > MAX_COLUMNS:
        refuse_wide(name)
    if len(frame) > MAX_ROWS:
        _refuse_long(name)
    rows = pd.RangeIndex(1, len(frame) + 1)
    columns = {place: frame_texts(frame.iloc[:, place], rows) for place in range(frame.shape[1])}
    return named_table(pd.DataFrame(columns, index=rows), [str(column) for column in frame.columns], name)


def frame_texts(values: pd.Series, rows: pd.Index) -> pd.Series:
    """Return a column of a DataFrame as text."""
    try:
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
    except TypeError:  # sets and lists cannot be counted, only written down
        return as_texts((cell_text(value) for value in values.tolist()), rows)
    texts = as_texts(cell_text(value) for value in distinct.tolist())
    return texts.iloc[codes].set_axis(rows)


def table_of(
    rows: Sequence[Sequence[str]], file: str, sheet: str = "", notes: Sequence[str] = (), *, hidden: bool = False
) -> RawTable | None:
    """Return the table that rows of text hold, the first of them being row 1; None where they hold nothing."""
    header = find_header(rows[:LOOKED_AT])
    if header is None:
        return None
    body = rows[header.last + 1 :]
    width = max([len(header.names), *map(len, body)])
    index = pd.RangeIndex(header.last + 2, header.last + 2 + len(body))
    columns = {
        place: as_texts((row[place] if place < len(row) else "" for row in body), index) for place in range(width)
    }
    cells = pd.DataFrame(columns, index=index)
    return named_table(cells, header.names, file, sheet, [*notes, *header.notes], hidden=hidden)


def named_table(
    cells: pd.DataFrame,
    header: Sequence[str],
    file: str,
    sheet: str = "",
    notes: Sequence[str] = (),
    findings: Sequence[RowNote] = (),
    *,
    hidden: bool = False,
) -> RawTable:
    """Return the table without empty rows, columns without name and values, and rows that sum up the others."""
    table = RawTable(cells, file, sheet)
    if len(cells) > MAX_ROWS:
        _refuse_long(table.label)
    names = [" ".join(name.split()) for name in header]
    names += [""] * (cells.shape[1] - len(names))
    notes = list(notes)
    kept = []
    for place, name in enumerate(names):
        if not name and where(cells[place], blank).all():
            continue
        if not name:
            names[place] = f"column {place + 1}"
            notes.append(f'the column without a name is called "{names[place]}".')
        kept.append(place)
    if len(kept) > MAX_COLUMNS:
        refuse_wide(table.label)
    if not kept:
        refuse_file(table.label, "the table is empty. Please choose another file.")
    for place in kept:
        if max(map(len, cells[place].cat.categories), default=0) > MAX_CELL_CHARACTERS:
            words = f'a cell of the column "{shown(names[place])}" holds more than {MAX_CELL_CHARACTERS:,} characters.'
            refuse_file(table.label, f"{words} Shorten it, or leave the column out.")
    used = _numbered([names[place] for place in kept])
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        named = ", ".join(f'"{shown(name)}"' for name in twice)
        refuse_file(table.label, f"more than one column is called {named}. Give every column its own name.", "column")
    cells = _without_blank_rows(cells[kept].set_axis(used, axis=1))
    totals = _totals(cells)
    cells = cells.drop(index=[total.row for total in totals])
    return RawTable(cells, file, sheet, tuple(notes), (*totals, *findings), hidden)


def _numbered(names: list[str]) -> list[str]:
    """Return names of which REDCap's "Complete?", one for every form of a labelled export, are numbered."""
    many = names.count(FORM_COMPLETE) > 1
    return [f"{name} {place}" if many and name == FORM_COMPLETE else name for place, name in enumerate(names, 1)]


def _without_blank_rows(cells: pd.DataFrame) -> pd.DataFrame:
    empty = pd.Series(True, index=cells.index)
    # A column of few distinct texts is quickly looked through, and mostly leaves no row that could be empty.
    for name in sorted(cells.columns, key=lambda name: len(cells[name].cat.categories)):
        if not empty.any():
            return cells
        empty &= where(cells[name], blank)
    return cells[~empty] if empty.any() else cells


def _totals(cells: pd.DataFrame) -> list[RowNote]:
    found = []
    for row, held in zip(cells.index[-TOTAL_ROWS:], cells.iloc[-TOTAL_ROWS:].to_numpy(dtype=object), strict=True):
        first = next(text for text in held if not blank(text))
        if is_total(first):
            words = f'"{shown(first)}" sums up other rows. The row is left out.'
            found.append(RowNote("left out", int(row), first, words))
    return found


def cell_text(value: object) -> str:
    """Return a cell of a workbook or a DataFrame as text: "" when missing, 3.0 as "3", dates as year-month-day."""
    if isinstance(value, str):
        return value
    if isinstance(value, set | frozenset | list | tuple | np.ndarray):
        return ";".join(sorted(filter(None, map(cell_text, value)))) or "none"
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, numbers.Integral):
        return str(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        # A spreadsheet makes no difference between 3 and 3.0, and an id must not become "3.0".
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime.datetime):
        # Not by way of `date`: pandas has years that it cannot hold.
        return value.isoformat(" ").partition(" ")[0] if value.time() == datetime.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def check_filling(rows: int, width: int, values: int, label: str) -> None:
    """Refuse a table that would be made of empty cells mostly, since nearly all of its rows end early.

    Parameters
    ----------
    rows, width
        How many rows it has, and how many columns the widest of them has.
    values
        How many cells stand in the file.
    label
        Where it stands, in words.
    """
    cells = rows * width
    if cells > MAX_CELLS:
        refuse_file(label, f"the table has more than {MAX_CELLS:,} cells. Leave out what is not needed.")
    if cells > max(HARMLESS_CELLS, MAX_FILLING * values):
        words = f"nearly all of its {rows:,} rows end long before the last of {width:,} columns."
        refuse_file(label, f"{words} Leave out the columns that are not needed.")


def _refuse_long(label: str) -> NoReturn:
    refuse_file(label, f"there are more than {MAX_ROWS:,} rows. Leave out those that are not needed.")


def refuse_wide(label: str) -> NoReturn:
    """Refuse a table that is wider than any table for people."""
    refuse_file(label, f"there are more than {MAX_COLUMNS} columns. Leave out those that are not needed.")
