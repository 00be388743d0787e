"""Shares, rates and places by year that may leave the house: counts are told, or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.disclosure.counts_told import hidden_counts, without_counts
from analysis.disclosure.masking import (
    POOL_SIZES,
    POOLED_FIRST,
    check_sizes,
    hidden_of,
    hidden_parts,
    is_small,
    told_times,
)
from analysis.disclosure.refused import LATE_ENTRY, NotSharedError
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.place_by_year import PLACES

SHARES = ("share", "lower", "upper")


def shared_yearly(result: Yearly, least: int) -> Yearly:
    """Return the shares and the ledger with what is small, and what would give it away, missing.

    The parts of a year that `hidden_parts` names are missing, and the denominators that are their sums. Events are
    missing where they, those of a denominator without them, or those who died after a visit in remission, are small;
    with them go share and limits. Neither who died so is told, nor who is at risk where a share is estimated. What is
    estimated from all patients is given in whole per cent.
    """
    ledger, bars = result.ledger, result.bars
    if result.late:
        raise NotSharedError(LATE_ENTRY.format(least=least))
    if ledger.empty:
        method = without_counts(result.method)
        return replace(result, method=method, left_out=result.left_out.head(0))
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
        **{name: _shares(bars[name], result).mask(no_events) for name in SHARES},
    )
    if "at_risk" in told:
        told = told.assign(at_risk=hidden_counts(told["at_risk"], told["at_risk"].notna()))
    told = told.drop(columns="died_in_remission", errors="ignore")
    if "person_years" in told:
        told = told.assign(person_years=told["person_years"].round(1).mask(no_patients))
    return replace(
        result,
        method=without_counts(result.method, (int(groups["enrolled"].sum()), "patient")),
        left_out=result.left_out.head(0),
        bars=told,
        ledger=hidden,
    )


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
    disclosure = result.estimand.disclosure
    of_places = np.zeros(len(years), dtype=bool)
    if disclosure.denominator:
        hidden = [POOLED_FIRST.index(part) for part in disclosure.denominator]
        no_patients = np.array([any(place < pools[year] for place in hidden) for year in years])
        of_places = np.array([pools[year] == POOL_SIZES[-1] for year in years])
    elif disclosure.events == "leaving":
        no_patients = ~told_times(enrolled - patients, enrolled[:, 0], least)
    else:
        no_patients = hidden_of(patients, enrolled, least)
    if disclosure.events == "of those seen":
        # The same events are told with each denominator, so the smallest one decides.
        no_events = hidden_of(events, _by_year(result.ledger, "assessed"), least)
        if "died_in_remission" in result.bars:
            no_events |= is_small(_by_year(result.bars, "died_in_remission"), least).any(axis=0)
    elif disclosure.events == "rising":
        no_events = ~told_times(events, patients.min(axis=1), least)
    else:
        no_events = hidden_of(events, patients, least)
        if disclosure.events == "leaving":
            # Who is not there in the next year had the event in this one, or left without it.
            leaving = patients - np.column_stack([patients[:, 1:], np.zeros(len(patients), dtype=int)])
            no_events |= hidden_of(events, leaving, least)
    no_events = no_events | of_places | no_patients
    return set(np.array(years)[no_patients]), set(np.array(years)[no_events])


def _shares(shares: pd.Series, result: Yearly) -> pd.Series:
    """Return shares; what rests on times that are not told only in whole per cent."""
    return shares.astype(float).round(2) if result.estimand.disclosure.whole_percent else shares.astype(float)
