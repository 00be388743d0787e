"""Tables with a row a group and scheduled month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.counts.groups import Groups

Cell = tuple[int, int]


def month_table(
    groups: Groups, months: Sequence[float], columns: Sequence[str], numbers: Callable[[int, int], tuple[object, ...]]
) -> pd.DataFrame:
    """Return a row a group that is shown and scheduled month.

    Parameters
    ----------
    groups
        The groups.
    months
        The scheduled months.
    columns
        What the numbers are called.
    numbers
        Returns those of the group at a place and the month at a place.

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
