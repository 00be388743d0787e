"""OpenDocument spreadsheets (.ods): the size of sheets with repeated cells written out, and cells with an error."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from analysis.intake.noticed import refuse_file
from analysis.intake.sizes import MAX_COLUMNS, refuse_wide

CONTENT = "content.xml"
CHUNK = 1_000_000
MAX_CELLS = 50_000_000
ROW, CELL, COVERED = "table:table-row", "table:table-cell", "table:covered-table-cell"
ROWS_REPEATED, COLUMNS_REPEATED = "table:number-rows-repeated", "table:number-columns-repeated"
VALUE, ERROR = "office:value-type", "calcext:value-type"


class _Sizes:
    """Counts the rows and columns that hold a value, element by element."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cells = self.errors = 0
        self._row = self._column = self._last = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Count at the beginning of an element."""
        if name == ROW:
            self._row, self._column, self._last = _number(attributes.get(ROWS_REPEATED)), 0, 0
        elif name in (CELL, COVERED):
            self._column += _number(attributes.get(COLUMNS_REPEATED))
            if VALUE in attributes:
                self._last = self._column
                self.errors += attributes.get(ERROR) == "error"
            if self._last > MAX_COLUMNS:
                refuse_wide(self.file)

    def end(self, name: str) -> None:
        """Count at the end of an element."""
        if name == ROW:
            self.cells += self._row * self._last
            if self.cells > MAX_CELLS:
                words = f"the workbook has more than {MAX_CELLS:,} cells."
                refuse_file(self.file, f"{words} Leave out what is not needed, or save the tables as CSV.")


def count_errors(data: bytes, file: str) -> int:
    """Return the number of cells with an error, which are read as empty.

    Raises
    ------
    CohortError
        If a sheet has too many cells or columns.
    """
    sizes = _Sizes(file)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = sizes.begin, sizes.end
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(CONTENT) as content:
        while chunk := content.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    return sizes.errors


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1
