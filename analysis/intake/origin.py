"""Where the cells of a table that was combined from columns, sheets or files are in the user's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from analysis.intake.texts import as_texts


class Origin(Protocol):
    """The place in the user's files of each cell of a combined table."""

    def locate(self, row: int, column: str = "") -> tuple[str, int, str]:
        """Return a cell's label ("" if that of the table), row number and heading in the user's files."""


@dataclass(frozen=True)
class Part:
    """One of the parts that a table is combined of, with rows of its own.

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
class Stacked:
    """The origin of a table whose parts stand below each other; see `stacked`.

    Attributes
    ----------
    labels, headings
        Of each part; see `Part`.
    """

    labels: tuple[str, ...]
    headings: tuple[Mapping[str, str], ...]

    def locate(self, row: int, column: str = "") -> tuple[str, int, str]:
        """See `Origin.locate`."""
        number, part = divmod(row, len(self.labels))
        return self.labels[part], number, self.headings[part].get(column, column)


@dataclass(frozen=True)
class Joined:
    """The origin of a table to which columns of other tables were joined.

    Attributes
    ----------
    first
        The origin of the table itself; None if it stands in the file as it is.
    columns
        For each joined column, the label of the table it is from, and the row number there of each row.
    """

    first: Origin | None
    columns: Mapping[str, tuple[str, Mapping[int, int]]]

    def locate(self, row: int, column: str = "") -> tuple[str, int, str]:
        """See `Origin.locate`."""
        if column in self.columns:
            label, rows = self.columns[column]
            return label, rows.get(row, row), column
        return self.first.locate(row, column) if self.first else ("", row, column)


def stacked(parts: Sequence[Part]) -> tuple[pd.DataFrame, Stacked]:
    """Return the rows of all parts below each other, in the order of the rows in their files, and their origin.

    A column that a part lacks is blank there. The index encodes file row and part for `Stacked.locate`: the row number
    in the file, times the number of parts, plus the position of the part.
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
    origin = Stacked(tuple(part.label for part in parts), tuple(part.headings for part in parts))
    return pd.DataFrame(cells, index=rows[order]), origin
