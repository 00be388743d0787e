"""Who is in which group, and the groups of a table of counts: their names in order, and how many are in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.grouping import EVERYBODY, NO_GROUP, By, Cut, Grouping, Pinned, column_groups
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.counts.joining import join_names
from analysis.counts.reasons import Absence


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a table of counts.

    Attributes
    ----------
    by
        What groups the patients; None for one group, "All".
    names
        Every group that there can be, in order, so that parts of the patients have the same ones; the first that is
        shown is the reference.
    members
        Patients of each.
    shared
        Patients in two groups, as those of cohorts `Pinned` may be.
    """

    by: By | None
    names: tuple[str, ...]
    members: Integers
    shared: int = 0

    def __add__(self, other: Groups) -> Groups:
        """Return the groups of these patients and of others.

        Raises
        ------
        ValueError
            If they are not by the same, or by quantiles, which are those of the patients at hand.
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
        """Distinct patients in a group."""
        return int(self.members.sum()) - self.shared

    @cached_property
    def shown_names(self) -> pd.CategoricalDtype:
        """The names of those shown, as the kind of a table's first column."""
        return pd.CategoricalDtype(pd.Index([self.names[place] for place in self.shown], dtype=object), ordered=True)

    @cached_property
    def shown(self) -> Rows:
        """Which groups an estimate shows: those that the question names, of a column or a number those with members."""
        if self.by is None or isinstance(self.by, Grouping | Pinned):
            return np.arange(len(self.names))
        return np.flatnonzero(self.members)

    def only(self, places: Sequence[int] | Rows) -> Groups:
        """Return the groups at these places."""
        names = tuple(self.names[place] for place in places)
        return Groups(self.by, names, self.members[np.asarray(places, dtype=np.intp)], self.shared)

    def column(self, places: Sequence[int] | Rows) -> pd.Categorical:
        """Return the groups at these places as the first column of a table, an ordered categorical of those shown."""
        number = np.full(len(self.names), -1)
        number[self.shown] = np.arange(len(self.shown))
        return pd.Categorical.from_codes(number[np.asarray(places, dtype=np.intp)], dtype=self.shown_names)


@dataclass(frozen=True, eq=False)
class Membership:
    """Who is in which group.

    Attributes
    ----------
    by, names
        As of `Groups`.
    code
        The place among the names of the group of each who is in one; one who is in two groups is there twice.
    rows
        The place of each among the patients.
    without
        The places of those whose group is not recorded.
    asked_for
        How many patients the cohort has.
    """

    by: By | None
    names: tuple[str, ...]
    code: Rows
    rows: Rows
    without: Rows
    asked_for: int

    def groups(self) -> Groups:
        """Return how many are in each group."""
        alone = len(self.names) == 1
        sizes = np.array([len(self.code)]) if alone else np.bincount(self.code, minlength=len(self.names))
        return Groups(self.by, self.names, sizes, self.shared(self.rows))

    def shared(self, rows: Rows) -> int:
        """Return how many patients are twice among the places of some members."""
        if not isinstance(self.by, Pinned):
            return 0
        return int(np.count_nonzero(np.bincount(rows, minlength=1) > 1))

    def one_each(self) -> Rows:
        """Return the place among the names of each patient's group; -1 where it is not recorded.

        Raises
        ------
        ValueError
            If the pinned cohorts share patients.
        """
        if isinstance(self.by, Pinned) and self.shared(self.rows):
            raise ValueError(f"{self.by.first} and {self.by.second} share patients; here a patient has one group.")
        code = np.full(self.asked_for, -1)
        code[self.rows] = self.code
        return code

    @property
    def asked(self) -> Flags:
        """Whether each patient is in a group, or would be if it were recorded; of `Pinned` cohorts others are not."""
        if isinstance(self.by, Pinned):
            return flags_at(self.rows, self.asked_for)
        return np.ones(self.asked_for, dtype=bool)

    def absence(self, *steps: tuple[Rows, str]) -> Absence:
        """Return why each patient who is asked for is in no number.

        Parameters
        ----------
        steps
            From one to the next fewer are left: the places of those who are, and why the others are not.
        """
        return Absence.of(
            self.asked,
            [
                (NO_GROUP, flags_at(self.without, self.asked_for)),
                *((reason, ~flags_at(rows, self.asked_for)) for rows, reason in steps),
            ],
        )


def membership(cohort: Cohort, by: By | None) -> Membership:
    """Return who is in which group.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column of ``cohort.patients``, a `Grouping`, a `Cut`, two cohorts `Pinned`, who may share patients, or None
        for one group called "All".

    Raises
    ------
    ValueError
        If the cohort has no such column, or no numbers to cut in it.
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
def _group(cohort: Cohort, by: str | Grouping | Cut) -> dict[str, pd.Categorical]:
    return {"group": column_groups(cohort, by) if isinstance(by, str) else by.labels(cohort)}


def check_additive(first: By | None, second: By | None) -> None:
    """Raise a ValueError if counts by these are not parts of counts of all."""
    if first != second:
        raise ValueError("Counts add up where they are by the same groups.")
    if isinstance(first, Cut) and first.at_quantiles:
        raise ValueError("A number that is cut at quantiles has other groups in other patients; cut it at numbers.")


def spread(numbers: Integers, places: Rows, size: int, axis: int = 0) -> Integers:
    """Return numbers at their places among so many along an axis, and 0 at the others."""
    shape = [*numbers.shape]
    shape[axis] = size
    among = np.zeros(shape, dtype=numbers.dtype)
    among[(slice(None),) * axis + (places,)] = numbers
    return among


def flags_at(places: Rows, size: int) -> Flags:
    """Return whether each of so many patients is at one of these places."""
    flags = np.zeros(size, dtype=bool)
    flags[places] = True
    return flags
