"""Mean times in remission and their differences, on the screen."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.estimates.states.time_in_remission import TimeInRemission
from analysis.facts.remission_stays import ACTIVE, DEAD, REMISSION, STATES
from analysis.figures.common.number_words import number_interval
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words
from analysis.figures.common.table_cells import row_words

HEADINGS = {STATES[REMISSION]: "In remission", STATES[ACTIVE]: "Active", STATES[DEAD]: "Lost to death"}


def time_table(result: TimeInRemission, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return one row per group: mean months in each state with their intervals, or why none.

    Parameters
    ----------
    result
        The times.
    alone
        The name of the only group.
    """
    table = result.table
    groups = list(dict.fromkeys(table["group"].astype(str)))
    cells: dict[str, list[str]] = {"Group": [alone if group == EVERYBODY else group for group in groups]}
    for state, heading in HEADINGS.items():
        own = table[table["state"] == state]
        cells[f"{heading} (months)"] = row_words(_words, own, "mean", "lower", "upper", "withheld")
    return pd.DataFrame(cells)


def time_difference_table(result: TimeInRemission) -> pd.DataFrame:
    """Return one row per pair of groups: months in remission, the second less the first, interval, p or why none."""
    table = result.differences
    return pd.DataFrame(
        {
            "Compared": [f"{b} less {a}" for a, b in zip(table["group_a"], table["group_b"], strict=True)],
            "Difference in months": row_words(_words, table, "difference", "lower", "upper", "withheld"),
            "p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["p"]],
        }
    )


def time_line(result: TimeInRemission) -> str:
    """Return the mean time in remission of each group in one line.

    Examples
    --------
    >>> from analysis import load_sample, time_in_remission
    >>> time_line(time_in_remission(load_sample(), months=24))
    '4.2 (2.9 to 5.5) of 24 months.'
    >>> time_line(time_in_remission(load_sample(), months=24, by="msc_source"))
    'BM 4.2 (2.5 to 5.9), UC 4.2 (2.1 to 6.2) of 24 months.'
    """
    table = result.table[result.table["state"] == STATES[REMISSION]]
    if table["mean"].isna().all():
        return f"Not known: {table['withheld'].iloc[0]}." if len(table) else ""
    words = row_words(_words, table, "mean", "lower", "upper", "withheld")
    groups = ["" if group == EVERYBODY else f"{group} " for group in table["group"].astype(str)]
    told = ", ".join(f"{group}{each}" for group, each in zip(groups, words, strict=True))
    return f"{told} of {table['months'].iloc[0]:g} months."


def _words(value: float, lower: float, upper: float, withheld: str) -> str:
    """Return a value with its interval; the reason if one is missing."""
    if math.isnan(value):
        return reason_words(withheld)
    words = number_interval(value, lower, upper)
    return f"{words}; {reason_words(withheld)}" if withheld else words
