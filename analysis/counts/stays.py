"""Stays in remission and out of it: how many patients have the same ones, at the same times."""

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
from analysis.counts.groups import Groups, membership
from analysis.counts.joining import join_names
from analysis.counts.leaving import LEFT_OUT, MEMBERS
from analysis.counts.reasons import LeftOut
from analysis.counts.tally import NOT_ASKED, count_alike, joined_members, member_of_each
from analysis.facts.remission import RemissionRule, levels, remission_words
from analysis.facts.remission_stays import remission_stays, state_at_start

STAY, PATH = "stay", "path"
COLUMNS = ["count", "group", "path", "patients", "at_start", "state", "start", "stop", "next_state", "reason"]


@dataclass(frozen=True, eq=False)
class Paths:
    """The different paths of patients through the states, each with its stays.

    Attributes
    ----------
    at_start
        State of each path at month 0, a place in `STATES`; -1 for who is observed only from later on, whose first stay
        begins then.
    path
        The path of each stay; those of a path lie together and in order.
    state
        Where, a place in `STATES`.
    start, stop
        Months; the patient is at risk of leaving after `start` and up to `stop`.
    next_state
        Where the patient goes at `stop`; -1 if follow-up ends there.
    """

    at_start: Integers
    path: Rows
    state: Integers
    start: Floats
    stop: Floats
    next_state: Integers

    def at(self, places: Rows) -> Paths:
        """Return the paths at some places, numbered anew."""
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
        """Return the place of each path among the different ones sorted by a number and then by path, and one of each.

        Parameters
        ----------
        first
            The number of each path that goes before its own order.
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
    """How many patients of each group have the same path through the states.

    Attributes
    ----------
    remission
        What remission is, in words.
    groups
        The groups, and all who were asked for.
    member
        Of each row the place of the group among their names; behind the last for who is in two of them.
    paths
        The path of each row. Rows are sorted by group and path, each once.
    patients
        How many patients each row is.
    left_out
        How many are in none, by reason.
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
            What remission is.
        by
            What groups the patients; None for one group, "All".

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
        each = member_of_each(who)
        each[who.without] = NOT_ASKED
        member, path, patients = count_alike(each, code[cohort.kept], len(of_whole.at_start))
        words = remission_words(rule, response)
        return cls(words, who.groups(), member, of_whole.at(path), patients, who.absence().count())

    def __add__(self, other: Stays) -> Stays:
        """Return the counts of these patients and of others; times within 1e-9 of their size are one time.

        Raises
        ------
        ValueError
            If remission is something else, or they are by other groups.
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
        """Return each group that is shown: its name, its paths, and how many patients each of them is."""
        for group in self.groups.shown:
            rows = np.flatnonzero((self.member == group) | (self.member == len(self.groups.names)))
            yield self.groups.names[group], self.paths.at(rows), self.patients[rows]

    def to_table(self) -> pd.DataFrame:
        """Return the counts as one table.

        Returns
        -------
        DataFrame with count, group, path, patients, at_start, state, start, stop, next_state, reason. Rows of the count
        "members" are the groups in order and how many were asked for in each, and last in two of them; "left out" is
        who is in no path, by reason; "path" how many patients have one, and its state at month 0, "stay" a stay of it.
        Of who is in two groups the group is missing.
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
        """Return the counts that a table holds.

        Parameters
        ----------
        table
            As `to_table` returns it.
        rule, response, by
            What was asked of the patients.
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
    """Return the different paths of a cohort, sorted, and which each patient has."""
    stays = remission_stays(whole, rule, counts_as)
    columns = (stays[name] for name in ("row", "state", "start", "stop", "next_state"))
    paths = Paths(state_at_start(whole, rule, counts_as)["state"], *columns)
    place, one_of_each = paths.sorted(np.zeros(len(whole), dtype=np.intp))
    return paths.at(one_of_each), place


def _joined(first: Paths, second: Paths) -> Paths:
    """Return the paths of two tables as those of one, with times that are the same made equal."""
    columns = ("at_start", "path", "state", "start", "stop", "next_state")
    second = replace(second, path=second.path + len(first.at_start))
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in columns}
    times = join_times(np.concatenate([both["start"], both["stop"]]))
    both["start"], both["stop"] = np.split(times, 2)
    return Paths(**both)


def _numbers(*columns: Integers | Floats) -> Integers:
    """Return the place of each row among the different ones, sorted by the columns."""
    place = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        number, different = _sorted_places(column)
        place = _sorted_places(place * different + number)[0]
    return place


def _sorted_places(numbers: Integers | Floats) -> tuple[Rows, int]:
    """Return the place of each number among the different ones in order, and how many these are."""
    # Most numbers are there many times: to find the different ones first is faster than to sort all.
    places, different = pd.factorize(numbers, sort=True)
    return places, len(different)
