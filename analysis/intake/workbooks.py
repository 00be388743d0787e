"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.cohort.findings import CohortError
from analysis.intake.cells import cell_text
from analysis.intake.noticed import refuse_file
from analysis.intake.raw import RawTable, table_of
from analysis.intake.sizes import MAX_COLUMNS, check_filling, refuse_wide
from analysis.intake.texts import blank
from analysis.intake.unpacking import BROKEN, check_archive

MAX_ROWS = 1_048_576  # of all sheets together: as many as one sheet can have
# Including empty cells: a row with a value far to the right is read with all cells before it.
MAX_CELLS = 50_000_000
MAX_SHEETS = 200


def read_workbook(data: bytes, file: str) -> list[RawTable]:
    """Return one table per sheet that is not empty.

    Raises
    ------
    CohortError
        If the file is not a workbook, is broken, too large or empty.
    """
    try:
        tables = _sheets(data, file)
    except (CohortError, MemoryError):
        raise
    except Exception:  # for a broken workbook, the library can raise anything
        refuse_file(file, BROKEN)
    if not tables:
        refuse_file(file, "the workbook is empty. Please choose another file.")
    return tables


def _sheets(data: bytes, file: str) -> list[RawTable]:
    from openpyxl import load_workbook  # slow to import, and not needed for text files

    check_archive(data, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about unsupported styles and drawings
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > MAX_SHEETS:
            refuse_file(file, f"the workbook has more than {MAX_SHEETS} sheets. Leave out those that are not needed.")
        tables = []
        size = _Size(file)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the declared size of a sheet can be wrong
            rows = _rows(sheet.iter_rows(values_only=True), f"{file}, sheet {sheet.title}", size)
            table = table_of(rows, file, sheet.title, hidden=sheet.sheet_state != "visible")
            tables += [table] if table else []
    return tables


@dataclass
class _Size:
    """The number of rows and cells of a workbook read so far."""

    file: str
    rows: int = 0
    cells: int = 0

    def add(self, row: Sequence[object]) -> None:
        """Count a row; refuse the workbook if it is too large."""
        self.rows += 1
        self.cells += len(row)
        if self.rows > MAX_ROWS:
            refuse_file(self.file, f"the workbook has more than {MAX_ROWS:,} rows. Save the tables as CSV.")
        if self.cells > MAX_CELLS:
            words = f"the workbook has more than {MAX_CELLS:,} cells, most of them empty."
            refuse_file(self.file, f"{words} Save the tables as CSV.")


def _rows(cells: Iterable[Sequence[object]], label: str, size: _Size) -> list[list[str]]:
    rows: list[list[str]] = []
    widest = values = 0
    for row in cells:
        size.add(row)
        width = _width(row)
        if width > MAX_COLUMNS:
            refuse_wide(label)
        rows.append([cell_text(value) for value in row[:width]])
        widest, values = max(widest, width), values + width
        check_filling(len(rows), widest, values, label)
    return rows


def _width(row: Sequence[object]) -> int:
    """Return the number of cells up to the last that is not blank."""
    for width in range(len(row), 0, -1):
        value = row[width - 1]
        if value is not None and not blank(cell_text(value)):
            return width
    return 0
