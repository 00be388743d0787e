"""Yearly figures, states and visits that may leave the house: counts are told, hidden, or put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.estimates.scores.trajectory import Extent, Trajectory
from analysis.estimates.states.state_counts import DEAD, GONE, NOT_YET, StateCounts
from analysis.estimates.yearly.ledger import PLACES
from analysis.estimates.yearly.yearly import Yearly, members_of_nobody
from analysis.export.masking import (
    LONG,
    POOL_SIZES,
    POOLED_FIRST,
    QUARTER,
    NotSharedError,
    check_sizes,
    hidden_of,
    hidden_parts,
    is_small,
    told_times,
)
from analysis.facts.courses import RECORDED_NAMES
from analysis.facts.remission import PARTIAL
from analysis.facts.state_history import RELAPSED

# The parts of the ledger that a denominator is the sum of; who is due is everybody but those not yet due.
DENOMINATOR_PARTS = {
    "assessed": ("assessed",),
    "deaths_counted": ("assessed", "died_before"),
    "all_due": ("not_yet_due",),
}
LATE_ENTRY = (
    "Patients come under observation at different times: with counts below {least} hidden, the years that tell who is "
    "there could give one away."
)
ESTIMATED = ("ever", "current", "cumulative")
RISING = ("ever", "cumulative")
SHARES = ("share", "lower", "upper")
ACTIVE = "active"
# States that are put together, more and more of them: what each of them is then counted as.
MERGED: tuple[dict[str, str], ...] = (
    {},
    {DEAD: GONE},
    {DEAD: GONE, RELAPSED: ACTIVE},
    {DEAD: GONE, RELAPSED: ACTIVE, RECORDED_NAMES[PARTIAL]: ACTIVE},
)


def hidden_counts(counts: pd.Series, hidden: pd.Series) -> pd.Series:
    """Return whole numbers, missing where they are hidden."""
    told = [np.nan if hide else int(count) for count, hide in zip(counts, hidden, strict=True)]
    return pd.Series(told, index=counts.index, dtype=object)


def shared_yearly(result: Yearly, least: int) -> Yearly:
    """Return the shares and the ledger with what is small, and what would give it away, missing.

    The parts of a year that `hidden_parts` names are missing, and the denominators that are their sums. Events are
    missing where they, those of a denominator without them, or those who died after a visit in remission, are small;
    with them go share and limits. Neither who died so is told, nor who is at risk where a share is estimated. What is
    estimated from all patients is given in whole per cent. Nobody is named.
    """
    ledger, bars = result.ledger, result.bars
    if result.late:
        raise NotSharedError(LATE_ENTRY.format(least=least))
    if ledger.empty:
        return replace(result, left_out=result.left_out.head(0), members_of=members_of_nobody)
    groups = ledger.drop_duplicates("group")
    check_sizes(list(zip(groups["group"], groups["enrolled"], strict=True)), least)
    years = list(ledger["year"].unique())
    cells = np.stack([_by_year(ledger, name) for name in POOLED_FIRST], axis=2)
    pools = dict(zip(years, hidden_parts(cells, least), strict=True))
    places = {name: ledger["year"].map(pools) > place for place, name in enumerate(POOLED_FIRST)}
    hidden = ledger.assign(**{name: hidden_counts(ledger[name], places[name]) for name in PLACES})
    without_patients, without_events = _hidden_bars(result, pools, least)
    no_patients, no_events = (bars["year"].isin(which) for which in (without_patients, without_events))
    told = bars.assign(
        events=hidden_counts(bars["events"], no_events),
        patients=hidden_counts(bars["patients"], no_patients),
        **{name: _shares(bars[name], result.estimand).mask(no_events) for name in SHARES},
    )
    if "at_risk" in told:
        told = told.assign(at_risk=hidden_counts(told["at_risk"], told["at_risk"].notna()))
    told = told.drop(columns="died_in_remission", errors="ignore")
    if "person_years" in told:
        told = told.assign(person_years=told["person_years"].round(1).mask(no_patients))
    return replace(result, left_out=result.left_out.head(0), bars=told, ledger=hidden, members_of=members_of_nobody)


def _by_year(table: pd.DataFrame, name: str) -> Integers:
    """Return a column by group and year."""
    wide = table.pivot_table(index="group", columns="year", values=name, observed=False, sort=False)
    counts: Integers = wide.to_numpy().astype(int)
    return counts


def _hidden_bars(result: Yearly, pools: Mapping[int, int], least: int) -> tuple[set[int], set[int]]:
    """Return the years whose patients are hidden, and the years whose events are."""
    years = list(pools)
    events, patients = _by_year(result.bars, "events"), _by_year(result.bars, "patients")
    enrolled = _by_year(result.ledger, "enrolled")
    if result.estimand in DENOMINATOR_PARTS:
        places = [POOLED_FIRST.index(part) for part in DENOMINATOR_PARTS[result.estimand]]
        no_patients = np.array([any(place < pools[year] for place in places) for year in years])
        assessed = _by_year(result.ledger, "assessed")
        # The same events are told with each denominator, so the smallest one decides.
        no_events = hidden_of(events, assessed, least) | np.array([pools[year] == POOL_SIZES[-1] for year in years])
        if "died_in_remission" in result.bars:
            no_events |= is_small(_by_year(result.bars, "died_in_remission"), least).any(axis=0)
    elif result.estimand == "rate":
        no_patients = ~told_times(enrolled - patients, enrolled[:, 0], least)
        # Who is not there in the next year had the event in this one, or left without it.
        leaving = patients - np.column_stack([patients[:, 1:], np.zeros(len(patients), dtype=int)])
        no_events = hidden_of(events, patients, least) | hidden_of(events, leaving, least)
    else:
        no_patients = hidden_of(patients, enrolled, least)
        no_events = hidden_of(events, patients, least)
        if result.estimand in RISING:
            no_events = ~told_times(events, patients.min(axis=1), least)
    no_events = no_events | no_patients
    return set(np.array(years)[no_patients]), set(np.array(years)[no_events])


def _shares(shares: pd.Series, estimand: str) -> pd.Series:
    """Return shares; what rests on times that are not told only in whole per cent."""
    return shares.astype(float).round(2) if estimand in ESTIMATED else shares.astype(float)


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
    words = "; ".join(
        f"{state} counted as {into}" for state, into in MERGED[most].items() if (table["state"] == state).any()
    )
    return replace(
        result,
        method=f"{result.method} Only months are told in which no state is small{f'; {words}' if words else ''}.",
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


def shared_trajectory(result: Trajectory, least: int) -> Trajectory:
    """Return the centres at the visits at which in every group enough patients have a value; no line of a patient.

    A visit is left out where fewer than `least` patients of a group have a value, or fewer than that have none: their
    number beside that of all would tell the rest.
    """
    summary = result.summary
    sizes = result.shown.groupby("group", observed=False)["row"].nunique()
    check_sizes(list(sizes.items()), least)
    return replace(
        result,
        left_out=result.left_out.head(0),
        summary=_told_visits(summary, "patients", sizes, len(result.left_out), least),
        extent=Extent(),
        patients=0,
        shown_of=result.shown.head(0).copy,
        method=f"{result.method} For sharing, visits are left out at which few patients have a value or few have none.",
        change_of=lambda: _told_visits(result.change, "pairs", sizes, len(result.left_out), least),
    )


def _told_visits(table: pd.DataFrame, name: str, sizes: pd.Series, left_out: int, least: int) -> pd.DataFrame:
    """Return the visits told, of a table of group, months and a number of patients."""
    if table.empty:
        return table
    wide = table.pivot_table(index="group", columns="months", values=name, observed=False, sort=True)
    counts = wide.to_numpy().astype(int)
    of = np.array([sizes.get(group, 0) for group in wide.index])[:, None]
    hidden = hidden_of(counts, of, least) | hidden_of(counts, of + left_out, least)
    told = wide.columns[~hidden]
    return table[table["months"].isin(told)].reset_index(drop=True)
