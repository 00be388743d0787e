"""Workbooks: Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods), read by calamine."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from analysis.cohort.findings import CohortError
from analysis.cohort.wording import count_words
from analysis.intake.archives import ZIP
from analysis.intake.merged_cells import Merged
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.opendocument import count_errors
from analysis.intake.raw import RawTable, RowNote, table_of
from analysis.intake.sheet_parts import Cell, SheetPart, SheetReader, sheet_members
from analysis.intake.sizes import check_filling
from analysis.intake.unpacking import BROKEN, PASSWORD, check_archive

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_ROWS = 1_048_576  # as many as a sheet can have
# Including empty cells: memory is taken for the whole rectangle up to the last row and the last column.
MAX_CELLS = 50_000_000
MAX_SHEETS = 200
SHEETS = "xl/worksheets/"
EXAMPLES = 5  # cells that a message lists
ERRORS_UNSEEN = (
    "of this kind of workbook, cells with an error such as #N/A are read as empty. Save it as .xlsx to have them told."
)
NO_DATE = "#VALUE!"  # a negative number with the format of a date


def read_workbook(data: bytes, file: str) -> list[RawTable]:
    """Return one table per sheet of an .xlsx workbook that is not empty.

    Raises
    ------
    CohortError
        If the file is not a workbook, is broken, too large or empty.
    """
    return _tables(data, file, known_parts=True)


def read_other_workbook(data: bytes, file: str) -> list[RawTable]:
    """Return the same for a workbook in a binary format: .xls or .xlsb."""
    if data.startswith(ZIP):
        _check(data, file)
    return [replace(table, notes=(*table.notes, ERRORS_UNSEEN)) for table in _tables(data, file, known_parts=False)]


def read_opendocument(data: bytes, file: str) -> list[RawTable]:
    """Return the same for an OpenDocument spreadsheet (.ods)."""
    errors = _check(data, file, opendocument=True)
    tables = _tables(data, file, known_parts=False)
    if not errors:
        return tables
    words = f"{count_words(errors, 'cell')} with an error such as #N/A, taken as empty."
    first, *others = tables
    return [replace(first, rows=(*first.rows, RowNote("doubtful", 1, "", words))), *others]


def _check(data: bytes, file: str, *, opendocument: bool = False) -> int:
    """Return the number of cells with an error, where it is told; refuse a workbook that is too large."""
    try:
        check_archive(data, file)
        return count_errors(data, file) if opendocument else 0
    except (CohortError, MemoryError):
        raise
    except Exception:  # as in `_tables`
        refuse_file(file, BROKEN)


def _tables(data: bytes, file: str, *, known_parts: bool) -> list[RawTable]:
    try:
        tables = _sheets(data, file, known_parts=known_parts)
    except (CohortError, MemoryError):
        raise
    except Exception as error:  # for a broken workbook, the library can raise anything
        refuse_file(file, PASSWORD if type(error).__name__ == "PasswordError" else BROKEN)
    if not tables:
        refuse_file(file, "the workbook is empty. Please choose another file.")
    return tables


def _sheets(data: bytes, file: str, *, known_parts: bool) -> list[RawTable]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    parts = _parts(data, file) if known_parts else {}
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = book.sheets_metadata
    if len(sheets) > MAX_SHEETS:
        refuse_file(file, f"the workbook has more than {MAX_SHEETS} sheets. Leave out those that are not needed.")
    tables = []
    for place, sheet in enumerate(sheets):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        rows, merged, findings = _rows(book, place, sheet.name, file, parts.get(place))
        hidden = sheet.visible != SheetVisibleEnum.Visible
        table = table_of(rows, file, sheet.name, findings=findings, merged=merged, hidden=hidden)
        tables += [table] if table else []
    return tables


def _parts(data: bytes, file: str) -> dict[int, SheetPart]:
    """Return what the XML of each sheet tells, by its place; refuse a workbook that is too large for its values."""
    readers: defaultdict[str, SheetReader] = defaultdict(SheetReader)

    def watch(member: str, chunk: bytes) -> None:
        if member.startswith(SHEETS):
            readers[member].feed(chunk)

    check_archive(data, file, watch)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = sheet_members(archive)
    ended = {member: reader.end() for member, reader in readers.items()}
    parts = {place: ended[member] for place, (_, member) in enumerate(members) if member in ended}
    rows = cells = 0
    for place, part in parts.items():
        rows += part.rows
        cells += part.rows * part.columns
        if rows > MAX_ROWS:
            refuse_file(file, f"the workbook has more than {MAX_ROWS:,} rows. Save the tables as CSV.")
        check_filling(part.rows, part.columns, part.filled, f"{file}, sheet {members[place][0]}")
        if cells > MAX_CELLS:
            words = f"the workbook has more than {MAX_CELLS:,} cells, most of them empty."
            refuse_file(file, f"{words} Save the tables as CSV.")
    return parts


def _rows(
    book: CalamineWorkbook, place: int, name: str, file: str, part: SheetPart | None
) -> tuple[list[list[Any]], Sequence[Merged], list[RowNote]]:
    """Return the cells of a sheet, with what its XML tells of them, those that are merged, and findings on formulas."""
    sheet = book.get_sheet_by_index(place)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        refuse_file(file, f"sheet {shown(name)} has more than {MAX_CELLS:,} cells. Save the tables as CSV.")
    rows: list[list[Any]] = cast(list[list[Any]], sheet.to_python(skip_empty_area=False))
    merged = sheet.merged_cell_ranges or ()
    if part is None:
        return rows, merged, []
    for (row, column), text in (*part.errors.items(), *part.exact.items()):
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    for row, column in chain.from_iterable(zip(*places, strict=True) for places in part.negative):
        if isinstance(rows[row][column], datetime.time):
            rows[row][column] = NO_DATE
    return rows, merged, _without_value(part.unvalued)


def _without_value(cells: Sequence[Cell]) -> list[RowNote]:
    """Return a finding on formulas whose value is not stored, as in a workbook that no spreadsheet has opened."""
    if not cells:
        return []
    named = ", ".join(_cell_name(cell) for cell in cells[:EXAMPLES])
    more = f" and {len(cells) - EXAMPLES:,} more" if len(cells) > EXAMPLES else ""
    count = count_words(len(cells), "cell")
    words = f"{count} with a formula and no stored value, taken as empty: {named}{more}."
    advice = "Open the workbook in Excel, save it, and drop it again."
    return [RowNote("doubtful", cells[0][0] + 1, "", f"{words} {advice}")]


def _cell_name(cell: Cell) -> str:
    row, column = cell
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
