"""Differences between groups each year, on the screen."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from analysis.estimates.yearly.estimand import PROPORTION, RATE
from analysis.estimates.yearly.share_differences import ShareDifferences
from analysis.figures.common.differences import (
    IN_POINTS,
    both_cells,
    difference_cells,
    p_cells,
    points_interval,
    whole_percent,
)
from analysis.figures.common.number_words import number, number_interval
from analysis.figures.common.p_words import p_words


def share_difference_table(result: ShareDifferences) -> pd.DataFrame:
    """Return one row per year and pair: shares or rates, difference with interval, p or why none.

    Shares are in percent and their differences in percentage points, rates per 100 patient-years. Only proportions have
    a column of p.
    """
    table = result.table
    pairs = zip(table["year"], table["group_a"], table["group_b"], strict=True)
    cells: dict[str, Iterable[str]] = {"Compared": [f"Year {year}: {b} less {a}" for year, a, b in pairs]}
    if result.kind == RATE:
        cells["Rates"] = both_cells(number, table, "share")
        cells["Difference per 100 patient-years"] = difference_cells(number_interval, table)
        return pd.DataFrame(cells)
    cells["Shares"] = both_cells(whole_percent, table, "share")
    cells[IN_POINTS] = difference_cells(points_interval, table, p_follows=result.kind == PROPORTION)
    if result.kind == PROPORTION:
        cells["p (Fisher)"] = p_cells(table)
    return pd.DataFrame(cells)


def share_differences_line(result: ShareDifferences) -> str:
    """Return in one line which years are tested, and with what result.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.estimates.yearly.share_differences import share_differences
    >>> remission = yearly_remission(load_sample(), by="msc_source")
    >>> share_differences_line(share_differences(remission))
    'p (Fisher) 0.63 in year 1, 0.72 in year 2; no test in year 3, year 4.'
    """
    if result.kind != PROPORTION:
        return "Differences with their intervals; no single year is tested."
    table = result.table
    several = len(table[["group_a", "group_b"]].drop_duplicates()) > 1
    tested, untested = [], []
    for year, a, b, p in zip(*(table[name] for name in ("year", "group_a", "group_b", "p")), strict=True):
        where = f"year {year}, {b} less {a}" if several else f"year {year}"
        if math.isnan(p):
            untested.append(where)
        else:
            tested.append(f"{p_words(p)} in {where}")
    if not tested:
        return "No year has enough patients and events for a test."
    no_test = f"; no test in {', '.join(untested)}" if untested else ""
    return f"p (Fisher) {', '.join(tested)}{no_test}."
