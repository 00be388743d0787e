"""Times at which all groups can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimates.common.small_numbers import FEW_AT_RISK


def common_times(table: pd.DataFrame, groups: Sequence[str], time: str) -> list[float]:
    """Return the times, in order, at which every group has a value."""
    number_of_groups = table.groupby(time)["group"].nunique()
    return [float(each) for each in sorted(number_of_groups.index[number_of_groups == len(groups)])]


def last_with_enough(
    table: pd.DataFrame, times: Sequence[float], time: str, counted: str, few: int = FEW_AT_RISK
) -> float | None:
    """Return the last of some times with at least `few` in each group; a hidden count is not enough."""
    enough = table.groupby(time)[counted].agg(lambda numbers: float(numbers.astype(float).min(skipna=False)) >= few)
    return next((each for each in reversed(times) if enough[each]), None)
