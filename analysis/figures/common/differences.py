"""Differences between groups as cells and sentences: shares, rates, curves and changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.figures.common.number_words import number, with_unit
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words

IN_POINTS = "Difference in points"
SHARE_PATIENTS = "no interval: the groups share patients"
SHARE_POINTS = "percentage points"  # the unit of a difference of shares, which are fractions of 1
LONG_NAMES = 40  # letters; two longer names are not said again


@dataclass(frozen=True)
class GroupDifference:
    """How far a group is from the first.

    Attributes
    ----------
    group
        The group.
    value, lower, upper
        The difference, group minus the first, and its limits; missing if not estimable.
    missing
        Why the difference or its limits are missing; "" if they are not.
    """

    group: str
    value: float
    lower: float
    upper: float
    missing: str


def both_cells(words: Callable[[float], str], table: pd.DataFrame, column: str) -> list[str]:
    """Return the values of both groups in a cell, the second group first, as in "second minus first"."""
    pairs = zip(table[f"{column}_b"], table[f"{column}_a"], strict=True)
    return [", ".join(NOT_KNOWN if math.isnan(value) else words(value) for value in pair) for pair in pairs]


def difference_cells(
    words: Callable[[float, float, float], str], table: pd.DataFrame, *, p_follows: bool = False
) -> list[str]:
    """Return differences with their intervals, or the reason why there is none.

    Parameters
    ----------
    words
        Turns a difference and its limits, NaN for none, into words.
    table
        difference, lower, upper, withheld.
    p_follows
        Whether the table has a column of p, which then gives the reason for a missing interval.
    """
    columns = (table[name] for name in ("difference", "lower", "upper", "withheld"))
    cells = []
    for difference, lower, upper, withheld in zip(*columns, strict=True):
        if math.isnan(difference):
            cells.append(withheld)
        elif math.isnan(lower) and not p_follows:
            cells.append(f"{words(difference, lower, upper)}; {reason_words(withheld)}")
        else:
            cells.append(words(difference, lower, upper))
    return cells


def p_cells(table: pd.DataFrame) -> list[str]:
    """Return the p-value of each difference, or the reason why there is none."""
    columns = (table[name] for name in ("difference", "p", "withheld"))
    return [
        NOT_KNOWN if math.isnan(difference) else p_words(p, withheld)
        for difference, p, withheld in zip(*columns, strict=True)
    ]


def whole_percent(share: float) -> str:
    """Return a share as a whole percentage.

    Examples
    --------
    >>> whole_percent(0.284)
    '28 %'
    """
    return f"{100 * share:.0f} %"


def points_interval(difference: float, lower: float, upper: float) -> str:
    """Return a difference of shares in percentage points, with its limits if there are any.

    Examples
    --------
    >>> points_interval(-0.12, -0.3, 0.05)
    '−12 (−30 to 5)'
    """
    if math.isnan(lower) or math.isnan(upper):
        return points(difference)
    return f"{points(difference)} ({points(lower)} to {points(upper)})"


def points(difference: float) -> str:
    """Return a difference of shares in whole percentage points, with a true minus sign."""
    return f"{round(100 * difference)}".replace("-", "−")


def differences_words(first: str, differences: Sequence[GroupDifference], unit: str = SHARE_POINTS) -> str:
    """Return the difference of each group from the first with its interval, or why there is none, as a clause.

    Parameters
    ----------
    first
        The group with which the others are compared.
    differences
        Those of the other groups.
    unit
        `SHARE_POINTS` for shares between 0 and 1; else the unit of the numbers, which are not converted.

    Examples
    --------
    >>> differences_words("BM", [GroupDifference("UC", 0.07, -0.04, 0.18, "")])
    'difference 7 points (−4 to 18), UC minus BM'
    """
    clauses = [f"{_in_unit(each, unit)}" for each in differences]
    if len(clauses) == 1:
        names = f"{differences[0].group} minus {first}"
        return f"difference {clauses[0]}, {names if len(names) <= LONG_NAMES else 'the second minus the first'}"
    named = (f"{each.group} {words}" for each, words in zip(differences, clauses, strict=True))
    return f"differences from {first}: {', '.join(named)}"


def _in_unit(difference: GroupDifference, unit: str) -> str:
    words = points if unit == SHARE_POINTS else number
    if math.isnan(difference.value):
        return f"not estimable ({difference.missing})"
    within = difference.missing or f"{words(difference.lower)} to {words(difference.upper)}"
    value = words(difference.value)
    named = unit.removeprefix("percentage ") if value not in ("1", "−1") else "point"
    return f"{with_unit(value, named)} ({within})"
