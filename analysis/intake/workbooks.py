"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable

from analysis.cohort.model import CohortError
from analysis.intake.readers import MAX_COLUMNS, RawTable, cell_text, refuse_wide, table_of
from analysis.intake.report import refuse_file

MAX_ROWS = 1_048_576
MAX_UNPACKED_BYTES = 500_000_000
MAX_PACKING = 250  # A sheet of people shrinks to a tenth; what shrinks more is made to burst.
HARMLESS_BYTES = 20_000_000


def read_workbook(data: bytes, file: str) -> list[RawTable]:
    """Return a table for every sheet that holds anything.

    Raises
    ------
    CohortError
        If it is no workbook, a broken one, too large, or an empty one.
    """
    try:
        tables = _sheets(data, file)
    except CohortError:
        raise
    except Exception:  # a broken workbook makes the library raise anything from KeyError to an error of the XML parser
        refuse_file(file, "the workbook is broken, or is not an Excel workbook. Open it in Excel and save it as .xlsx.")
    if not tables:
        refuse_file(file, "the workbook is empty. Please choose another file.")
    return tables


def _sheets(data: bytes, file: str) -> list[RawTable]:
    from openpyxl import load_workbook  # slow to import, and not needed for text files

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES or unpacked > max(HARMLESS_BYTES, MAX_PACKING * len(data)):
            refuse_file(file, "the workbook is too large once unpacked. Save the tables as CSV.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and drawings that the library does not know are of no interest here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        tables = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a sheet says of its own size can be wrong
            rows = _rows(sheet.iter_rows(values_only=True), f"{file}, sheet {sheet.title}")
            table = table_of(rows, file, sheet.title, hidden=sheet.sheet_state != "visible")
            tables += [table] if table else []
    return tables


def _rows(cells: Iterable[Iterable[object]], label: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in cells:
        texts = [cell_text(value) for value in row]
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > MAX_COLUMNS:
            refuse_wide(label)
        if len(rows) == MAX_ROWS:
            refuse_file(label, f"there are more than {MAX_ROWS} rows. Save the table as CSV.")
        rows.append(texts)
    return rows
