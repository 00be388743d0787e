"""Group membership of patients, and the groups of a table of counts with their sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.grouping import EVERYBODY, NO_GROUP, Against, By, Cut, Grouping, Pinned, column_groups
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.counts.joining import join_names
from analysis.counts.reasons import Absence

NOT_ASKED, WITHOUT_GROUP = -2, -1  # codes of patients without a group
IN_A_GROUP, IN_TWO, IN_NONE = "in a group", "in two groups", "in no group"  # values of ``counted`` in tables


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a table of counts.

    Attributes
    ----------
    by
        The grouping; None for one group, "All".
    names
        All possible groups, in order, so that they are the same for any part of the patients. The first one shown is
        the reference.
    members
        The number of patients in each.
    shared
        The number of patients in two groups, possible with `Pinned` cohorts.
    """

    by: By | None
    names: tuple[str, ...]
    members: Integers
    shared: int = 0

    def __add__(self, other: Groups) -> Groups:
        """Return the groups of the patients of both.

        Raises
        ------
        ValueError
            If their groupings differ, or cut at quantiles, which depend on the patients.
        """
        check_additive(self.by, other.by)
        names, here, there = join_names(self.names, other.names)
        return Groups(
            self.by,
            names,
            spread(self.members, here, len(names)) + spread(other.members, there, len(names)),
            self.shared + other.shared,
        )

    @property
    def patients(self) -> int:
        """The number of distinct patients in any group."""
        return int(self.members.sum()) - self.shared

    @cached_property
    def shown_names(self) -> pd.CategoricalDtype:
        """The names of the groups shown, as the dtype of the column ``group``."""
        return pd.CategoricalDtype(pd.Index([self.names[place] for place in self.shown], dtype=object), ordered=True)

    @cached_property
    def shown(self) -> Rows:
        """Indices of the groups shown: all that a `Grouping`, `Against` or `Pinned` names, else those with members."""
        if self.by is None or isinstance(self.by, Grouping | Against | Pinned):
            return np.arange(len(self.names))
        return np.flatnonzero(self.members)

    def only(self, places: Sequence[int] | Rows) -> Groups:
        """Return the groups at these indices."""
        names = tuple(self.names[place] for place in places)
        return Groups(self.by, names, self.members[np.asarray(places, dtype=np.intp)], self.shared)

    def column(self, places: Sequence[int] | Rows) -> pd.Categorical:
        """Return the groups at these indices as the column ``group``, an ordered categorical of the groups shown."""
        number = np.full(len(self.names), -1)
        number[self.shown] = np.arange(len(self.shown))
        return pd.Categorical.from_codes(number[np.asarray(places, dtype=np.intp)], dtype=self.shown_names)


@dataclass(frozen=True, eq=False)
class Membership:
    """The members of each group; a patient in two groups is a member twice.

    Attributes
    ----------
    by, names
        As in `Groups`.
    code
        For each member the index of the group.
    rows
        For each member the position in ``cohort.patients``.
    without
        Positions of the patients whose group is missing.
    asked_for
        The number of patients in the cohort.
    """

    by: By | None
    names: tuple[str, ...]
    code: Rows
    rows: Rows
    without: Rows
    asked_for: int

    def groups(self) -> Groups:
        """Return the groups with their sizes."""
        alone = len(self.names) == 1
        sizes = np.array([len(self.code)]) if alone else np.bincount(self.code, minlength=len(self.names))
        return Groups(self.by, self.names, sizes, self.shared(self.rows))

    def shared(self, rows: Rows) -> int:
        """Return how many patients are twice among the positions of some members."""
        if not isinstance(self.by, Pinned):
            return 0
        return int(np.count_nonzero(np.bincount(rows, minlength=1) > 1))

    def one_each(self) -> Rows:
        """Return the index of each patient's only group; -1 if missing.

        Raises
        ------
        ValueError
            If pinned cohorts overlap.
        """
        if isinstance(self.by, Pinned) and self.shared(self.rows):
            raise ValueError(f"{self.by.first} and {self.by.second} share patients; here a patient has one group.")
        code = np.full(self.asked_for, -1)
        code[self.rows] = self.code
        return code

    def members_and_shared(self) -> tuple[Rows, Rows]:
        """Return group and position of each member, with those in two groups once more in an extra group at the end."""
        if not isinstance(self.by, Pinned):
            return self.code, self.rows
        both = self._in_two
        return np.append(self.code, np.full(len(both), len(self.names))), np.append(self.rows, both)

    def member_of_each(self) -> Rows:
        """Return the group of each patient: after the last for those in two, -1 without one, -2 if not asked for."""
        member = np.full(self.asked_for, NOT_ASKED)
        member[self.without] = WITHOUT_GROUP
        member[self.rows] = self.code
        if isinstance(self.by, Pinned):
            member[self._in_two] = len(self.names)
        return member

    @property
    def _in_two(self) -> Rows:
        return np.flatnonzero(np.bincount(self.rows, minlength=1) > 1)

    @property
    def asked(self) -> Flags:
        """Whether each patient is asked for: everybody, or with `Pinned` cohorts their members."""
        if isinstance(self.by, Pinned):
            return flags_at(self.rows, self.asked_for)
        return np.ones(self.asked_for, dtype=bool)

    def absence(self, *steps: tuple[Rows, str]) -> Absence:
        """Return why patients that are asked for are left out.

        Parameters
        ----------
        steps
            Successive exclusions: the positions of the patients that remain, and the reason for the others.
        """
        return Absence.of(
            self.asked,
            [
                (NO_GROUP, flags_at(self.without, self.asked_for)),
                *((reason, ~flags_at(rows, self.asked_for)) for rows, reason in steps),
            ],
        )


