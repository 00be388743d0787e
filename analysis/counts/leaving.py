"""Patients collapsed to counts: what every time-to-event estimate is computed from.

After the one pass over the patients here, the cost of an estimate depends on the number of distinct times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Integers

Steps: TypeAlias = dict[str, NDArray[Any]]  # columns of one group, a row a time


@dataclass(frozen=True, eq=False)
class Counts:
    """How many patients of each group come and go at each distinct time.

    Attributes
    ----------
    groups
        The groups, in order; the columns of the tables below.
    months
        Distinct times of all groups, rising, and 0; the rows of the tables below.
    events, competing, censored
        Who leaves at a time, and how.
    entered
        Who comes under observation at a time later than 0 (left truncation).
    """

    groups: pd.Index
    months: Floats
    events: Integers
    competing: Integers
    censored: Integers
    entered: Integers

    @cached_property
    def patients(self) -> Integers:
        """Patients of each group."""
        return (self.events + self.competing + self.censored).sum(axis=0)

    @cached_property
    def late_entries(self) -> bool:
        """Whether any patient came under observation later than time zero."""
        return bool(self.entered.any())

    @cached_property
    def group(self) -> pd.Categorical:
        """The groups, each once, in order."""
        return pd.Categorical.from_codes(np.arange(len(self.groups)), self.groups, ordered=True)

    @cached_property
    def at_risk(self) -> Integers:
        """Patients of each group at risk at each time: followed to it or longer, and observed from before it.

        So at a tie events come before censorings, and who enters at a time is at risk only after it.
        """
        leaving = self.events + self.competing + self.censored
        return _from_here_on(leaving) - _from_here_on(self.entered)

    @cached_property
    def at_events(self) -> tuple[Floats, Floats]:
        """Patients at risk, and events, of each group at each time with an event in any."""
        happening = np.flatnonzero(np.any(self.events, axis=1))
        return self.at_risk[happening].astype(float), self.events[happening].astype(float)

    def few_before_others(self, few: int) -> dict[str, tuple[int, float]]:
        """Return of each group with fewer at risk while others are yet to come: the fewest, and until which month."""
        found = {}
        for place, group in enumerate(self.groups):
            to_come = _from_here_on(self.entered[:, place]) > 0
            small = np.flatnonzero(to_come & (self.at_risk[:, place] < few))
            if len(small):
                found[str(group)] = int(self.at_risk[small, place].min()), float(self.months[small[-1]])
        return found

    def of(self, group: object) -> Steps:
        """Return months, at_risk, events, competing, censored of one group: a row at 0 and one a time of its own."""
        place = self.groups.get_loc(group)
        changes = [getattr(self, name)[:, place] for name in ("events", "competing", "censored", "entered")]
        own = np.flatnonzero(np.any(changes, axis=0) | (self.months == 0))
        columns = {"months": self.months, "at_risk": self.at_risk[:, place]}
        columns |= dict(zip(("events", "competing", "censored"), changes, strict=False))
        return {name: column[own] for name, column in columns.items()}

    def reversed(self) -> Counts:
        """Return the counts with events and censorings changed about: what happens is that follow-up ends."""
        return replace(self, events=self.censored, censored=self.events + self.competing, competing=0 * self.competing)

    def only(self, *groups: object) -> Counts:
        """Return the counts of some of the groups."""
        if list(groups) == list(self.groups):
            return self
        places = self.groups.get_indexer(pd.Index(groups))
        parts = (getattr(self, name)[:, places] for name in ("events", "competing", "censored", "entered"))
        return Counts(self.groups[places], self.months, *parts)


def count_patients(group: pd.Categorical, times: Mapping[str, Any]) -> Counts:
    """Return how many patients of each group come and go at each distinct time.

    Parameters
    ----------
    group
        Group of each patient; patients without one are in no count.
    times
        entry, time (categoricals on one clock that begins at 0; see `analysis.cohort.times.clocked`), event, competing
        (what is neither is a censoring), in the same order.
    """
    code = group.codes.astype(np.intp)
    entry, time = times["entry"].codes, times["time"].codes
    happened, competed = (np.asarray(times[name], dtype=bool) for name in ("event", "competing"))
    if code.min(initial=0) < 0:
        known = code >= 0
        code, entry, time, happened, competed = (each[known] for each in (code, entry, time, happened, competed))
    clock = times["time"].categories.to_numpy()
    # Of the clock of all patients the ticks at which one of these comes or goes, and 0.
    used = np.zeros(len(clock), dtype=bool)
    used[time] = used[entry] = used[np.searchsorted(clock, 0.0)] = True
    tick = np.cumsum(used) - 1
    leaves, late = tick[time], np.flatnonzero(entry > np.searchsorted(clock, 0.0))
    size = (len(group.categories), int(np.count_nonzero(used)))

    def table(cells: NDArray[np.intp]) -> Integers:
        # A group's column lies together: it is what is asked for most.
        return np.bincount(cells, minlength=size[0] * size[1]).reshape(size).T

    cells = code * size[1] + leaves
    rivals = np.flatnonzero(competed)
    return Counts(
        group.categories,
        clock[used],
        events=table(cells[happened]),
        competing=table(cells[rivals]),
        censored=table(cells[~(happened | competed)]),
        entered=table(code[late] * size[1] + tick[entry[late]]),
    )


def _from_here_on(counts: Integers) -> Integers:
    return counts[::-1].cumsum(axis=0)[::-1]
