"""Distinct paths of patients through states, and numbers of patients with the same path by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import join_times
from analysis.counts.code_counts import count_alike
from analysis.counts.groups import NOT_ASKED, Groups, joined_members, membership
from analysis.counts.joining import join_names
from analysis.counts.leaving import LEFT_OUT, MEMBERS
from analysis.counts.reasons import LeftOut

STAY, PATH = "stay", "path"
COLUMNS = ["count", "group", "path", "patients", "at_start", "state", "start", "stop", "next_state", "reason"]


@dataclass(frozen=True, eq=False)
class Paths:
    """Distinct paths through the states, each with its sojourns.

    Attributes
    ----------
    at_start
        State of each path at month 0; -1 with late entry.
    path
        The path of each sojourn; those of a path are contiguous and in order of time.
    state
        State of each sojourn.
    start, stop
        Months of each sojourn; the patient is at risk in (start, stop].
    next_state
        The state entered at `stop`; -1 if censored. States are numbers from 0, as the fact behind the paths gives them.
    """

    at_start: Integers
    path: Rows
    state: Integers
    start: Floats
    stop: Floats
    next_state: Integers

    def at(self, places: Rows) -> Paths:
        """Return the paths at these indices, renumbered."""
        sizes = np.bincount(self.path, minlength=len(self.at_start))
        begins = np.cumsum(sizes) - sizes
        own = sizes[places]
        number = np.repeat(np.arange(len(places)), own)
        stays = np.repeat(begins[places], own) + np.arange(len(number)) - np.repeat(np.cumsum(own) - own, own)
        return Paths(
            self.at_start[places],
            number,
            self.state[stays],
            self.start[stays],
            self.stop[stays],
            self.next_state[stays],
        )

    def sorted(self, first: Rows) -> tuple[Rows, Rows]:
        """Return the rank of each path among the distinct ones, and the index of one path of each rank.

        Parameters
        ----------
        first
            A number of each path; paths are sorted by it first, and are distinct if it differs.
        """
        stay = _numbers(self.state, self.start, self.stop, self.next_state)
        size = 2 + int(stay.max(initial=0))
        sizes = np.bincount(self.path, minlength=len(self.at_start))
        begins = np.cumsum(sizes) - sizes
        place = _numbers(first, self.at_start)
        for step in range(int(sizes.max(initial=0))):
            goes_on = np.flatnonzero(sizes > step)
            here = np.zeros(len(place), dtype=np.int64)
            here[goes_on] = 1 + stay[begins[goes_on] + step]
            place = _sorted_places(place * size + here)[0]
        one_of_each = np.empty(1 + int(place.max(initial=-1)), dtype=np.intp)
        one_of_each[place] = np.arange(len(place))
        return place, one_of_each


@dataclass(frozen=True, eq=False)
class PathOfEach:
    """The path of each patient of a cohort.

    Attributes
    ----------
    paths
        The distinct paths.
    code
        For each patient the index of the path; nothing if left out.
    why
        For each patient 0, or 1 + the index in `reasons` of why he or she is left out.
    reasons
        The possible reasons.
    """

    paths: Paths
    code: Rows
    why: Rows
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PathNumbers:
    """Numbers of patients with the same path, by group.

    Attributes
    ----------
    definition
        What the paths are of, in words.
    groups
        The groups, with all patients that were asked for.
    member
        For each row the index of the group; after the last one: patients in two groups.
    paths
        The path of each row. Rows are distinct, and sorted by group and path.
    patients
        The number of patients in each row.
    left_out
        Numbers of patients left out, by reason.
    """

    definition: str
    groups: Groups
    member: Rows
    paths: Paths
    patients: Integers
    left_out: LeftOut

    @classmethod
    def of_each(cls, whole: Cohort, *choices: Any, **named: Any) -> PathOfEach:
        """Return the path of each patient of a cohort; a subclass says which, given its choices without `by`."""
        raise NotImplementedError

    @classmethod
    def counted(cls, definition: str, cohort: Cohort, by: By | None, each: PathOfEach) -> Self:
        """Return the numbers for a cohort or selection, given the paths of the whole cohort."""
        who, why = membership(cohort, by), each.why[cohort.kept]
        member = who.member_of_each()
        member[who.without] = member[why > 0] = NOT_ASKED
        member, path, patients = count_alike(member, each.code[cohort.kept], len(each.paths.at_start))
        steps = [(np.flatnonzero(why != place), reason) for place, reason in enumerate(each.reasons, start=1)]
        return cls(definition, who.groups(), member, each.paths.at(path), patients, who.absence(*steps).count())

    @classmethod
    def summed(
        cls, definition: str, groups: Groups, member: Rows, paths: Paths, patients: Integers, left_out: LeftOut
    ) -> Self:
        """Return the numbers of rows that may have equal groups and paths; times that are tied are joined."""
        times = join_times(np.concatenate([paths.start, paths.stop]))
        start, stop = np.split(times, 2)
        paths = replace(paths, start=start, stop=stop)
        place, one_of_each = paths.sorted(member)
        sums = np.bincount(place, patients, minlength=len(one_of_each)).astype(np.int64)
        return cls(definition, groups, member[one_of_each], paths.at(one_of_each), sums, left_out)

    def __add__(self, other: Self) -> Self:
        """Return the counts of the patients of both; times that differ by less than 1e-9 of their size are joined.

        Raises
        ------
        ValueError
            If their definitions or their groupings differ.
        """
        if self.definition != other.definition:
            raise ValueError(
                f"Paths add up where the definition is the same, not {self.definition} and {other.definition}."
            )
        groups = self.groups + other.groups
        _, here, there = join_names(self.groups.names, other.groups.names)
        member = joined_members(len(groups.names), [(here, self.member), (there, other.member)])
        patients = np.concatenate([self.patients, other.patients])
        left_out = self.left_out + other.left_out
        return self.summed(self.definition, groups, member, _below(self.paths, other.paths), patients, left_out)

    def of_groups(self) -> Iterator[tuple[str, Paths, Integers]]:
        """Yield the name of each group shown, its paths, and the number of patients with each."""
        for group in self.groups.shown:
            rows = np.flatnonzero((self.member == group) | (self.member == len(self.groups.names)))
            yield self.groups.names[group], self.paths.at(rows), self.patients[rows]

    def to_table(self) -> pd.DataFrame:
        """Return the counts as one table.

        Returns
        -------
        DataFrame with count, group, path, patients, at_start, state, start, stop, next_state, reason. Rows with the
        count "members" are the groups in order with the numbers asked for, and last the number in two groups; "left
        out" are the numbers left out by reason; "path" has the number of patients with a path and its state at month 0,
        "stay" a sojourn of it. Rows of patients in two groups have no group.
        """
        rows: list[dict[str, object]] = [
            {"count": MEMBERS, "group": name, "patients": size}
            for name, size in zip(self.groups.names, self.groups.members.tolist(), strict=True)
        ]
        rows.append({"count": MEMBERS, "patients": self.groups.shared})
        rows += [
            {"count": LEFT_OUT, "reason": reason, "patients": number}
            for reason, number in zip(self.left_out.reasons, self.left_out.patients, strict=True)
        ]
        names = np.array([*self.groups.names, None], dtype=object)
        paths, held = self.paths, np.arange(len(self.patients))
        own = pd.DataFrame(
            {
                "count": PATH,
                "group": names[self.member],
                "path": held,
                "patients": self.patients,
                "at_start": paths.at_start,
            }
        )
        columns = {name: getattr(paths, name) for name in ("path", "state", "start", "stop", "next_state")}
        stays = pd.DataFrame({"count": STAY, "group": names[self.member[paths.path]], **columns})
        return pd.concat([pd.DataFrame(rows), own, stays], ignore_index=True).reindex(columns=COLUMNS)

    @classmethod
    def in_table(cls, table: pd.DataFrame, definition: str, by: By | None = None) -> Self:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        definition
            What the paths are of, in words.
        by
            The grouping; None for one group, "All".
        """
        members, left_out, own, stays = (table[table["count"] == kind] for kind in (MEMBERS, LEFT_OUT, PATH, STAY))
        *names, _ = members["group"]
        *sizes, in_two = members["patients"].astype(int)
        places = {name: place for place, name in enumerate(names)}
        numbers = (stays[name].to_numpy(dtype=np.int64) for name in ("path", "state", "next_state"))
        path, state, next_state = numbers
        start, stop = (stays[name].to_numpy(dtype=float) for name in ("start", "stop"))
        return cls(
            definition,
            Groups(by, tuple(names), np.array(sizes, dtype=np.int64), in_two),
            own["group"].map(places).fillna(len(names)).to_numpy(dtype=np.intp),
            Paths(own["at_start"].to_numpy(dtype=np.int64), path, state, start, stop, next_state),
            own["patients"].to_numpy(dtype=np.int64),
            LeftOut(tuple(left_out["reason"]), tuple(left_out["patients"].astype(int))),
        )


def _below(first: Paths, second: Paths) -> Paths:
    """Return the paths of two tables together."""
    columns = ("at_start", "path", "state", "start", "stop", "next_state")
    second = replace(second, path=second.path + len(first.at_start))
    return Paths(**{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in columns})


def _numbers(*columns: Integers | Floats) -> Integers:
    """Return the rank of each row among the distinct ones, sorted by the columns."""
    place = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        number, different = _sorted_places(column)
        place = _sorted_places(place * different + number)[0]
    return place


def _sorted_places(numbers: Integers | Floats) -> tuple[Rows, int]:
    """Return the rank of each number among the distinct ones, and how many these are."""
    # Most numbers occur many times; finding the distinct ones first is faster than sorting all.
    places, different = pd.factorize(numbers, sort=True)
    return places, len(different)
