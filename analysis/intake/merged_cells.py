"""Cells that are merged over several rows: the value of the first stands for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.cells import cell_text
from analysis.intake.values import is_missing

Merged: TypeAlias = tuple[tuple[int, int], tuple[int, int]]  # row and column of the first cell and the last, from 0
MOST_BLOCKS = 12  # different values
FEWEST_ROWS = 6
SHARE_OF_BLANKS = 2 / 3


def filled_down(
    rows: Sequence[Sequence[object]], merged: Sequence[Merged], header: int
) -> tuple[list[Sequence[object]], int]:
    """Return rows with the value of merged cells in every row that they span, and the number of cells filled.

    Cells merged over several columns, such as a remark, and those that begin in the header are left as they are.

    Parameters
    ----------
    rows
        The rows of a sheet.
    merged
        Its merged cells.
    header
        The last row of the header, from 0.
    """
    filled, count = list(rows), 0
    for (first, column), (last, end) in merged:
        if column != end or first <= header or first >= len(rows) or column >= len(rows[first]):
            continue
        value = rows[first][column]
        if not cell_text(value):
            continue
        for row in range(first + 1, min(last + 1, len(rows))):
            if any(map(cell_text, rows[row])):  # else no row of the table
                filled[row] = [*filled[row][:column], value, *filled[row][column + 1 :]]
                count += 1
    return filled, count


def like_merged(values: pd.Series) -> str:
    """Return a doubt about a column with values only in the first row of blocks, as merged cells leave it.

    Returns
    -------
    str
        The doubt in words; "" if the column is not like this.
    """
    held = texts.counts(values)
    named = {text: count for text, count in held.items() if not is_missing(text)}
    rows = len(values)
    if rows < FEWEST_ROWS or not 1 < len(named) <= MOST_BLOCKS or any(count > 1 for count in named.values()):
        return ""
    if rows - len(named) < SHARE_OF_BLANKS * rows - 1e-9 or is_missing(str(values.iloc[0])):
        return ""
    blank = count_words(rows - len(named), "row")
    return (
        f"it stands in the first row of each block only, as merged cells leave it; in {blank} it is blank, taken as "
        "not recorded. If a blank means the same as the row above, fill the column down, and drop the file again."
    )
