"""Tables with one row per group and scheduled month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.counts.groups import Groups

Cell = tuple[int, int]


def month_table(
    groups: Groups, months: Sequence[float], columns: Sequence[str], numbers: Callable[[int, int], tuple[object, ...]]
) -> pd.DataFrame:
    """Return a table with one row per group shown and scheduled month.

    Parameters
    ----------
    groups
        The groups.
    months
        The scheduled months.
    columns
        The names of the numbers.
    numbers
        ``numbers(group, month)`` returns the numbers of a row, given the indices of group and month.

    Returns
    -------
    DataFrame with group, months, and the columns.
    """
    cells = [(int(group), place) for group in groups.shown for place in range(len(months))]
    rows = [numbers(*cell) for cell in cells]
    found = dict(zip(columns, zip(*rows, strict=True) if rows else [()] * len(columns), strict=True))
    arrays = {"months": np.array(months)[[place for _, place in cells]]} if cells else {"months": np.empty(0)}
    arrays |= {name: np.array(values) for name, values in found.items()}
    return pd.DataFrame({"group": groups.column([group for group, _ in cells]), **arrays}, copy=False)
