"""Cells of a workbook or a DataFrame as text."""

from __future__ import annotations

import datetime
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.intake.texts import as_texts, from_codes, parts


def values_texts(values: Sequence[object], rows: pd.Index) -> pd.Series:
    """Return a column of a workbook as text."""
    if bool in set(map(type, values)):  # True is equal to 1, and a text of its own
        return as_texts(map(cell_text, values), rows)
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return _texts_of(held, rows)


def column_texts(values: pd.Series, rows: pd.Index) -> pd.Series:
    """Return a column of a DataFrame as text."""
    if values.dtype == object and bool in set(map(type, values.to_numpy())):
        return values_texts(values.tolist(), rows)
    return _texts_of(values, rows)


def _texts_of(values: Any, rows: pd.Index) -> pd.Series:
    """Return the text of each row; values that are written alike, such as 3 and 3.0, become one text."""
    try:
        # A missing value is one of the distinct values; without that its code is -1, which is the place of the last.
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
    except TypeError:  # sets and lists are not hashable
        return as_texts(map(cell_text, values), rows)
    places, texts = parts(as_texts(map(cell_text, distinct.tolist())))
    return from_codes(places[codes], texts, rows)


def cell_text(value: object) -> str:
    """Return a cell of a workbook or a DataFrame as text: "" when missing, 3.0 as "3", dates as year-month-day."""
    if isinstance(value, str):
        return value
    if isinstance(value, set | frozenset | list | tuple | np.ndarray):
        return ";".join(sorted(filter(None, map(cell_text, value)))) or "none"
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, numbers.Integral):
        return str(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        # A spreadsheet does not distinguish 3 from 3.0, and an id must not become "3.0".
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime.datetime):
        # Not via `date`, which cannot hold all years of a pandas timestamp.
        return value.isoformat(" ").partition(" ")[0] if value.time() == datetime.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
