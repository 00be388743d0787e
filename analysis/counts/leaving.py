"""Counts at each distinct time, from which every time-to-event estimate is computed.

They take one pass over the patients. The cost of an estimate then depends on the number of distinct times only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.columns import Columns
from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.cohort.times import join_times
from analysis.counts.additive import additive
from analysis.counts.groups import Groups, Membership, flags_at, membership
from analysis.counts.joining import join_names
from analysis.counts.reasons import Absence, LeftOut
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_times, endpoint_words
from analysis.facts.observed_times import Endpoint, Wording

Steps: TypeAlias = dict[str, NDArray[Any]]  # columns of one group, one row per time

KINDS = ("events", "competing", "censored", "entered")
MEMBERS, SHARED, LEFT_OUT = "members", "shared", "left out"
COLUMNS = ["count", "group", "months", "reason", "patients"]


@dataclass(frozen=True, eq=False)
class Leaving:
    """Numbers of patients who enter and leave the risk set of each group at each distinct time.

    Attributes
    ----------
    outcome
        The endpoint in words.
    groups
        The groups, with all patients that were asked for, also those without a time; columns of the arrays below.
    months
        The distinct times of all groups and 0, increasing; rows of the arrays below.
    events, competing, censored
        Numbers leaving the risk set at each time, by how.
    entered
        Numbers coming under observation at each time after 0 (left truncation).
    shared
        Number of patients counted in two groups.
    left_out
        Numbers of patients without a time or a group, by reason.
    """

    outcome: Wording
    groups: Groups
    months: Floats
    events: Integers
    competing: Integers
    censored: Integers
    entered: Integers
    shared: int = 0
    left_out: LeftOut = field(default=LeftOut())

    @classmethod
    @additive
    def of(cls, cohort: Cohort, endpoint: AnyEndpoint = OVERALL_SURVIVAL, by: By | None = None) -> Leaving:
        """Return the counts of a cohort.

        Selections of one cohort share the ticks of its clock, so that equal times are identical. Times of different
        cohorts are joined when counts are added.

        Parameters
        ----------
        cohort
            The patients.
        endpoint
            The name of an endpoint, or an object of `analysis.facts.endpoints`.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the endpoint or the grouping column is unknown.

        Examples
        --------
        >>> from analysis import load_sample
        >>> counts = Leaving.of(load_sample(), by="msc_source")
        >>> counts.number_of_patients, counts.number_of_events
        (87, 5)
        """
        return _leaving(cohort, endpoint, by)

    def __add__(self, other: Leaving) -> Leaving:
        """Return the counts of the patients of both; times that differ by less than 1e-9 of their size are joined.

        Raises
        ------
        ValueError
            If their endpoints or groupings differ.
        """
        if self.outcome != other.outcome:
            raise ValueError("Counts add up where they are of the same endpoint.")
        names, *columns = join_names(self.groups.names, other.groups.names)
        joined = join_times(np.concatenate([self.months, other.months]))
        months = np.unique(joined)
        rows = np.split(np.searchsorted(months, joined), [len(self.months)])

        def together(kind: str) -> Integers:
            table = _empty(len(months), len(names))
            for part, row, column in zip((self, other), rows, columns, strict=True):
                np.add.at(table, np.ix_(row, column), getattr(part, kind))
            return table

        tables = of_each_kind(together)
        shared, left_out = self.shared + other.shared, self.left_out + other.left_out
        return Leaving(self.outcome, self.groups + other.groups, months, *tables, shared, left_out)

    def to_table(self) -> pd.DataFrame:
        """Return the counts as one table.

        Returns
        -------
        DataFrame with count, group, months, reason, patients. Rows with the count "members" are the groups in order
        with the numbers asked for, and last the number in two groups; "shared" is the number counted in two groups;
        "left out" are the numbers left out by reason; "events", "competing", "censored" and "entered" are by group and
        month. Columns that do not apply are missing.
        """
        rows: list[tuple[object, ...]] = [
            *(
                (MEMBERS, name, np.nan, None, int(size))
                for name, size in zip(self.groups.names, self.groups.members, strict=True)
            ),
            (MEMBERS, None, np.nan, None, self.groups.shared),
            (SHARED, None, np.nan, None, self.shared),
            *(
                (LEFT_OUT, None, np.nan, reason, n)
                for reason, n in zip(self.left_out.reasons, self.left_out.patients, strict=True)
            ),
        ]
        for kind in KINDS:
            table = getattr(self, kind)
            column, row = np.nonzero(table.T)
            rows += [
                (kind, self.groups.names[group], self.months[at], None, int(table[at, group]))
                for group, at in zip(column, row, strict=True)
            ]
        return pd.DataFrame(rows, columns=COLUMNS)

    @classmethod
    def from_table(cls, table: pd.DataFrame, endpoint: AnyEndpoint = OVERALL_SURVIVAL, by: By | None = None) -> Leaving:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        endpoint, by
            As they were given to `of`.
        """
        held = dict(iter(table.groupby("count")))
        members, left_out = (held.get(name, table.head(0)) for name in (MEMBERS, LEFT_OUT))
        *names, _ = members["group"]
        *sizes, in_two = members["patients"].astype(int)
        changes = table[table["count"].isin(KINDS)]
        months = np.unique(np.append(0.0, changes["months"].to_numpy(dtype=float)))
        places = {name: place for place, name in enumerate(names)}

        def held_in_table(kind: str) -> Integers:
            own = changes[changes["count"] == kind]
            cells = _empty(len(months), len(names))
            row = np.searchsorted(months, own["months"].to_numpy(dtype=float))
            np.add.at(cells, (row, own["group"].map(places).to_numpy(dtype=np.intp)), own["patients"].to_numpy(int))
            return cells

        return cls(
            endpoint_words(endpoint),
            Groups(by, tuple(names), np.array(sizes), in_two),
            months,
            *of_each_kind(held_in_table),
            int(table.loc[table["count"] == SHARED, "patients"].sum()),
            LeftOut(tuple(left_out["reason"]), tuple(left_out["patients"].astype(int))),
        )

    @cached_property
    def leaving(self) -> Integers:
        """Numbers leaving the risk set of each group at each time, in any way."""
        return self.events + self.competing + self.censored

    @cached_property
    def patients(self) -> Integers:
        """The number of patients counted in each group."""
        return self.leaving.sum(axis=0)

    @property
    def number_of_patients(self) -> int:
        """Sum over groups of their patients."""
        return int(self.patients.sum())

    @property
    def number_of_events(self) -> int:
        """Sum over groups of their events."""
        return int(self.events.sum())

    @cached_property
    def late_entries(self) -> bool:
        """Whether a patient came under observation after time zero."""
        return bool(self.entered.any())

    @cached_property
    def at_risk(self) -> Integers:
        """Size of the risk set of each group at each time: followed to it or longer, and observed since before it.

        At ties events come before censorings, and a patient who enters at a time is at risk only after it.
        """
        return _from_here_on(self.leaving) - _from_here_on(self.entered)

    @cached_property
    def at_events(self) -> tuple[Floats, Floats]:
        """Numbers at risk and of events in each group, at each time with an event in any group."""
        happening = np.flatnonzero(np.any(self.events, axis=1))
        return self.at_risk[happening].astype(float), self.events[happening].astype(float)

    def few_before_others(self, few: int) -> dict[str, tuple[int, float]]:
        """Return the groups with fewer at risk before later entries: the smallest risk set, and its last month."""
        found = {}
        for place, group in enumerate(self.groups.names):
            to_come = _from_here_on(self.entered[:, place]) > 0
            small = np.flatnonzero(to_come & (self.at_risk[:, place] < few))
            if len(small):
                found[group] = int(self.at_risk[small, place].min()), float(self.months[small[-1]])
        return found

    def steps(self) -> list[Steps]:
        """Return months, at_risk, events, competing, censored of each group: one row at 0 and per time of its own."""
        return [self._steps(place) for place in range(len(self.groups.names))]

    def _steps(self, place: int) -> Steps:
        changes = [getattr(self, name)[:, place] for name in KINDS]
        own = np.flatnonzero(np.any(changes, axis=0) | (self.months == 0))
        columns = {"months": self.months, "at_risk": self.at_risk[:, place]}
        columns |= dict(zip(KINDS[:3], changes, strict=False))
        return {name: column[own] for name, column in columns.items()}

    def reversed(self) -> Leaving:
        """Return the counts for reverse Kaplan-Meier: censorings are the events, and the other way round."""
        return replace(self, events=self.censored, censored=self.events + self.competing, competing=0 * self.competing)

    def with_competing_censored(self) -> Leaving:
        """Return the counts with competing events as censorings."""
        return replace(self, censored=self.competing + self.censored, competing=0 * self.competing)

    @cached_property
    def shown(self) -> Leaving:
        """The counts of the groups shown."""
        return self.only(self.groups.shown)

    @cached_property
    def present(self) -> Leaving:
        """The counts of the groups with patients."""
        return self.only(np.flatnonzero(self.patients))

    def only(self, places: Sequence[int] | Rows) -> Leaving:
        """Return the counts of the groups at these indices."""
        if len(places) == len(self.groups.names):
            return self
        held = np.asarray(places, dtype=np.intp)
        parts = of_each_kind(lambda kind: getattr(self, kind)[:, held])
        return Leaving(self.outcome, self.groups.only(held), self.months, *parts, self.shared, self.left_out)


