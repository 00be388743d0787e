"""Raw tables: cells as text, rows with their numbers in the user's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.intake.cells import cell_text, column_texts, values_texts
from analysis.intake.layout import LOOKED_AT, TOTAL_ROWS, find_header, is_total
from analysis.intake.merged_cells import Merged, filled_down
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.origin import Origin
from analysis.intake.sizes import MAX_CELL_CHARACTERS, MAX_COLUMNS, check_rows, refuse_wide
from analysis.intake.texts import as_texts, blank, where

FORM_COMPLETE = "Complete?"


@dataclass(frozen=True)
class RowNote:
    """A finding about a row of a raw table: its kind (``left out`` or ``doubtful``), row, first value and message."""

    kind: str
    row: int
    value: str
    message: str


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it is in a file.

    Attributes
    ----------
    cells
        Text in every cell, "" if empty; the index is the row number in the user's file.
    file, sheet
        Where it is; `sheet` is "" except in a workbook.
    notes
        Notes for the user on the table.
    rows
        Findings about single rows; a row left out is not in `cells`.
    hidden
        Whether the sheet is hidden; such a sheet is used only if the user names it.
    semicolons
        Whether a text file is delimited by semicolons.
    origin
        For a table that was combined from several columns or sheets: where its rows are in the file.
    read_like
        Column, such as the times of another endpoint, to the canonical one whose unit and codes are used to read it.
    doubts
        What the user should check about the table as a whole.
    """

    cells: pd.DataFrame
    file: str
    sheet: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[RowNote, ...] = ()
    hidden: bool = False
    semicolons: bool = False
    origin: Origin | None = None
    read_like: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The location in words, with which every message begins."""
        file = shown(self.file)
        return f"{file}, sheet {shown(self.sheet)}" if self.sheet else file


def frame_table(frame: pd.DataFrame, name: str, sheet: str = "") -> RawTable:
    """Return a DataFrame as a raw table; its rows are numbered by position, from 1."""
    if frame.shape[1] > MAX_COLUMNS:
        refuse_wide(name)
    check_rows(len(frame), name)
    rows = pd.RangeIndex(1, len(frame) + 1)
    columns = {place: column_texts(frame.iloc[:, place], rows) for place in range(frame.shape[1])}
    return named_table(pd.DataFrame(columns, index=rows), [str(column) for column in frame.columns], name, sheet)


def table_of(
    rows: Sequence[Sequence[object]],
    file: str,
    sheet: str = "",
    notes: Sequence[str] = (),
    findings: Sequence[RowNote] = (),
    *,
    merged: Sequence[Merged] = (),
    hidden: bool = False,
) -> RawTable | None:
    """Return the table in rows of equally many values, numbered from 1; None if there is none."""
    header = find_header([_texts(row) for row in rows[:LOOKED_AT]])
    if header is None:
        return None
    if merged:
        rows, filled = filled_down(rows, merged, header.last)
        cells_filled = f"merged cells are filled down: {count_words(filled, 'cell')} take the value of the first."
        notes = [*notes, cells_filled] if filled else notes
    body = rows[header.last + 1 :]
    index = pd.RangeIndex(header.last + 2, header.last + 2 + len(body))
    columns = [values_texts(values, index) for values in zip(*body, strict=True)]
    columns = columns or [as_texts((), index) for _ in header.names]
    while len(columns) > len(header.names) and where(columns[-1], blank).all():
        columns.pop()
    if len(columns) > MAX_COLUMNS:
        refuse_wide(RawTable(pd.DataFrame(), file, sheet).label)
    cells = pd.DataFrame(dict(enumerate(columns)), index=index)
    return named_table(cells, header.names, file, sheet, [*notes, *header.notes], findings, hidden=hidden)


def _texts(row: Sequence[object]) -> list[str]:
    """Return a row as texts, up to the last that is not blank."""
    texts = [cell_text(value) for value in row]
    while texts and blank(texts[-1]):
        texts.pop()
    return texts


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
    """Return the table without empty rows, columns with neither name nor values, and rows of totals."""
    table = RawTable(cells, file, sheet)
    check_rows(len(cells), table.label)
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
    twice = sorted(name for name, count in Counter(used).items() if count > 1)
    if twice:
        named = ", ".join(f'"{shown(name)}"' for name in twice)
        refuse_file(table.label, f"more than one column is called {named}. Give every column its own name.", "column")
    cells = _without_blank_rows(cells[kept].set_axis(used, axis=1))
    totals = _totals(cells)
    cells = cells.drop(index=[total.row for total in totals]) if totals else cells
    return RawTable(cells, file, sheet, tuple(notes), (*totals, *findings), hidden)


def _numbered(names: list[str]) -> list[str]:
    """Return names with numbers for REDCap's "Complete?", which a labelled export has once per form."""
    many = names.count(FORM_COMPLETE) > 1
    return [f"{name} {place}" if many and name == FORM_COMPLETE else name for place, name in enumerate(names, 1)]


def _without_blank_rows(cells: pd.DataFrame) -> pd.DataFrame:
    empty = pd.Series(True, index=cells.index)
    # Columns with few distinct texts first: they are fast, and mostly show that no row is empty.
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
