"""What is read of curves at each month: all groups' values, how many are at risk, and the difference of two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from analysis.estimates.common.differences import estimate_difference
from analysis.figures.common.differences import SHARE_PATIENTS, points_interval
from analysis.figures.common.number_words import percent
from analysis.figures.common.reading_rule import Readings, one_head
from analysis.figures.survival.told_curves import Curves, cell_words

MOST_ROWS = 600  # of readings; over more months, only every second, third, ... is read under the pointer
Rows = Mapping[str, Mapping[str, Any]]  # the curves at one month, by group


def readings(curves: Curves, longest: float, read_at: float | None) -> Readings:
    """Return what is read at each month.

    Parameters
    ----------
    curves
        The curves.
    longest
        The end of the time axis, in months.
    read_at
        The month at which the rule stands; it is among those that are read.
    """
    step = max(1, -(-int(longest) * len(curves.patients) // MOST_ROWS))
    months = sorted({*range(0, int(longest) + 1, step), *([read_at] if read_at is not None else [])})
    at = curves.at([float(month) for month in months])
    known = at[at["share"].notna()].sort_values("months", kind="stable").to_dict("records")
    rows = [
        (
            row["group"],
            row["months"],
            100 * row["share"],
            _named(row["group"], cell_words(row, curves.patients[row["group"]])),
            f"{percent(row['share'], curves.patients[row['group']])} %",
        )
        for row in known
    ]
    heads = [
        _head(curves, month, {row["group"]: row for row in of_month})
        for month, of_month in groupby(known, key=lambda row: row["months"])
    ]
    table = pd.DataFrame(rows, columns=["group", "months", "value", "words", "short"])
    return Readings(table.assign(head=one_head(table, heads)), read_at)


def month_words(curves: Curves, month: float | None) -> str:
    """Return the reading at a month as a sentence: all groups, with the difference of two; "" without a month."""
    if month is None:
        return ""
    rows = {row["group"]: row for row in curves.at([float(month)]).to_dict("records") if not math.isnan(row["share"])}
    if not rows:
        return f"At month {month:g} no curve is left."
    values = ", ".join(_named(group, cell_words(row, curves.patients[group])) for group, row in rows.items())
    between = _difference(curves, rows)
    return f"At month {month:g}: {values}{f'; difference {between}' if between else ''}."


def _head(curves: Curves, month: float, rows: Rows) -> str:
    between = _difference(curves, rows)
    return f"Month {month:g}{f': difference {between}' if between else ''}"


def _difference(curves: Curves, rows: Rows) -> str:
    """Return how far the second of two groups is from the first; "" for one group or several."""
    if len(curves.patients) != 2 or len(rows) != 2:
        return ""
    pair = {group: (rows[group]["share"], rows[group]["lower"], rows[group]["upper"]) for group in curves.patients}
    value, lower, upper, _ = estimate_difference(pair, curves.what, SHARE_PATIENTS if curves.overlap else "")
    words = points_interval(value, lower, upper).split(" (", 1)
    return "" if math.isnan(value) else " (".join([f"{words[0]} points", *words[1:]])


def _named(group: str, words: str) -> str:
    return words if group == "All" else f"{group} {words}"