@cached
def _leaving(cohort: Cohort, endpoint: AnyEndpoint, by: By | None) -> Leaving:
    timed, who = endpoint_times(cohort, endpoint), membership(cohort, by)
    # Usually all patients have the outcome and a group, and no rows need to be selected.
    rows, code = who.rows, who.code
    if not timed.has.all():
        held = timed.has[rows]
        rows, code = rows[held], code[held]
    everybody = by is None and len(rows) == len(cohort)
    columns = timed.columns if everybody else timed.columns.rows(rows)
    words = endpoint_words(endpoint)
    return count_leaving(words, who, code, rows, columns, why_without(timed, who).count())


def why_without(timed: Endpoint, who: Membership, *others: tuple[str, NDArray[np.bool_]]) -> Absence:
    """Return why patients are left out: no time, no group, or a further reason.

    Parameters
    ----------
    timed, who
        The outcome and the group of each patient.
    others
        Further reasons, each with flags of the patients it applies to.
    """
    reason = timed.columns["reason"]
    timeless = [(name, reason.codes == code) for code, name in enumerate(reason.categories) if code]
    groupless = [(NO_GROUP, flags_at(who.without, who.asked_for))] if who.by is not None else []
    return Absence.of(who.asked, [*timeless, *groupless, *others], together=len(timeless))


