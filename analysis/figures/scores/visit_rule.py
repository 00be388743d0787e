"""What is read of a measure at each scheduled visit: all groups' values, their patients, and the difference of two.

Nothing is read between visits: the one that is read is always named.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.scores.change_differences import ChangeDifferences
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.number_words import number, number_interval, with_unit
from analysis.figures.common.reading_rule import Readings, one_head

Row = dict[str, Any]


def readings(result: Trajectory, apart: ChangeDifferences | None, read_at: float | None) -> Readings:
    """Return what is read at each visit.

    Parameters
    ----------
    result
        The measure over time.
    apart
        The differences in change; None if there are none to tell.
    read_at
        The visit at which the rule stands.
    """
    known = _known(result)
    rows = [(row["group"], row["months"], row["centre"], _cell(row), number(row["centre"])) for row in known]
    heads = []
    for month, of_month in groupby(known, key=lambda row: row["months"]):
        between = _difference(apart, list(of_month))
        heads.append(f"Visit of month {month:g}{f': {between}' if between else ''}")
    table = pd.DataFrame(rows, columns=["group", "months", "value", "words", "short"])
    return Readings(table.assign(head=one_head(table, heads)), read_at)


def visit_words(result: Trajectory, apart: ChangeDifferences | None, month: float | None, unit: str = "") -> str:
    """Return the reading at a visit as a sentence: all groups, with the difference of two; "" without a month."""
    if month is None:
        return ""
    rows = [row for row in _known(result) if row["months"] == month]
    if not rows:
        return f"At the visit of month {month:g} too few patients have a value."
    first = result.summary["months"].min()
    parts = [", ".join(_cell(row, unit) for row in rows), _difference(apart, rows, f" from month {first:g}", unit)]
    return f"At the visit of month {month:g}: {'; '.join(filter(None, parts))}."


def _known(result: Trajectory) -> list[Row]:
    """Return the visits with a value as rows, sorted by month."""
    summary = result.summary.dropna(subset="centre").astype({"group": str})
    return summary.sort_values("months", kind="stable").to_dict("records")


def _cell(row: Row, unit: str = "") -> str:
    """Return group, value, limits and patients, such as "UC 5.6 (4.9 to 6.4, 36 patients)"."""
    known = not math.isnan(row["lower"] + row["upper"])
    limits = f"{number(row['lower'])} to {number(row['upper'])}, " if known else ""
    words = f"{with_unit(number(row['centre']), unit)} ({limits}{count_words(int(row['patients']), 'patient')})"
    return words if row["group"] == "All" else f"{row['group']} {words}"


def _difference(apart: ChangeDifferences | None, rows: list[Row], since: str = "", unit: str = "") -> str:
    """Return how far the second of two groups is from the first in its change; "" for one group or several."""
    if apart is None or len(rows) != 2:
        return ""
    table, (first, second) = apart.table, (row["group"] for row in rows)
    there = (table["group_a"] == first) & (table["group_b"] == second) & (table["months"] == rows[0]["months"])
    found = table[there & table["difference"].notna()].to_dict("records")
    if not found:
        return ""
    value, *interval = number_interval(*(found[0][name] for name in ("difference", "lower", "upper"))).split(" (", 1)
    told = with_unit(value, unit) + (f" ({interval[0]}" if interval else " (no interval)")
    return f"difference in mean change{since} {told}"
