"""States over time that may leave the house: months are told at which no state is small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.counts.state_changes import DEAD, GONE, NOT_YET
from analysis.disclosure.counts_told import without_counts
from analysis.disclosure.masking import LONG, QUARTER, check_sizes, hidden_of, told_times
from analysis.disclosure.refused import LATE_ENTRY, NotSharedError
from analysis.estimates.states.state_counts import StateCounts
from analysis.facts.courses import RECORDED_NAMES
from analysis.facts.remission import PARTIAL
from analysis.facts.state_history import RELAPSED

ACTIVE = "active"
# States that are put together, more and more of them: what each of them is then counted as.
MERGED: tuple[dict[str, str], ...] = (
    {},
    {DEAD: GONE},
    {DEAD: GONE, RELAPSED: ACTIVE},
    {DEAD: GONE, RELAPSED: ACTIVE, RECORDED_NAMES[PARTIAL]: ACTIVE},
)


def shared_states(result: StateCounts, least: int) -> StateCounts:
    """Return the states at the months at which none is small, some put together where more months are told so.

    The dead and those no longer followed only become more: a month is told if at least `least` or none were added.

    Raises
    ------
    NotSharedError
        If fewer than two months can be told.
    """
    table = result.table.astype({"state": str})
    if (table["state"] == NOT_YET).any():
        raise NotSharedError(LATE_ENTRY.format(least=least))
    start = table[table["months"] == table["months"].min()].groupby("group", observed=False)["patients"].sum()
    check_sizes(list(start.items()), least)
    tried = [_merged(table, merged) for merged in MERGED]
    months = [_told_months(each, least) for each in tried]
    most = max(range(len(MERGED)), key=lambda place: (len(months[place]), -place))
    if len(months[most]) < 2:
        raise NotSharedError(
            f"In nearly every month some state has fewer than {least} patients: with counts below {least} hidden too "
            "little of this figure would be left."
        )
    told = tried[most]
    told = told[told["months"].isin(months[most])].reset_index(drop=True)
    states = list(dict.fromkeys(told["state"]))
    merged = "".join(
        f"; {state} counted as {into}" for state, into in MERGED[most].items() if (table["state"] == state).any()
    )
    return replace(
        result,
        method=without_counts(f"{result.method} Only months are told in which no state is small{merged}."),
        left_out=result.left_out.head(0),
        table=told.assign(state=pd.Categorical(told["state"], states, ordered=True)),
    )


def _merged(table: pd.DataFrame, merged: Mapping[str, str]) -> pd.DataFrame:
    """Return the table with some states counted as others, in the order of the states."""
    counted = table.assign(state=table["state"].replace(dict(merged)))
    sums = counted.groupby(["group", "months", "state"], observed=True, sort=False)[["patients", "share"]]
    return sums.sum(min_count=1).reset_index().sort_values(["group", "months"], kind="stable").astype({"patients": int})


def _told_months(table: pd.DataFrame, least: int) -> list[float]:
    """Return the months at which all states can be told in all groups."""
    counts = {name: _by_month(each) for name, each in table.groupby("state", sort=False)}
    patients = np.sum(list(counts.values()), axis=0)
    small = np.any([hidden_of(each, patients, least) for each in counts.values()], axis=0)
    months = np.array(sorted(table["months"].unique()))
    step = QUARTER if months[-1] >= LONG else 1
    kept = np.flatnonzero(~small & (months % step == 0))
    for name in (DEAD, GONE):
        if name in counts and len(kept):
            kept = kept[told_times(counts[name][:, kept], patients[:, 0], least)]
    return [float(months[place]) for place in kept]


def _by_month(table: pd.DataFrame) -> Integers:
    wide = table.pivot_table(index="group", columns="months", values="patients", observed=True, sort=True)
    counts: Integers = wide.to_numpy().astype(int)
    return counts
