"""States over time that may be shared: at the months at which no state is small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.cohort.arrays import Rows
from analysis.disclosure.masking import LONG, QUARTER, check_groups, disclosed_times, hidden_of
from analysis.disclosure.refused import LATE_ENTRY, NotSharedError
from analysis.estimates.states.occupancy import Occupancy
from analysis.estimates.states.state_counts import StateCounts
from analysis.facts.months_in_states import DEAD, GONE, NOT_YET
from analysis.facts.remission import PARTIAL
from analysis.facts.state_history import RELAPSED

ACTIVE = "active"
TOO_LITTLE = (
    "In nearly every month some state has fewer than {least} patients: with counts below {least} hidden too little of "
    "this figure would be left."
)


def shared_states(result: StateCounts, least: int) -> StateCounts:
    """Return the states computed from the disclosed counts.

    Raises
    ------
    NotSharedError
        If a group is small, or fewer than two months can be disclosed.
    """
    disclosed, most_merged = disclosed_occupancy(result.counts, least), _ways_to_merge(result.counts.states)[-1]
    again = StateCounts.of(disclosed, rule=result.rule, relapse=result.relapse)
    merged = "".join(
        f"; {state} counted as {into}"
        for state, into in most_merged.items()
        if state in result.counts.states and state not in disclosed.states
    )
    method = f"{again.method} Only months are told in which no state is small{merged}."
    return replace(again, method=method, left_out=result.left_out.head(0))


def disclosed_occupancy(counts: Occupancy, least: int) -> Occupancy:
    """Return the months at which no state is small, with some states merged if that discloses more months."""
    if NOT_YET in counts.states:
        raise NotSharedError(LATE_ENTRY.format(least=least))
    check_groups(counts.groups, least)
    tried = [_merged(counts, into) for into in _ways_to_merge(counts.states)]
    disclosed = [_disclosed_months(each, least) for each in tried]
    most = max(range(len(tried)), key=lambda place: (len(disclosed[place]), -place))
    if len(disclosed[most]) < 2:
        raise NotSharedError(TOO_LITTLE.format(least=least))
    return replace(
        tried[most],
        months=counts.months[disclosed[most]],
        patients=tried[most].patients[:, disclosed[most]],
        number_of_patients=None,
        left_out=counts.left_out.hidden(),
    )


def _ways_to_merge(states: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """Return ways to merge more and more states: each merged state to the one that it is counted as."""
    dead, relapsed = {DEAD: GONE}, {RELAPSED: ACTIVE}
    partial = {state: ACTIVE for state in states if state.startswith(f"{PARTIAL} ")}
    return {}, dead, dead | relapsed, dead | relapsed | partial


def _merged(counts: Occupancy, into: Mapping[str, str]) -> Occupancy:
    """Return the counts with some states counted as others."""
    counted_as = np.array([into.get(state, state) for state in counts.states])
    states = tuple(dict.fromkeys(counted_as.tolist()))
    patients = [counts.patients[:, :, counted_as == state].sum(axis=2) for state in states]
    return replace(counts, states=states, patients=np.stack(patients, axis=2))


def _disclosed_months(counts: Occupancy, least: int) -> Rows:
    """Return the positions of the months at which no state, and no rest, is small in any group.

    The numbers dead and no longer followed only rise: a month is disclosed if none or at least `least` were added.
    """
    months, first = np.unique(counts.months, return_index=True)
    by_state = dict(zip(counts.states, np.moveaxis(counts.patients[:, first], 2, 0), strict=True))
    of_all = counts.groups.members
    small = np.any([hidden_of(each, of_all[:, None], least) for each in by_state.values()], axis=0)
    step = QUARTER if months.max(initial=0) >= LONG else 1
    kept = np.flatnonzero(~small & (months % step == 0))
    for state in (DEAD, GONE):
        if state in by_state and len(kept):
            kept = kept[disclosed_times(by_state[state][:, kept], of_all, least)]
    return first[kept]
