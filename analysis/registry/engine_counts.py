"""The tables of counts that an engine makes by counting, without reading a part of the registry again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.counts.additive import CountsAsked
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.death_counts import DeathCounts
from analysis.counts.event_counts import EventCounts
from analysis.counts.extent import Extent
from analysis.counts.filter_steps import FilterSteps
from analysis.counts.known_states import KnownStates
from analysis.counts.leavers import Leavers
from analysis.counts.leaving import Leaving
from analysis.counts.measured_values import Values
from analysis.counts.options import OptionCounts, RangeCounts
from analysis.counts.presence import Presence
from analysis.counts.recorded_counts import RecordedCounts
from analysis.counts.relapse_numbers import RelapseNumbers
from analysis.counts.relapse_paths import RelapsePaths
from analysis.counts.seen_intervals import SeenIntervals
from analysis.counts.state_changes import StateChanges
from analysis.counts.stays import Stays
from analysis.counts.strata import Strata
from analysis.counts.tally import Tally
from analysis.registry.engine_columns import baseline_characteristics, options, ranges, recorded, steps
from analysis.registry.engine_deaths import death_counts
from analysis.registry.engine_events import event_counts
from analysis.registry.engine_measures import extent, leavers, presence, values
from analysis.registry.engine_paths import relapse_paths, seen_intervals, stays
from analysis.registry.engine_states import known_states, relapse_numbers, state_changes
from analysis.registry.engine_times import leaving, strata, tally
from analysis.registry.registered import Registered

MAKERS: dict[type, Callable[..., Any]] = {
    BaselineCounts: baseline_characteristics,
    DeathCounts: death_counts,
    EventCounts: event_counts,
    Extent: extent,
    FilterSteps: steps,
    KnownStates: known_states,
    Leavers: leavers,
    Leaving: leaving,
    OptionCounts: options,
    Presence: presence,
    RangeCounts: ranges,
    RecordedCounts: recorded,
    RelapseNumbers: relapse_numbers,
    RelapsePaths: relapse_paths,
    SeenIntervals: seen_intervals,
    StateChanges: state_changes,
    Stays: stays,
    Strata: strata,
    Values: values,
}


def counts_by_engine(of: Registered, asked: CountsAsked) -> Any:
    """Return a table of counts of some patients; None if the engine cannot make it."""
    kind = asked.kind
    if kind in MAKERS:
        return MAKERS[kind](of, **asked.choices)
    if issubclass(kind, Tally) and kind.says_alike():
        return tally(of, kind, **asked.choices)
    return None
