"""Cells of tables on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from analysis.figures.common.number_words import number_interval

Words = TypeVar("Words")


def after_group(groups: pd.Series, words: Sequence[str]) -> list[str]:
    """Return the first cell of each row, with the group's name before it if there are several groups."""
    names = groups.astype(str)
    if names.nunique() < 2:
        return [f"{word[:1].upper()}{word[1:]}" for word in words]
    return [f"{group}, {word}" for group, word in zip(names, words, strict=True)]


def words_where(present: pd.Series, words: Sequence[str], otherwise: str | Sequence[str]) -> list[str]:
    """Return words where there is a value, and other words elsewhere: the same for all rows, or one per row."""
    absent = [otherwise] * len(present) if isinstance(otherwise, str) else otherwise
    return [word if there else other for there, word, other in zip(present, words, absent, strict=True)]


def interval_cells(table: pd.DataFrame, value: str) -> list[str]:
    """Return a column of numbers with their ``lower`` and ``upper`` limits."""
    columns = (table[name] for name in (value, "lower", "upper"))
    return [number_interval(*numbers) for numbers in zip(*columns, strict=True)]


def row_words(words: Callable[..., Words], table: pd.DataFrame, *columns: str) -> list[Words]:
    """Apply a function to some columns of each row."""
    return [words(*cells) for cells in zip(*(table[name] for name in columns), strict=True)]


def patients_heading(shown: int, all_patients: int) -> str:
    """Return the heading of a column of patients, with their number if only some are shown."""
    return "Patient" if shown == all_patients else f"Patient ({shown:,} of {all_patients:,}, evenly chosen)"


def told_rows(table: pd.DataFrame, *columns: str) -> str:
    """Return the rows of a table as one sentence, of each the cells in these columns.

    Examples
    --------
    >>> told_rows(pd.DataFrame({"Group": ["BM", "UC"], "Mean": ["23.6", "23.4"]}), "Group", "Mean")
    'BM 23.6; UC 23.4.'
    """
    rows = [" ".join(cells) for cells in zip(*(table[name].astype(str) for name in columns), strict=True)]
    return f"{'; '.join(rows)}." if rows else ""
