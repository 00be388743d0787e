"""Tables with ``group`` as first column, in the order of the groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Integers
from analysis.counts.groups import Groups
from analysis.counts.leaving import Steps


def by_group(groups: Groups, steps: Sequence[Steps], columns: Sequence[str]) -> pd.DataFrame:
    """Return the curves of all groups as one table: group, then these columns."""
    group = groups.column(np.repeat(np.arange(len(steps)), [len(each["months"]) for each in steps]))
    table = {
        name: np.concatenate(
            [np.empty(0, np.int64 if all_whole(steps, name) else float), *(each[name] for each in steps)]
        )
        for name in columns
    }
    return pd.DataFrame({"group": group, **table}, pd.RangeIndex(len(group)), copy=False)


def all_whole(steps: Sequence[Steps], name: str) -> bool:
    """Return whether a column holds integers in every group."""
    return bool(steps) and all(np.issubdtype(each[name].dtype, np.integer) for each in steps)


def with_groups(table: pd.DataFrame, groups: pd.Index | Sequence[str]) -> pd.DataFrame:
    """Return the table with its ``group`` column as an ordered categorical."""
    return table.assign(group=pd.Categorical(table["group"], groups, ordered=True))


def whole_numbers(numbers: Integers | Floats) -> NDArray[Any]:
    """Return integers as they are, and floats as Python integers, or missing."""
    if np.issubdtype(numbers.dtype, np.integer):
        return numbers
    whole = [np.nan if np.isnan(number) else int(number) for number in numbers.ravel()]
    return np.array(whole, dtype=object).reshape(numbers.shape)
