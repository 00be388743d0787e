"""A table as a journal prints it in Word: three lines, header repeated, numbers right, no value broken in its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.export.office_text import ems, one_line
from analysis.export.word_page import element

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

SIZES = (9.0, 8.0, 7.0)  # points of the letters, the first that fits
CELL_PAD = 4.0  # points left and right of a text
LONGEST_VALUE = 34  # characters; a longer cell is a text, which is broken between its words
WIDEST_WORD = 0.3  # of the table: where a single word is wider, it is broken
KEPT_TOGETHER = 15  # rows; a longer table may go on over the page
LINE = {"val": "single", "sz": "6", "space": "0", "color": "000000"}
JOINED = "\u00a0"


@dataclass(frozen=True)
class FittedTable:
    """The texts of a table, the size of their letters and the widths of its columns, in points.

    Attributes
    ----------
    cells
        The rows of texts, the header first.
    numbers
        Of each column, whether it holds values and not texts.
    size
        The size of the letters.
    widths
        The widths of the columns.
    """

    cells: list[list[str]]
    numbers: list[bool]
    size: float
    widths: list[float]


def fitted_table(rows: pd.DataFrame, width: float, *, words: bool = False) -> FittedTable:
    """Return a table set for a width in points.

    A value stays on one line. Where the smallest letters are too large for that, it is broken before its limits.

    Parameters
    ----------
    rows
        Text; the first column names the rows.
    width
        The width of the table.
    words
        Whether all its cells are texts, however short.

    Examples
    --------
    >>> rows = pd.DataFrame({"Outcome": ["Relapse"], "Year 1": ["28 % (19–38)"]})
    >>> fitted_table(rows, 450).cells[1][1].replace("\u00a0", "_")
    '28_%_(19–38)'
    """
    table = [[one_line(str(name)) for name in rows]]
    table += [[one_line(str(cell)) for cell in row] for row in rows.itertuples(index=False)]
    if words:
        numbers = [False] * len(rows.columns)
    else:
        numbers = [
            place > 0 and all(map(_is_value, texts)) for place, (_, *texts) in enumerate(zip(*table, strict=True))
        ]
    for before_limits in (False, True):
        joined = [[name, *(_joined(text, before_limits) for text in row)] for name, *row in table[1:]]
        cells = table if words else [table[0], *joined]
        for size in SIZES:
            least = [max(_widest_word(row[place], size, width) for row in cells) for place in range(len(numbers))]
            if sum(least) <= width:
                return FittedTable(cells, numbers, size, _widths(cells, least, size, width))
    return FittedTable(table, numbers, SIZES[-1], [width / len(numbers)] * len(numbers))


def _is_value(text: str) -> bool:
    return len(text) <= LONGEST_VALUE


def _joined(text: str, before_limits: bool) -> str:
    """Return a value that is not broken, or only before its limits; a text as it is."""
    if not _is_value(text):
        return text
    joined = text.replace(" ", JOINED)
    return joined.replace(f"{JOINED}(", " (").replace(f":{JOINED}", ": ") if before_limits else joined


def _widest_word(text: str, size: float, width: float) -> float:
    widest = max(map(ems, text.split(" ")))
    return min(widest * size, WIDEST_WORD * width) + 2 * CELL_PAD


def _widths(cells: list[list[str]], least: list[float], size: float, width: float) -> list[float]:
    """Return the widths of columns: what their words need, and of the rest a share by the length of their texts."""
    longest = [max(ems(row[place]) * size + 2 * CELL_PAD for row in cells) for place in range(len(least))]
    wanted = [max(long - short, 0.0) for long, short in zip(longest, least, strict=True)]
    rest = width - sum(least)
    if sum(wanted) <= rest:  # all texts stand on one line
        spare = (rest - sum(wanted)) / len(least)
        return [short + more + spare for short, more in zip(least, wanted, strict=True)]
    return [short + rest * more / sum(wanted) for short, more in zip(least, wanted, strict=True)]


def add_table(document: Document, fitted: FittedTable) -> WordTable:
    """Add a table to a Word document."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    table = document.add_table(rows=len(fitted.cells), cols=len(fitted.widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, fitted.widths, strict=True):
        column.width = Pt(width)
    together = len(fitted.cells) <= KEPT_TOGETHER
    for place, (row, texts) in enumerate(zip(table.rows, fitted.cells, strict=True)):
        header, last = place == 0, place == len(fitted.cells) - 1
        _keep_whole(row, header=header)
        for cell, text, width, right in zip(row.cells, texts, fitted.widths, fitted.numbers, strict=True):
            cell.width = Pt(width)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.keep_with_next = (together or header) and not last
            run = paragraph.add_run(text)
            run.font.size = Pt(fitted.size)
            run.bold = header
            _set_empty_line(paragraph, fitted.size)
            _draw_lines(cell, [*(["top", "bottom"] if header else []), *(["bottom"] if last else [])])
    _pad(table)
    return table


def _set_empty_line(paragraph: Paragraph, points: float) -> None:
    """Make the line of a cell as high without a text as it is with one."""
    letters = element("rPr", {})
    letters.append(element("sz", {"val": f"{2 * points:.0f}"}))
    paragraph._p.get_or_add_pPr().append(letters)  # noqa: SLF001 -- the library has no name for it


def _keep_whole(row: _Row, *, header: bool) -> None:
    """Keep a row on one page, and repeat the header on every page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 -- the library has no name for it
    properties.append(element("cantSplit", {}))
    if header:
        properties.append(element("tblHeader", {}))


def _draw_lines(cell: _Cell, sides: Sequence[str]) -> None:
    """Draw the lines of a cell; a table of three lines has those above and below its header, and the last one."""
    if sides:
        borders = element("tcBorders", {})
        for side in sides:
            borders.append(element(side, LINE))
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 -- the library has no name for it


def _pad(table: WordTable) -> None:
    margins = element("tblCellMar", {})
    for side, points in (("top", 1.0), ("left", CELL_PAD), ("bottom", 1.0), ("right", CELL_PAD)):
        margins.append(element(side, {"w": str(round(20 * points)), "type": "dxa"}))
    look = table._tblPr.find(element("tblLook", {}).tag)  # noqa: SLF001 -- the library has no name for it
    look.addprevious(margins)
