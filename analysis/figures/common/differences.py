"""How far apart groups are, in cells and in words: shares, rates, curves and changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from analysis.figures.common.number_words import number
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words

IN_POINTS = "Difference in points"
SHARE_PATIENTS = "no interval: the groups share patients"


def both_cells(words: Callable[[float], str], table: pd.DataFrame, column: str) -> list[str]:
    """Return the cells of both groups, in the order in which "second less first" names them."""
    pairs = zip(table[f"{column}_b"], table[f"{column}_a"], strict=True)
    return [", ".join(NOT_KNOWN if math.isnan(value) else words(value) for value in pair) for pair in pairs]


def difference_cells(
    words: Callable[[float, float, float], str], table: pd.DataFrame, *, p_follows: bool = False
) -> list[str]:
    """Return the differences with their intervals; where there is none, why.

    Parameters
    ----------
    words
        Says a difference, with its limits where they exist.
    p_follows
        Whether a column of p says why the interval is missing.
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
    """Return the p of each difference, or why there is none."""
    columns = (table[name] for name in ("difference", "p", "withheld"))
    return [
        NOT_KNOWN if math.isnan(difference) else p_words(p, withheld)
        for difference, p, withheld in zip(*columns, strict=True)
    ]


def whole_percent(share: float) -> str:
    """Return "28 %"."""
    return f"{100 * share:.0f} %"


def points_interval(difference: float, lower: float, upper: float) -> str:
    """Return "−12 (−30 to 5)" percentage points; without limits, "−12"."""
    if math.isnan(lower) or math.isnan(upper):
        return points(difference)
    return f"{points(difference)} ({points(lower)} to {points(upper)})"


def points(difference: float) -> str:
    """Return a difference of shares in percentage points, with a minus sign that is one."""
    return f"{round(100 * difference)}".replace("-", "−")


def differences_words(first: str, differences: Mapping[str, tuple[float, float, float, str]], unit: str) -> str:
    """Return the difference of each group from the first with its interval, or why there is none, in one sentence.

    Parameters
    ----------
    first
        The group that the others are compared with.
    differences
        Of each other group: the difference, its limits, and "" or why there are no limits.
    unit
        "points", for shares between 0 and 1, or the unit of a rate, which is told as it is.
    """
    told = [(other, f"{_in_unit(*difference, unit)}") for other, difference in differences.items()]
    if len(told) == 1:
        return f"difference {told[0][1]}, {told[0][0]} minus {first}"
    return f"differences from {first}: {', '.join(f'{other} {words}' for other, words in told)}"


def _in_unit(value: float, lower: float, upper: float, missing: str, unit: str) -> str:
    words = points if unit == "points" else number
    within = missing or f"{words(lower)} to {words(upper)}"
    if math.isnan(value):
        return f"not estimable ({missing})"
    return f"{words(value)} {'point' if words(value) in ('1', '−1') else unit} ({within})"
