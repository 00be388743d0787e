"""Dates of the relapses of a patient: several in one cell, or a row each."""

from __future__ import annotations

import re

import pandas as pd

from analysis.intake import texts
from analysis.intake.values import is_missing, where_missing

NAME = "relapse_date"
BETWEEN = re.compile(r"\s*[;|\n]\s*")


def dates_in(text: str) -> list[str]:
    """Return the dates in a cell, separated by semicolons, bars or line breaks.

    Examples
    --------
    >>> dates_in("2015-05-04; 2016-01-01")
    ['2015-05-04', '2016-01-01']
    """
    return [part for part in BETWEEN.split(text.strip()) if not is_missing(part)]


def of_patients(cells: pd.DataFrame, ids: str, column: str, rows: pd.Index) -> pd.Series:
    """Return all dates of each patient in one cell.

    Parameters
    ----------
    cells
        A table with several rows per patient.
    ids, column
        Its columns of patient ids and of dates.
    rows
        One row of each patient.
    """
    held = cells[~where_missing(cells[column])]
    dates: dict[str, list[str]] = {}
    for patient, text in zip(held[ids].astype(object), held[column].astype(object), strict=True):
        dates.setdefault(patient, []).extend(each for each in dates_in(text) if each not in dates.get(patient, ()))
    return texts.as_texts(("; ".join(dates.get(patient, ())) for patient in cells.loc[rows, ids].astype(object)), rows)
