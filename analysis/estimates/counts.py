"""Patients collapsed to counts: what every time-to-event estimate is computed from.

After the one pass over the patients here, the cost of an estimate depends on the number of distinct times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.times import clocked

Integers = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]
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
    def at_risk(self) -> Integers:
        """Patients of each group at risk at each time: followed to it or longer, and observed from before it.

        So at a tie events come before censorings, and who enters at a time is at risk only after it.
        """
        leaving = self.events + self.competing + self.censored
        return _from_here_on(leaving) - _from_here_on(self.entered)

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


def count_patients(labels: pd.Series, times: pd.DataFrame) -> Counts:
    """Return how many patients of each group come and go at each distinct time.

    Parameters
    ----------
    labels
        Group of each patient, an ordered categorical; patients without one are in no count.
    times
        entry, time (on one clock that begins at 0; see `analysis.cohort.times.clocked`), event, competing (what is
        neither is a censoring), in the order of `labels`.
    """
    group = labels.cat.codes.to_numpy().astype(np.intp)
    known = group >= 0
    group, held = group[known], times if known.all() else times[known]
    entry, time = held["entry"].cat.codes.to_numpy(), held["time"].cat.codes.to_numpy()
    clock = held["time"].cat.categories.to_numpy()
    # Of the clock of all patients the ticks at which one of these comes or goes, and 0.
    used = np.bincount(time, minlength=len(clock)) + np.bincount(entry, minlength=len(clock)) > 0
    used[np.searchsorted(clock, 0.0)] = True
    tick = np.cumsum(used) - 1
    leaves, enters = tick[time], tick[entry]
    size = (int(used.sum()), len(labels.cat.categories))

    def table(ticks: NDArray[np.intp], which: NDArray[np.bool_]) -> Integers:
        cells = group[which] * size[0] + ticks[which]
        # A group's column lies together: it is what is asked for most.
        return np.bincount(cells, minlength=size[0] * size[1]).reshape(size[::-1]).T

    happened, competed = held["event"].to_numpy(dtype=bool), held["competing"].to_numpy(dtype=bool)
    return Counts(
        labels.cat.categories,
        clock[used],
        events=table(leaves, happened),
        competing=table(leaves, competed),
        censored=table(leaves, ~happened & ~competed),
        entered=table(enters, clock[entry] > 0),
    )


def plain_times(months: pd.Series, event: pd.Series) -> pd.DataFrame:
    """Return times for `count_patients`: of patients at risk from time zero on, with nothing that competes."""
    entry, time = clocked(np.zeros(len(months)), months.to_numpy(dtype=float))
    columns = {"entry": entry, "time": time, "event": event.to_numpy(dtype=bool), "competing": False}
    return pd.DataFrame(columns, index=months.index)


def _from_here_on(counts: Integers) -> Integers:
    return counts[::-1].cumsum(axis=0)[::-1]
