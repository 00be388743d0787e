"""Sojourns in and out of remission: numbers of patients with the same path through the states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.cohort.times import join_times
from analysis.counts.code_counts import count_alike
from analysis.counts.groups import NOT_ASKED, Groups, joined_members, membership
from analysis.counts.joining import join_names
from analysis.counts.leaving import LEFT_OUT, MEMBERS
from analysis.counts.reasons import LeftOut
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.remission import RemissionRule, can_be_judged, levels, remission_words
from analysis.facts.remission_stays import remission_stays, state_at_start

STAY, PATH = "stay", "path"
COLUMNS = ["count", "group", "path", "patients", "at_start", "state", "start", "stop", "next_state", "reason"]


@dataclass(frozen=True, eq=False)
class Paths:
    """Distinct paths through the states, each with its sojourns.

    Attributes
    ----------
    at_start
        State of each path at month 0, an index into `STATES`; -1 with late entry.
    path
        The path of each sojourn; those of a path are contiguous and in order of time.
    state
        State of each sojourn, an index into `STATES`.
    start, stop
        Months of each sojourn; the patient is at risk in (start, stop].
    next_state
        The state entered at `stop`; -1 if censored.
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
class Stays:
    """Numbers of patients with the same path through the states, by group.

    Attributes
    ----------
    remission
        The definition of remission, in words.
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

    remission: str
    groups: Groups
    member: Rows
    paths: Paths
    patients: Integers
    left_out: LeftOut

    @classmethod
    def of(cls, cohort: Cohort, rule: RemissionRule, response: str = "complete", by: By | None = None) -> Stays:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule, response
            The definition of remission.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column or the response is unknown, or the visits lack a column that the rule needs.

        Examples
        --------
        >>> from analysis import load_sample, sledai_at_most
        >>> Stays.of(load_sample(), sledai_at_most(4)).patients.sum()
        np.int64(87)
        """
        who = membership(cohort, by)
        of_whole, code = _paths(cohort.whole, rule, levels(response))
        each = who.member_of_each()
        each[who.without] = NOT_ASKED
        judged = can_be_judged(cohort, rule)
        each[~judged] = NOT_ASKED
        member, path, patients = count_alike(each, code[cohort.kept], len(of_whole.at_start))
        words = remission_words(rule, response)
        left_out = who.absence(*([(np.flatnonzero(judged), NO_BASELINE)] if rule.from_baseline else [])).count()
        return cls(words, who.groups(), member, of_whole.at(path), patients, left_out)

    def __add__(self, other: Stays) -> Stays:
        """Return the counts of the patients of both; times that differ by less than 1e-9 of their size are joined.

        Raises
        ------
        ValueError
            If their definitions of remission or their groupings differ.
        """
        if self.remission != other.remission:
            raise ValueError("Stays add up where remission is the same.")
        groups = self.groups + other.groups
        _, here, there = join_names(self.groups.names, other.groups.names)
        member = joined_members(len(groups.names), [(here, self.member), (there, other.member)])
        paths = _joined(self.paths, other.paths)
        place, one_of_each = paths.sorted(member)
        patients = np.bincount(place, np.concatenate([self.patients, other.patients])).astype(np.int64)
        left_out = self.left_out + other.left_out
        return Stays(self.remission, groups, member[one_of_each], paths.at(one_of_each), patients, left_out)

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
    def from_table(
        cls, table: pd.DataFrame, rule: RemissionRule, response: str = "complete", by: By | None = None
    ) -> Stays:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        rule, response, by
            As they were given to `of`.
        """
        members, left_out, own, stays = (table[table["count"] == kind] for kind in (MEMBERS, LEFT_OUT, PATH, STAY))
        *names, _ = members["group"]
        *sizes, in_two = members["patients"].astype(int)
        places = {name: place for place, name in enumerate(names)}
        numbers = (stays[name].to_numpy(dtype=np.int64) for name in ("path", "state", "next_state"))
        path, state, next_state = numbers
        start, stop = (stays[name].to_numpy(dtype=float) for name in ("start", "stop"))
        return cls(
            remission_words(rule, response),
            Groups(by, tuple(names), np.array(sizes, dtype=np.int64), in_two),
            own["group"].map(places).fillna(len(names)).to_numpy(dtype=np.intp),
            Paths(own["at_start"].to_numpy(dtype=np.int64), path, state, start, stop, next_state),
            own["patients"].to_numpy(dtype=np.int64),
            LeftOut(tuple(left_out["reason"]), tuple(left_out["patients"].astype(int))),
        )


@cached
def _paths(whole: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> tuple[Paths, Rows]:
    """Return the distinct paths of a cohort, sorted, and the index of each patient's path."""
    stays = remission_stays(whole, rule, counts_as)
    columns = (stays[name] for name in ("row", "state", "start", "stop", "next_state"))
    paths = Paths(state_at_start(whole, rule, counts_as)["state"], *columns)
    place, one_of_each = paths.sorted(np.zeros(len(whole), dtype=np.intp))
    return paths.at(one_of_each), place


def _joined(first: Paths, second: Paths) -> Paths:
    """Return the paths of two tables together, with equal times joined."""
    columns = ("at_start", "path", "state", "start", "stop", "next_state")
    second = replace(second, path=second.path + len(first.at_start))
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in columns}
    times = join_times(np.concatenate([both["start"], both["stop"]]))
    both["start"], both["stop"] = np.split(times, 2)
    return Paths(**both)


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
