"""Limits of the size of a table."""

from __future__ import annotations

from typing import NoReturn

from analysis.intake.noticed import refuse_file

MAX_COLUMNS = 20_000
# Of a wider table, such as an export of a whole registry, only columns are read that are matched or chosen.
MOST_KEPT_COLUMNS = 1000
MAX_ROWS = 10_000_000  # A million patients with ten visits each; more would take minutes to read.
MAX_CELL_CHARACTERS = 100_000  # Excel has room for 32,767.
# Cells after padding of short rows, not only those in the file.
MAX_CELLS = 200_000_000
HARMLESS_CELLS, MAX_FILLING = 2_000_000, 20


def check_filling(rows: int, width: int, values: int, label: str) -> None:
    """Refuse a table that would consist mostly of padding, because nearly all of its rows are short.

    Parameters
    ----------
    rows, width
        Number of rows, and of columns in the widest row.
    values
        Number of cells in the file.
    label
        The location of the table, in words.
    """
    cells = rows * width
    if cells > MAX_CELLS:
        refuse_file(label, f"the table has more than {MAX_CELLS:,} cells. Leave out what is not needed.")
    if cells > max(HARMLESS_CELLS, MAX_FILLING * values):
        words = f"nearly all of its {rows:,} rows end long before the last of {width:,} columns."
        refuse_file(label, f"{words} Leave out the columns that are not needed.")


def check_rows(rows: int, label: str) -> None:
    """Refuse a table with too many rows to read in a reasonable time."""
    if rows > MAX_ROWS:
        refuse_file(label, f"there are more than {MAX_ROWS:,} rows. Leave out those that are not needed.")


def refuse_wide(label: str) -> NoReturn:
    """Refuse a table with too many columns."""
    refuse_file(label, f"there are more than {MAX_COLUMNS:,} columns. Leave out those that are not needed.")
