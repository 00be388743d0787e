"""Tables as files: CSV that no spreadsheet runs formulas of, a ZIP of the cohort, and a blank template."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.canonical_column import Column
from analysis.cohort.column_words import value_words
from analysis.cohort.measurement_limits import as_written
from analysis.cohort.model import Cohort
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.disclosure.refused import NotSharedError
from analysis.export.sharing import Sharing, protected_table

# Characters that start a formula in a spreadsheet (OWASP, CSV injection), including full-width forms.
FORMULA_STARTS = "=+\\-@\t\n\0＝＋－＠"
# Cells also start after the separators of other locales, even within quotes; in notes, after any comma.
CELL = re.compile(rf"((?:^|[;\t\n])[ \"]*)(?=[{FORMULA_STARTS}])")
NOTE_CELL = re.compile(rf"([,;\t\n][ \"]*)(?=[{FORMULA_STARTS}])")
_APOSTROPHE = r"\1'"
CHANGED = (
    "An apostrophe was put before text that a spreadsheet would run as a formula, at its beginning or behind a "
    "semicolon; without it the text is as in the data."
)


def csv_bytes(table: pd.DataFrame, notes: Sequence[str] = ()) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark; text that would be a formula gets an apostrophe.

    Sets are written as elements separated by ``;``, or "none" if empty; booleans as 1 and 0; missing values as empty
    cells. Notes are lines above the header that begin with ``#``; one more says so if apostrophes were added. With
    notes, text is in quotes, so that a ``#`` in it does not start a note.

    Parameters
    ----------
    table
        The table; its index is not written.
    notes
        Lines to write above the header.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_bytes(pd.DataFrame({"note": ["=1+1", "seen"], "died": [True, False]})).decode("utf-8-sig").split()
    ['note,died', "'=1+1,1", 'seen,0']
    """
    safe = pd.DataFrame({name: _written(table[name]) for name in table.columns}, index=table.index)
    safe.columns = [_safe(str(name)) for name in table.columns]
    all_notes = [*notes, *([CHANGED] if notes and has_formulas(table) else [])]
    lines = "".join(f"# {NOTE_CELL.sub(_APOSTROPHE, ' '.join(note.split()))}\n" for note in all_notes)
    quoting = csv.QUOTE_NONNUMERIC if notes else csv.QUOTE_MINIMAL
    return f"{lines}{safe.to_csv(index=False, lineterminator=chr(10), quoting=quoting)}".encode("utf-8-sig")


def has_formulas(table: pd.DataFrame) -> bool:
    """Return whether a table has text to which `csv_bytes` adds an apostrophe."""
    texts = [str(name) for name in table.columns]
    for name in table.columns:
        if not is_numeric_dtype(table[name]):
            texts += [_plain(value) for value in table[name].dropna().unique()]
    return any(CELL.search(text) for text in texts)


def cohort_archive(cohort: Cohort) -> bytes:
    """Return the cohort as used, as a ZIP with a CSV for each of its tables, findings.csv and left_out.csv.

    If apostrophes were added to text, README.txt says so.
    """
    return _archive({**_data(cohort), "findings": cohort.findings, "left_out": cohort.left_out})


def shared_archive(cohort: Cohort, sharing: Sharing, replaced: Mapping[str, str]) -> bytes:
    """Return the tables of the cohort for sharing, as a ZIP without the files about rows of the user's file.

    Parameters
    ----------
    cohort
        The cohort.
    sharing, replaced
        As for `analysis.export.sharing.protected_table`.

    Raises
    ------
    NotSharedError
        If small counts are hidden, as patients can be counted in a copy of the tables.
    """
    if sharing.least:
        raise NotSharedError(f"Patients one by one are not shared while counts below {sharing.least} are hidden.")
    return _archive({name: protected_table(table, sharing, replaced) for name, table in _data(cohort).items()})


def _data(cohort: Cohort) -> dict[str, pd.DataFrame]:
    return {name: as_written(getattr(cohort, name)) for name in KINDS}


def _archive(tables: Mapping[str, pd.DataFrame]) -> bytes:
    held = {name: table for name, table in tables.items() if len(table) or name == "patients"}
    files = {f"{name}.csv": csv_bytes(table) for name, table in held.items()}
    if any(map(has_formulas, held.values())):
        files["README.txt"] = f"{CHANGED}\n".encode()
    return zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files, from name to content, as one ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def template_workbook() -> bytes:
    """Return a blank workbook with one sheet per table, and a data dictionary of all columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for table, columns in TABLES.items():
        sheet = book.create_sheet(table)
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=cell.value in KINDS[table].required)
            sheet.column_dimensions[cell.column_letter].width = len(str(cell.value)) + 3
        sheet.freeze_panes = "B2"
    dictionary = book.create_sheet("dictionary")
    for row in _dictionary(TABLES):
        dictionary.append(row)
    for letter, width in zip("ABCDE", (12, 28, 34, 44, 12), strict=True):
        dictionary.column_dimensions[letter].width = width
        dictionary[f"{letter}1"].font = Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _dictionary(tables: Mapping[str, Mapping[str, Column]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("table", "column", "meaning", "unit or values", "required")]
    for table, columns in tables.items():
        needed = KINDS[table].required
        rows += [
            (table, column.name, column.label, value_words(column), "yes" if column.name in needed else "")
            for column in columns.values()
        ]
    return rows


def _written(values: pd.Series) -> pd.Series:
    if is_bool_dtype(values):
        return values.astype("Int64")
    if is_numeric_dtype(values):
        return values
    return values.astype(object).map(_text, na_action="ignore")


def _text(value: object) -> str:
    return _safe(_plain(value))


def _plain(value: object) -> str:
    return ";".join(sorted(value)) or "none" if isinstance(value, frozenset) else str(value)


def _safe(text: str) -> str:
    # A lone carriage return would not be quoted and would end the row.
    return CELL.sub(_APOSTROPHE, text.replace("\r\n", "\n").replace("\r", "\n"))
