"""Inputs, such as a path or a DataFrame, and the raw tables in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TypeAlias

import pandas as pd

from analysis.intake.noticed import refuse_file, shown
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.reading import parse

Readable: TypeAlias = str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | pd.DataFrame
TableInput: TypeAlias = Readable | tuple[Readable, str]


def read_tables(given: TableInput, name: str) -> list[RawTable]:
    """Return the tables of an input; of a workbook, one per sheet that is not empty.

    Rows are numbered as in a spreadsheet: the header of a plain CSV is row 1, blank lines count, and a line break
    inside quotes does not. The rows of a DataFrame are numbered by position, from 1.

    Parameters
    ----------
    given
        A path, bytes, an open file, a DataFrame, or a pair of one of these and a sheet name.
    name
        The name of an input without a file name.

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


def _contents(source: str | os.PathLike[str] | bytes | IO[bytes] | IO[str], name: str) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return name, source
    path = source if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    file = Path(path).name if isinstance(path, str | os.PathLike) else name
    try:
        content = Path(source).read_bytes() if isinstance(source, str | os.PathLike) else source.read()
    except (OSError, ValueError):  # no such file, an impossible name, or text in another encoding
        refuse_file(shown(file) or name, "the file cannot be opened. Is it the right one?")
    return file, content.encode() if isinstance(content, str) else content
