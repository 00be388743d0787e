"""Tables by group: one a group, put together in the order of the groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.estimates.counts import Counts


def by_group(counts: Counts, table_of: Callable[[pd.DataFrame], pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the table that each group's counts make, the group first, then these columns."""
    tables = [table_of(counts.of(group)).assign(group=group) for group in counts.groups]
    together = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return with_groups(together.reindex(columns=["group", *columns]), counts.groups)


def with_groups(table: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    """Return the table with its ``group`` column as an ordered categorical."""
    return table.assign(group=pd.Categorical(table["group"], groups, ordered=True))
