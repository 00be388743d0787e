"""Where the rows of a combined table, made of several columns or sheets, stand in the user's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.intake import texts
from analysis.intake.texts import as_texts


@dataclass(frozen=True)
class Part:
    """One of the parts that a table is combined of.

    Attributes
    ----------
    cells
        Its rows; the index is the row number in the user's file.
    label
        Its file and sheet in words; "" if that of the whole table.
    headings
        The column of the combined table to the heading in the user's file, where they differ.
    """

    cells: pd.DataFrame = field(repr=False)
    label: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """The place in the user's files of each row of a combined table.

    Attributes
    ----------
    labels, headings
        Of each part; see `Part`.
    """

    labels: tuple[str, ...]
    headings: tuple[Mapping[str, str], ...]

    def place(self, row: int) -> tuple[str, int]:
        """Return the label of the part that a row comes from ("" if that of the table), and its number there."""
        number, part = divmod(row, len(self.labels))
        return self.labels[part], number

    def heading(self, row: int, column: str) -> str:
        """Return the heading in the user's file of a column in a row."""
        return self.headings[row % len(self.labels)].get(column, column)


def combined(parts: Sequence[Part]) -> tuple[pd.DataFrame, Origin]:
    """Return the rows of all parts below each other, in the order of the rows in their files, and their origin.

    A column that a part does not have is blank there. The index is a number for each row that only its origin
    understands: the row number in the file, times the number of parts, plus the place of the part.
    """
    columns = list(dict.fromkeys(str(name) for part in parts for name in part.cells.columns))
    rows = pd.Index([row * len(parts) + place for place, part in enumerate(parts) for row in part.cells.index])
    order = rows.argsort()
    cells = {}
    for name in columns:
        held: list[str] = []
        for part in parts:
            has = name in part.cells
            held += part.cells[name].astype(object).tolist() if has else [""] * len(part.cells)
        cells[name] = as_texts((held[place] for place in order), rows[order])
    origin = Origin(tuple(part.label for part in parts), tuple(part.headings for part in parts))
    return pd.DataFrame(cells, index=rows[order]), origin


def without_blank_rows(cells: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows that hold something in one of some columns."""
    filled = pd.Series(False, index=cells.index)
    for name in columns:
        filled |= ~texts.where(cells[name], texts.blank)
    return cells[filled]
