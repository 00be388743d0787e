"""Delimited text: values separated by commas, semicolons, tabs, bars or blanks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
import pandas as pd

from analysis.intake.encodings import encoding_of
from analysis.intake.even_rows import even_rows
from analysis.intake.layout import LOOKED_AT, Header, find_header
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.raw import RawTable, RowNote, named_table
from analysis.intake.sizes import MAX_COLUMNS, check_filling, refuse_wide
from analysis.intake.texts import blank, from_codes, where

DELIMITERS = (",", ";", "\t", "|")
# No real header is longer; without a limit, a file of one endless line would occupy the parser for minutes.
MAX_HEADER_CHARACTERS = 1_000_000
SNIFFED_CHARACTERS, SNIFFED_WIDE = 1_000_000, 10_000_000
MANY_COLUMNS = 100  # a table with more is parsed in one piece, because each piece would take long
NAMED_DELIMITER = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)
USABLE_DELIMITER = re.compile(r"[^\w\"'.+\n-]", re.ASCII)  # one byte that is part of no number, word or quotation
GAP = re.compile(rb" {2,}")
LETTER = "x"
EXAMPLES = 5  # short rows that a message lists
QUOTE, NEWLINE = ord('"'), ord("\n")


@dataclass(frozen=True)
class _Beginning:
    """The first rows of a file, with the number of lines up to and including each row, and whether the next is cut."""

    delimiter: str
    rows: list[list[str]]
    lines: list[int]
    broken: bool = False


def read_delimited(data: bytes, file: str) -> RawTable:
    """Return the table in a text file.

    The delimiter is that of a first line ``sep=``, or else the one that splits most of the first rows into equally
    many values.

    Parameters
    ----------
    data
        The content.
    file
        The file name, for messages.

    Raises
    ------
    CohortError
        If the bytes are not text, or the text is not a table.
    """
    text, notes = _as_utf_8(data, file)
    if _is_set_in_gaps(_sniffed(text)):
        text = _tabs_for_gaps(text, file)
        notes.append("blanks stand between the columns, as in what is copied from a screen.")
    beginning = _beginning(_sniffed(text), file)
    header = find_header(beginning.rows)
    if header is None:
        refuse_file(
            file, f"the file is empty, or its first {LOOKED_AT} rows are. Begin it with the names of the columns."
        )
    header, width = _as_wide_as_the_rows(header, beginning.rows[header.last + 1 :], file)
    if width > MAX_COLUMNS:
        refuse_wide(file)
    body = _after(text, beginning.lines[header.last])
    first_row = header.last + 2
    rows = body.count(b"\n")
    check_filling(rows, width, rows + body.count(beginning.delimiter.encode()), file)
    lines = rows if body.endswith(b"\n") else rows + 1
    even = even_rows(body, beginning.delimiter, width, pd.RangeIndex(first_row, first_row + lines))
    if even is None:
        cells = _cells(body, beginning.delimiter, width, first_row, len(header.names), file)
        short = _short_rows(body, beginning.delimiter, cells, len(header.names))
    else:
        cells, short = even, []
    table = named_table(cells, header.names, file, notes=[*notes, *header.notes], findings=short)
    return replace(table, semicolons=beginning.delimiter == ";")


def _sniffed(text: bytes) -> str:
    """Return the beginning of a text, with the rows that are looked at."""
    wide = text.count(b"\n", 0, SNIFFED_CHARACTERS) <= LOOKED_AT
    return text[: SNIFFED_WIDE if wide else SNIFFED_CHARACTERS].decode(errors="ignore")


def _is_set_in_gaps(text: str) -> bool:
    """Return whether runs of blanks are the only delimiter, and split the first lines into equally many values."""
    lines = [line for line in text.split("\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    if any(delimiter in line for line in lines for delimiter in DELIMITERS):
        return False
    widths = {len(re.split(r" {2,}", line)) for line in lines}
    return len(lines) > 1 and len(widths) == 1 and widths.pop() > 1


def _tabs_for_gaps(text: bytes, file: str) -> bytes:
    """Return a text with tabs for runs of blanks; refuse one with a short row, whose missing value is unknown."""
    lines = text.split(b"\n")
    gaps = [len(GAP.findall(line)) for line in lines]
    usual = max(gaps[:LOOKED_AT])
    for row, (line, count) in enumerate(zip(lines, gaps, strict=True), 1):
        if line.strip() and count != usual:
            words = (
                f"blanks stand between the columns, and this row has {count + 1} values where others have {usual + 1}."
            )
            refuse_file(file, f"{words} Save the table with commas, semicolons or tabs.", row=row)
    return GAP.sub(b"\t", text)


def _as_utf_8(data: bytes, file: str) -> tuple[bytes, list[str]]:
    """Return a text as UTF-8 with line ends of Unix, and notes on a detected encoding."""
    encoding, note = encoding_of(data, file)
    text = data.removeprefix(b"\xef\xbb\xbf") if encoding == "utf-8" else data.decode(encoding, "replace").encode()
    if b"\0" in text or "\ufffd".encode() in text:
        refuse_file(file, "this is not a text file. Please choose a CSV, TSV or Excel file.")
    if blank(text[:SNIFFED_CHARACTERS].decode(errors="ignore")) and not text.decode().strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text, [note] if note else []


def _beginning(text: str, file: str) -> _Beginning:
    """Return the first rows, split by the delimiter named in the file or by the one that splits them most evenly."""
    if any(len(line) > MAX_HEADER_CHARACTERS for line in text.lstrip().split("\n", LOOKED_AT)[:LOOKED_AT]):
        _refuse_long(file)
    named = NAMED_DELIMITER.match(text)
    if named and not (named[1].isascii() and USABLE_DELIMITER.fullmatch(named[1])):
        words = f'the first line says that "{shown(named[1])}" stands between the values, which cannot be read.'
        refuse_file(file, f"{words} Save it with commas, semicolons or tabs.")
    if named:
        rest = _unbroken([_rows(text[named.end() :], named[1], file)], file)
        return _Beginning(named[1], [[], *rest.rows], [1, *[line + 1 for line in rest.lines]])
    return _unbroken([_rows(text, delimiter, file) for delimiter in DELIMITERS], file)


def _unbroken(found: Sequence[_Beginning], file: str) -> _Beginning:
    """Return the beginning that is split most evenly.

    Split by a wrong delimiter, a wide row can be one value that is too long to read.
    """
    whole = [each for each in found if not each.broken]
    best = max(whole, key=lambda each: _evenness(each.rows), default=None)
    if best is None or (len(whole) < len(found) and _evenness(best.rows)[1] == 1):
        row = next(len(each.rows) + 1 for each in found if each.broken)
        refuse_file(file, "the first rows cannot be read. Is a quotation mark not closed?", row=row)
    return best


def _rows(text: str, delimiter: str, file: str) -> _Beginning:
    rows, lines = [], []
    broken = False
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                refuse_wide(file)
            if sum(map(len, row)) > MAX_HEADER_CHARACTERS:
                _refuse_long(file)
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) == LOOKED_AT:
                break
    except csv.Error:
        broken = True
    return _Beginning(delimiter, rows, lines, broken)


def _refuse_long(file: str) -> NoReturn:
    words = f"one of the first rows is longer than {MAX_HEADER_CHARACTERS:,} characters."
    refuse_file(file, f"{words} Is it a table of at most {MAX_COLUMNS:,} columns, with a line a row?")


def _evenness(rows: list[list[str]]) -> tuple[float, int]:
    """Return the largest share of rows with equally many values, and this number of values."""
    widths = [len(row) for row in rows if any(not blank(text) for text in row)]
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return 0.0, 1
    width, count = max(divided.items(), key=lambda item: (item[1], item[0]))
    return count / len(widths), width


def _as_wide_as_the_rows(header: Header, rows: list[list[str]], file: str) -> tuple[Header, int]:
    """Return the header, with "" for an unnamed column of row numbers, and the width including empty columns."""
    names = header.names
    filled = [row for row in rows if row]
    wider = [row for row in filled if len(row) > len(names)]
    full = [row for row in wider if any(not blank(text) for text in row[len(names) :])]
    if not full:
        return header, max([len(names), *map(len, wider)])
    numbered = [row[0] for row in filled] == [str(place + 1) for place in range(len(filled))]
    if not numbered or any(len(row) != len(names) + 1 for row in filled):
        _refuse_row(header.last + 2 + rows.index(full[0]), len(full[0]), len(names), file)
    return Header(["", *names], header.first, header.last, header.notes), len(names) + 1


def _after(text: bytes, lines: int) -> bytes:
    place = 0
    for _ in range(lines):
        place = text.find(b"\n", place) + 1
        if not place:
            return b""
    return text[place:]


def _cells(body: bytes, delimiter: str, width: int, first_row: int, named: int, file: str) -> pd.DataFrame:
    # A first row of letters makes the parser keep codes such as 007 as text, and sets the width.
    letters = (delimiter.join([LETTER] * width) + "\n").encode()
    try:
        parsed = pd.read_csv(
            io.BytesIO(letters + body),
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype="category",  # distinct texts are stored once: half the time and a tenth of the memory
            na_filter=False,
            skip_blank_lines=False,
            low_memory=width <= MANY_COLUMNS,
        )
    except pd.errors.ParserError as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        _refuse_lines(str(error), first_row - 2, named, file)
    rows = pd.RangeIndex(first_row, first_row + len(parsed) - 1)
    columns = {place: _below_letter(parsed[place].array, rows) for place in range(width)}
    return pd.DataFrame(columns, index=rows, copy=False)


def _below_letter(held: pd.Categorical, rows: pd.Index) -> pd.Series:
    letter, codes, distinct = held.codes[0], held.codes[1:], held.categories.to_numpy(dtype=object)
    if not (codes == letter).any():
        codes, distinct = codes - (codes > letter), np.delete(distinct, letter)
    return from_codes(codes, distinct, rows)


def _short_rows(body: bytes, delimiter: str, cells: pd.DataFrame, width: int) -> list[RowNote]:
    """Return a finding on the rows with too few values, which the parser pads silently."""
    if width < 2 or len(delimiter.encode()) > 1 or not where(cells[width - 1], blank).any():
        return []
    signs = np.frombuffer(body, dtype=np.uint8)
    divides, ends = signs == ord(delimiter), signs == NEWLINE
    if b'"' in body:
        outside = ~np.bitwise_xor.accumulate(signs == QUOTE)
        divides, ends = divides & outside, ends & outside
    starts = np.concatenate([[0], np.flatnonzero(ends) + 1])
    starts = starts[starts < len(signs)]
    if len(starts) != len(cells):  # quotation marks within words
        return []
    values = np.diff(np.searchsorted(np.flatnonzero(divides), np.append(starts, len(signs)))) + 1
    short = np.flatnonzero(values < width)
    held = cells.iloc[short]
    empty = np.logical_and.reduce([where(held[name], blank) for name in held])
    used = short[~empty]
    if not len(used):
        return []
    first, *others = [int(row) for row in cells.index[used]]
    words = f"{_parts(values[used[0]], width)} It is used; please check it."
    if others:
        named = ", ".join(map(str, others[:EXAMPLES]))
        more = f" and {len(others) - EXAMPLES:,} more" if len(others) > EXAMPLES else ""
        words = f"{words} So do {len(others):,} others: row {named}{more}."
    return [RowNote("doubtful", first, "", words)]


def _parts(values: int, width: int) -> str:
    return (
        f"the row ends after {values} of {width} columns; the others are taken as not recorded."
        if values > 1
        else f"the row holds one value only, of {width} columns."
    )


def _refuse_row(row: int, seen: int, named: int, file: str) -> NoReturn:
    refuse_file(
        file,
        f"there are {seen} values, but the header has {named} columns. "
        "A value that holds the delimiter must stand in quotation marks.",
        row=row,
    )


def _refuse_lines(message: str, skipped: int, named: int, file: str) -> NoReturn:
    """Refuse a file with an error of the parser in words; it counts rows from 1, those of open quotes from 0."""
    wide = re.search(r"Expected \d+ fields in line (\d+), saw (\d+)", message)
    if wide:
        row, seen = (int(number) for number in wide.groups())
        _refuse_row(row + skipped, seen, named, file)
    unclosed = re.search(r"EOF inside string starting at row (\d+)", message)
    if unclosed:
        refuse_file(file, "a quotation mark is not closed.", row=int(unclosed.group(1)) + 1 + skipped)
    refuse_file(file, "the file cannot be read as a table. Please save it as CSV (UTF-8) or Excel and try again.")