def membership(cohort: Cohort, by: By | None) -> Membership:
    """Return the members of each group.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column of ``cohort.patients``, a `Grouping`, a `Cut`, two cohorts `Pinned`, which may overlap, or None for one
        group, "All".

    Raises
    ------
    ValueError
        If the cohort has no such column, or it has no numbers to cut.
    """
    return _membership(cohort, by)


@cached
def _membership(cohort: Cohort, by: By | None) -> Membership:
    everybody = np.arange(len(cohort))
    if by is None:
        return Membership(
            None, (EVERYBODY,), np.zeros(len(cohort), dtype=np.intp), everybody, everybody[:0], len(cohort)
        )
    if isinstance(by, Pinned):
        group, rows = by.members(cohort)
        return Membership(by, tuple(group.categories), group.codes.astype(np.intp), rows, rows[:0], len(cohort))
    group = by.labels(cohort) if isinstance(by, Cut) and by.at_quantiles else _group(cohort, by)["group"]
    code, names = group.codes.astype(np.intp), tuple(group.categories)
    known = code >= 0
    if known.all():
        return Membership(by, names, code, everybody, everybody[:0], len(cohort))
    return Membership(by, names, code[known], everybody[known], everybody[~known], len(cohort))


@per_patient
def _group(cohort: Cohort, by: str | Grouping | Against | Cut) -> dict[str, pd.Categorical]:
    return {"group": column_groups(cohort, by) if isinstance(by, str) else by.labels(cohort)}


def regrouped(counts: Any, change: Callable[[Groups], Groups]) -> Any:
    """Return a table of counts with other groups in place of each `Groups` in it."""
    if isinstance(counts, Groups):
        return change(counts)
    if isinstance(counts, Mapping):
        return {name: regrouped(each, change) for name, each in counts.items()}
    if is_dataclass(counts) and not isinstance(counts, type):
        held = {each.name: getattr(counts, each.name) for each in fields(counts) if each.init}
        changed = {name: regrouped(each, change) for name, each in held.items()}
        return replace(counts, **{name: each for name, each in changed.items() if each is not held[name]})
    return counts


def check_additive(first: By | None, second: By | None) -> None:
    """Raise a ValueError if counts by these groupings cannot be added."""
    if first != second:
        raise ValueError("Counts add up where they are by the same groups.")
    if isinstance(first, Cut) and first.at_quantiles:
        raise ValueError("A number that is cut at quantiles has other groups in other patients; cut it at numbers.")


def joined_members(size: int, parts: Iterable[tuple[Rows, Rows]]) -> Rows:
    """Return the members of several tables as those of one, given where the groups of each are among so many."""
    return np.concatenate([np.append(places, [size, WITHOUT_GROUP])[member] for places, member in parts])


def spread(numbers: Integers, places: Rows, size: int, axis: int = 0) -> Integers:
    """Return an array of some size along an axis with these numbers at these indices, and 0 elsewhere."""
    shape = [*numbers.shape]
    shape[axis] = size
    among = np.zeros(shape, dtype=numbers.dtype)
    among[(slice(None),) * axis + (places,)] = numbers
    return among


def flags_at(places: Rows, size: int) -> Flags:
    """Return flags that are true at these positions."""
    flags = np.zeros(size, dtype=bool)
    flags[places] = True
    return flags
