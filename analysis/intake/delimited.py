"""Comma, semicolon, tab and bar separated text."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from analysis.intake.readers import MAX_COLUMNS, RawTable, refuse_wide, table_of
from analysis.intake.report import refuse_file

DELIMITERS = (",", ";", "\t", "|")
# No header for people is longer; a file that is one endless line would otherwise keep the parser busy for minutes.
MAX_HEADER_CHARACTERS = 100_000
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
NEWLINE = re.compile(r"\r\n|\r|\n")
BLANK_LINES = re.compile(r"(?:[^\S\r\n]*(?:\r\n|\r|\n))*")


def read_delimited(data: bytes, file: str) -> RawTable:
    """Return the table in a text file; the delimiter is the one that divides the first line most.

    Raises
    ------
    CohortError
        If the bytes are not text, or the text is not a table.
    """
    text, notes = _decoded(data, file)
    start = _blank_beginning(text)
    skipped = len(NEWLINE.findall(text, 0, start))
    first_line = NEWLINE.split(text[start : start + MAX_HEADER_CHARACTERS + 1], maxsplit=1)[0]
    if len(first_line) > MAX_HEADER_CHARACTERS:
        refuse_wide(file)
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([first_line], delimiter=sign), [])))
    _check_header(text[start:], delimiter, file)
    try:
        cells = pd.read_csv(
            io.StringIO(text[start:]),
            sep=delimiter,
            header=None,
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        _refuse_lines(str(error), skipped, file)
    cells.index = pd.RangeIndex(skipped + 1, skipped + 1 + len(cells))
    table = table_of(cells, file, notes=notes)
    if table is None:
        refuse_file(file, "the file is empty. Please choose another file.")
    return table


def _decoded(data: bytes, file: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        notes.append("the file is not in UTF-8; it is read as Windows-1252. Look whether accents came out right.")
    if "\0" in text or "\ufffd" in text:
        refuse_file(file, "this is not a text file. Please choose a CSV, TSV or Excel file.")
    if not text.strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    return text, notes


def _blank_beginning(text: str) -> int:
    match = BLANK_LINES.match(text)
    return match.end() if match else 0


def _check_header(text: str, delimiter: str, file: str) -> None:
    # Quotes can carry the header over many lines, so the first line alone does not tell how wide it is.
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        refuse_file(file, "the first row cannot be read as a header. Is a quotation mark not closed?", row=1)
    if len(header) > MAX_COLUMNS:
        refuse_wide(file)


def _refuse_lines(message: str, skipped: int, file: str) -> None:
    """Turn the parser's complaint into words; its rows are counted from 1, those of open quotes from 0."""
    wide = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if wide:
        expected, row, seen = (int(number) for number in wide.groups())
        refuse_file(
            file,
            f"there are {seen} values, but the header has {expected} columns. "
            "A value that holds the delimiter must stand in quotation marks.",
            row=row + skipped,
        )
    unclosed = re.search(r"EOF inside string starting at row (\d+)", message)
    if unclosed:
        refuse_file(file, "a quotation mark is not closed.", row=int(unclosed.group(1)) + 1 + skipped)
    refuse_file(file, "the file cannot be read as a table. Please save it as CSV (UTF-8) or Excel and try again.")