def count_leaving(
    outcome: Wording, who: Membership, code: Rows, rows: Rows, columns: Columns, left_out: LeftOut
) -> Leaving:
    """Return the counts at each distinct time.

    Parameters
    ----------
    outcome
        The endpoint in words.
    who
        The members of the groups.
    code, rows
        Index of the group and position in ``cohort.patients`` of each member with a time.
    columns
        entry, time (categoricals of one clock from 0; see `analysis.cohort.times.clocked`), event, competing (censored
        if neither), in the same order.
    left_out
        Numbers of the other patients, by reason.
    """
    entry, time = columns["entry"].codes, columns["time"].codes
    happened, competed = (np.asarray(columns[name], dtype=bool) for name in ("event", "competing"))
    clock = columns["time"].categories.to_numpy()
    # The ticks of the clock at which one of these patients enters or leaves, and 0.
    used = np.zeros(len(clock), dtype=bool)
    used[time] = used[entry] = used[np.searchsorted(clock, 0.0)] = True
    tick = np.cumsum(used) - 1
    late = np.flatnonzero(entry > np.searchsorted(clock, 0.0))
    size = (len(who.names), int(np.count_nonzero(used)))

    def table(cells: NDArray[np.intp]) -> Integers:
        # Columns are contiguous in memory, because most reads are by group.
        return np.bincount(cells, minlength=size[0] * size[1]).reshape(size).T

    cells = tick[time] if size[0] == 1 else code * size[1] + tick[time]
    return Leaving(
        outcome,
        who.groups(),
        clock[used],
        events=table(cells[happened]),
        competing=table(cells[np.flatnonzero(competed)]),
        censored=table(cells[~(happened | competed)]),
        entered=table(code[late] * size[1] + tick[entry[late]]),
        shared=who.shared(rows),
        left_out=left_out,
    )


def of_each_kind(make: Callable[[str], Integers]) -> tuple[Integers, Integers, Integers, Integers]:
    """Return ``make(kind)`` for each of `KINDS`."""
    return make("events"), make("competing"), make("censored"), make("entered")


def _empty(times: int, groups: int) -> Integers:
    return np.zeros((groups, times), dtype=np.int64).T


def _from_here_on(counts: Integers) -> Integers:
    return counts[::-1].cumsum(axis=0)[::-1]
