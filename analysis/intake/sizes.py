"""How large a table may be."""

from __future__ import annotations

from typing import NoReturn

from analysis.intake.noticed import refuse_file

MAX_COLUMNS = 1000
MAX_ROWS = 10_000_000  # A million patients with ten visits each; more take minutes to read.
MAX_CELL_CHARACTERS = 100_000  # Excel has room for 32,767.
# What is made of a table with rows that end early is counted, and not only what stands in the file.
MAX_CELLS = 200_000_000
HARMLESS_CELLS, MAX_FILLING = 2_000_000, 20


def check_filling(rows: int, width: int, values: int, label: str) -> None:
    """Refuse a table that would be made of empty cells mostly, since nearly all of its rows end early.

    Parameters
    ----------
    rows, width
        How many rows it has, and how many columns the widest of them has.
    values
        How many cells stand in the file.
    label
        Where it stands, in words.
    """
    cells = rows * width
    if cells > MAX_CELLS:
        refuse_file(label, f"the table has more than {MAX_CELLS:,} cells. Leave out what is not needed.")
    if cells > max(HARMLESS_CELLS, MAX_FILLING * values):
        words = f"nearly all of its {rows:,} rows end long before the last of {width:,} columns."
        refuse_file(label, f"{words} Leave out the columns that are not needed.")


def check_rows(rows: int, label: str) -> None:
    """Refuse a table of more rows than can be read in a reasonable time."""
    if rows > MAX_ROWS:
        refuse_file(label, f"there are more than {MAX_ROWS:,} rows. Leave out those that are not needed.")


def refuse_wide(label: str) -> NoReturn:
    """Refuse a table that is wider than any table for people."""
    refuse_file(label, f"there are more than {MAX_COLUMNS} columns. Leave out those that are not needed.")
