"""Monthly changes in the number of patients in each state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import prod
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.counts.groups import Groups, membership, spread
from analysis.counts.joining import join_names
from analysis.counts.leaving import LEFT_OUT, MEMBERS
from analysis.counts.reasons import LeftOut
from analysis.facts.months_in_states import (
    DEAD,
    GONE,
    NOT_YET,
    Months,
    grid_of,
    increasing,
    observed_places,
    places_in_states,
    states_with_ends,
)
from analysis.facts.relapse import RelapseRule
from analysis.facts.remission import RemissionRule

CHANGE, STATE, LATE, LONGEST = "change", "state", "observed late", "longest follow-up"
STAY, OBSERVATION = ("state", "come", "go"), ("begin", "end", "died", "late", "whole_months")
COLUMNS = ["count", "group", "months", "state", "reason", "patients"]

Numbers = TypeVar("Numbers", "StayNumbers", "ObservedNumbers")


@dataclass(frozen=True, eq=False)
class StayNumbers:
    """Numbers of patients by their stays in a state.

    Attributes
    ----------
    member
        For each stay the index of the group; after the last one: in two groups; negative: in none.
    state, come, go
        As of `places_in_states`.
    patients
        The number of patients with it.
    """

    member: Rows
    state: Rows
    come: Rows
    go: Rows
    patients: Integers

    @property
    def held(self) -> StayNumbers:
        """Those of patients in a group."""
        return _rows(self, self.member >= 0)


@dataclass(frozen=True, eq=False)
class ObservedNumbers:
    """Numbers of patients by the time under observation: attributes as of `StayNumbers` and of `observed_places`."""

    member: Rows
    begin: Rows
    end: Rows
    died: Flags
    late: Flags
    whole_months: Integers
    patients: Integers

    @property
    def held(self) -> ObservedNumbers:
        """Those of patients in a group."""
        return _rows(self, self.member >= 0)


@dataclass(frozen=True, eq=False)
class StateChanges:
    """Changes in the number of patients in each state from one month to the next, by group.

    Attributes
    ----------
    groups
        The groups, with all patients that were asked for.
    months
        The months, increasing: those asked for, or every whole month until nobody is followed any more.
    every_month
        Whether they are every whole month.
    states
        The states, from best to worst, and last "not yet observed".
    changes
        Groups by months by states; at the first month the number in the state.
    late
        The number with late entry in each group.
    longest
        The last whole month within anybody's follow-up; -1 without patients.
    left_out
        Numbers of patients left out, by reason.
    """

    groups: Groups
    months: Floats
    every_month: bool
    states: tuple[str, ...]
    changes: Integers
    late: Integers
    longest: int
    left_out: LeftOut

    @classmethod
    @additive
    def of(
        cls,
        cohort: Cohort,
        rule: RemissionRule,
        relapse: RelapseRule,
        *,
        months: Sequence[float] | None = None,
        by: By | None = None,
    ) -> StateChanges:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule, relapse
            The definitions of remission and relapse.
        months
            The months to count at; by default every whole month until nobody is followed any more.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column is unknown, or the cohort lacks a column that a rule needs.

        Examples
        --------
        >>> from analysis import load_sample, sledai_at_most
        >>> from analysis.facts.relapse import RECORDED_RELAPSE
        >>> StateChanges.of(load_sample(), sledai_at_most(4), RECORDED_RELAPSE).changes.sum()
        np.int64(87)
        """
        grid = increasing(months)
        who = membership(cohort, by)
        member = who.member_of_each()
        stays, observed = places_in_states(cohort, rule, relapse, grid), observed_places(cohort, grid)
        whose = member[stays["row"]]
        of_stays = {name: stays[name] for name in STAY}
        of_patients = {name: observed[name] for name in OBSERVATION}
        return cls.summed(
            rule,
            grid,
            who.groups(),
            StayNumbers(member=whose, **of_stays, patients=np.ones(len(whose), dtype=np.int64)),
            ObservedNumbers(member=member, **of_patients, patients=np.ones(len(member), dtype=np.int64)),
            who.absence().count(),
        )

    @classmethod
    def summed(
        cls,
        rule: RemissionRule,
        months: Months,
        groups: Groups,
        stays: StayNumbers,
        observed: ObservedNumbers,
        left_out: LeftOut,
    ) -> StateChanges:
        """Return the counts of stays and observations.

        Parameters
        ----------
        rule
            The definition of remission.
        months
            Those of the grid.
        groups, left_out
            As of the counts.
        stays, observed
            Of patients, or of so many with the same.
        """
        names, asked = states_with_ends(rule), observed.held
        longest = int(asked.whole_months.max(initial=-1))
        grid = grid_of(months, longest)
        size = (len(groups.names) + 1, len(grid) + 1, len(names))

        def at(group: Rows, month: Rows, state: Rows | int, patients: Integers) -> Integers:
            cells = (group * size[1] + month) * size[2] + state
            return np.bincount(cells, patients, minlength=prod(size)).astype(np.int64).reshape(size)

        # Only the months of entering and leaving a state are counted, without a table of patients by months.
        held = stays.held
        ended = np.where(asked.died, names.index(DEAD), names.index(GONE))
        waiting, not_yet = _rows(asked, asked.begin > 0), names.index(NOT_YET)
        changes = (
            at(held.member, held.come, held.state, held.patients)
            - at(held.member, held.go, held.state, held.patients)
            + at(asked.member, asked.end, ended, asked.patients)
            + at(waiting.member, 0 * waiting.begin, not_yet, waiting.patients)
            - at(waiting.member, np.minimum(waiting.begin, waiting.end), not_yet, waiting.patients)
        )
        late = np.bincount(asked.member, asked.patients * asked.late, minlength=size[0]).astype(np.int64)
        return cls(groups, grid, months is None, names, _to_both(changes)[:, :-1], _to_both(late), longest, left_out)

    def __add__(self, other: StateChanges) -> StateChanges:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their months, states or groupings differ.
        """
        if self.states != other.states or self.every_month != other.every_month:
            raise ValueError("Changes add up where they are of the same states and months.")
        if not self.every_month and not np.array_equal(self.months, other.months):
            raise ValueError("Changes add up where they are of the same states and months.")
        names, here, there = join_names(self.groups.names, other.groups.names)
        months = max(self.months, other.months, key=len)

        def together(mine: Integers, others: Integers) -> Integers:
            return spread(mine, here, len(names)) + spread(others, there, len(names))

        return StateChanges(
            self.groups + other.groups,
            months,
            self.every_month,
            self.states,
            together(self._up_to(len(months)), other._up_to(len(months))),
            together(self.late, other.late),
            max(self.longest, other.longest),
            self.left_out + other.left_out,
        )

    def _up_to(self, months: int) -> Integers:
        """Return the changes extended to a number of months; they are 0 after the last one."""
        return spread(self.changes, np.arange(len(self.months)), months, axis=1)

    def to_table(self) -> pd.DataFrame:
        """Return the counts as one table.

        Returns
        -------
        DataFrame with count, group, months, state, reason, patients. Rows with the count "members" are the groups in
        order with the numbers asked for, and last the number in two groups; "left out" are the numbers left out by
        reason; "state" are the states in order; "observed late" is by group; "longest follow-up" has the month;
        "change" is by group, month and state.
        """
        groups = list(zip(self.groups.names, self.groups.members.tolist(), self.late.tolist(), strict=True))
        rows: list[tuple[object, ...]] = [
            *((MEMBERS, name, np.nan, None, None, size) for name, size, _ in groups),
            (MEMBERS, None, np.nan, None, None, self.groups.shared),
            *((LATE, name, np.nan, None, None, late) for name, _, late in groups),
            *(
                (LEFT_OUT, None, np.nan, None, reason, number)
                for reason, number in zip(self.left_out.reasons, self.left_out.patients, strict=True)
            ),
            *((STATE, None, np.nan, state, None, 0) for state in self.states),
            (LONGEST, None, float(self.longest), None, None, int(self.every_month)),
            *(
                (CHANGE, name, month, state, None, int(self.changes[group, at, place]))
                for group, name in enumerate(self.groups.names)
                for at, month in enumerate(self.months.tolist())
                for place, state in enumerate(self.states)
            ),
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    @classmethod
    def from_table(cls, table: pd.DataFrame, by: By | None = None) -> StateChanges:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        by
            The grouping.
        """
        kinds = (MEMBERS, LATE, LEFT_OUT, STATE, LONGEST, CHANGE)
        members, late, left_out, states, longest, changes = (table[table["count"] == kind] for kind in kinds)
        *names, _ = members["group"]
        *sizes, in_two = members["patients"].astype(int)
        months = np.unique(changes["months"].to_numpy(dtype=float))
        return cls(
            Groups(by, tuple(names), np.array(sizes, dtype=np.int64), in_two),
            months,
            bool(longest["patients"].iloc[0]),
            tuple(states["state"]),
            changes["patients"].to_numpy(dtype=np.int64).reshape(len(names), len(months), len(states)),
            late["patients"].to_numpy(dtype=np.int64),
            int(longest["months"].iloc[0]),
            LeftOut(tuple(left_out["reason"]), tuple(left_out["patients"].astype(int))),
        )


def _rows(of: Numbers, which: Flags) -> Numbers:
    """Return some rows of a table of numbers of patients."""
    return type(of)(*(getattr(of, column.name)[which] for column in fields(of)))


def _to_both(numbers: Integers) -> Integers:
    """Return the numbers of each group with those in two groups, who are in the last row, added to both."""
    by_group: Integers = numbers[:-1] + numbers[-1:]
    return by_group
