"""Numbers of patients by profile: by their values in several facts together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.times import first_of_each
from analysis.counts.code_counts import count_alike
from analysis.counts.groups import WITHOUT_GROUP, Groups, joined_members, membership
from analysis.counts.joining import join_names
from analysis.counts.reasons import LeftOut

Columns = dict[str, NDArray[Any]]  # flags or small integers: by patient, or years by patients

MOST_EMPTY = 8  # possible values per value; with more, sorting is faster than a table of all possible values
YEAR = "_year_"  # between column and year in the names of a table


@dataclass(frozen=True, eq=False)
class Alike:
    """Patients by profile.

    Attributes
    ----------
    code
        For each patient the index of the profile.
    names, arrays
        The columns of the distinct profiles: one value each, or years by profiles. Profiles are sorted by the columns
        without years, then by year.
    size
        The number of profiles.
    """

    code: Rows
    names: tuple[str, ...]
    arrays: tuple[NDArray[Any], ...]
    size: int

    @classmethod
    def of(cls, columns: Columns, patients: int) -> Alike:
        """Return patients by profile, given columns with the patients along the last axis."""
        code, profiles = np.zeros(patients, dtype=np.int64), min(1, patients)
        for layer, size in _layers(columns):
            code, profiles = _sorted_places(code * size + layer, profiles * size)
        one_of_each = np.empty(profiles, dtype=np.intp)
        one_of_each[code] = np.arange(patients)
        return cls(code, tuple(columns), tuple(array[..., one_of_each] for array in columns.values()), profiles)

    def profiles(self, which: Rows) -> Columns:
        """Return the columns of the profiles at these indices."""
        return {name: array[..., which] for name, array in zip(self.names, self.arrays, strict=True)}


@dataclass(frozen=True, eq=False)
class Tally:
    """Numbers of patients by group and profile.

    Attributes
    ----------
    groups
        The groups, with all patients that were asked for.
    member
        For each row the index of the group; after the last one: patients in two groups; -1: without a group.
    columns
        The profile of each row: one value, or years by rows, from year 1 to one after which nothing changes. Rows are
        distinct, and sorted by group and columns.
    patients
        The number of patients in each row.
    """

    groups: Groups
    member: Rows
    columns: Columns
    patients: Integers

    @classmethod
    def alike(cls, whole: Cohort, *choices: Any, **named: Any) -> Alike:
        """Return all patients of a cohort by profile; a subclass says by which, given its choices without `by`."""
        raise NotImplementedError

    @classmethod
    def says_alike(cls) -> bool:
        """Return whether nothing else is counted than what `alike` tells."""
        return "alike" in vars(cls)

    @classmethod
    def counted(cls, cohort: Cohort, by: By | None, alike: Alike) -> Self:
        """Return the numbers for a cohort or selection, given the profiles of the whole cohort."""
        code = alike.code if cohort is cohort.whole else alike.code[cohort.kept]
        who = membership(cohort, by)
        member, profile, patients = count_alike(who.member_of_each(), code, alike.size)
        return cls(who.groups(), member, alike.profiles(profile), patients)

    def __add__(self, other: Self) -> Self:
        """Return the numbers of the patients of both, up to the last year of either.

        Raises
        ------
        ValueError
            If their columns or groupings differ.
        """
        if list(self.columns) != list(other.columns):
            raise ValueError("Patients are put together where the same is said of them.")
        groups = self.groups + other.groups
        _, here, there = join_names(self.groups.names, other.groups.names)
        member = joined_members(len(groups.names), [(here, self.member), (there, other.member)])
        columns = {name: _together(column, other.columns[name]) for name, column in self.columns.items()}
        return self.summed(groups, member, columns, np.concatenate([self.patients, other.patients]))

    @classmethod
    def summed(cls, groups: Groups, member: Rows, columns: Columns, patients: Integers) -> Self:
        """Return a tally of rows that may have equal groups and profiles, which are added up."""
        alike = Alike.of({"member": member, **columns}, len(member))
        member, *arrays = alike.arrays
        sums = np.bincount(alike.code, patients, minlength=len(member)).astype(np.int64)
        return cls(groups, member.astype(np.intp), dict(zip(columns, arrays, strict=True)), sums)

    def to_table(self) -> pd.DataFrame:
        """Return the numbers as one table.

        Returns
        -------
        DataFrame with group (missing without a group, "a and b" for patients in both), patients, and one column per
        fact, or per fact and year. The categories of ``group`` are all possible groups.
        """
        names = [*self.groups.names, *([_both(self.groups.names)] if self.groups.shared else [])]
        group = pd.Categorical.from_codes(self.member, names, ordered=True)
        return pd.DataFrame({"group": group, "patients": self.patients, **flat(self.columns)})

    @classmethod
    def from_table(cls, table: pd.DataFrame, by: By | None = None) -> Self:
        """Return the numbers in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        by
            The grouping.
        """
        names = tuple(str(name) for name in table["group"].cat.categories)
        in_two = len(names) == 3 and names[2] == _both(names[:2])
        names = names[:2] if in_two else names
        member = table["group"].cat.codes.to_numpy().astype(np.intp)
        patients = table["patients"].to_numpy(dtype=np.int64)
        sizes = np.bincount(member[member >= 0], patients[member >= 0], minlength=len(names) + 1).astype(np.int64)
        shared = int(sizes[-1])
        groups = Groups(by, names, sizes[:-1] + shared * in_two, shared)
        return cls(groups, member, unflat(table.drop(columns=["group", "patients"])), patients)

    @property
    def left_out(self) -> LeftOut:
        """The number of patients without a group."""
        without = int(self.patients[self.member == WITHOUT_GROUP].sum())
        return LeftOut((NO_GROUP,), (without,))

    def by_member(self, numbers: NDArray[Any]) -> Integers:
        """Return sums over patients of numbers given by row, along the last axis.

        The sums are of patients without a group, then in each group alone, and last in two groups.
        """
        sums = np.zeros((*numbers.shape[:-1], len(self.groups.names) + 2), dtype=np.int64)
        starts = np.flatnonzero(first_of_each(self.member))
        if len(starts):
            sums[..., self.member[starts] + 1] = np.add.reduceat(numbers * self.patients, starts, axis=-1)
        return sums

    def by_group(self, numbers: NDArray[Any]) -> Integers:
        """Return sums over the patients of each group shown of numbers given by row, along the last axis."""
        sums = self.by_member(numbers)
        groups: Integers = (sums[..., 1:-1] + sums[..., -1:])[..., self.groups.shown]
        return groups

    def distinct(self, flags: Flags) -> int:
        """Return the number of distinct flagged patients in any group, or of patient-years for flags by year."""
        return int(self.by_member(flags)[..., 1:].sum())

    def in_two(self, flags: Flags) -> Integers:
        """Return the number of flagged patients in two groups, by year for flags by year."""
        return self.by_member(flags)[..., -1]


def _sorted_places(numbers: Integers, below: int) -> tuple[Rows, int]:
    """Return the rank of each integer from 0 to `below` among the distinct ones, and how many these are."""
    if below > MOST_EMPTY * len(numbers) + 1000:
        places, different = pd.factorize(numbers, sort=True)
        return places, len(different)
    held = np.zeros(below, dtype=bool)
    held[numbers] = True
    return (np.cumsum(held) - 1)[numbers], int(np.count_nonzero(held))


def _layers(columns: Columns) -> Iterator[tuple[Integers, int]]:
    """Yield integers from 0 by which profiles differ, and their upper bound: one column, or a year of all others."""
    lowest = {name: int(array.min(initial=0)) for name, array in columns.items()}
    sizes = {name: 1 + int(array.max(initial=0)) - lowest[name] for name, array in columns.items()}
    by_year = [name for name, array in columns.items() if array.ndim > 1]
    for name in [name for name in columns if name not in by_year]:
        yield columns[name].astype(np.int64) - lowest[name], sizes[name]
    for year in range(len(columns[by_year[0]]) if by_year else 0):
        layer, below = np.zeros(columns[by_year[0]].shape[1], dtype=np.int64), 1
        for name in by_year:
            layer = layer * sizes[name] + (columns[name][year] - lowest[name])
            below *= sizes[name]
        yield layer, below


def _together(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Return a column of both tables; years after the last one of a table repeat it."""
    if first.ndim == 1:
        return np.concatenate([first, second])
    years = np.arange(max(len(first), len(second)))
    return np.concatenate([part[np.minimum(years, len(part) - 1)] for part in (first, second)], axis=1)


def _both(names: tuple[str, ...]) -> str:
    return " and ".join(names[:2])


def flat(columns: Columns) -> Columns:
    """Return columns with one value a row: a column of years as so many columns."""
    flat: Columns = {}
    for name, array in columns.items():
        if array.ndim == 1:
            flat[name] = array
        else:
            flat |= {f"{name}{YEAR}{year}": of_year for year, of_year in enumerate(array, start=1)}
    return flat


def unflat(table: pd.DataFrame) -> Columns:
    """Return the columns in a table of `flat`."""
    columns: dict[str, Any] = {}
    for name in table:
        column, by_year, _ = str(name).rpartition(YEAR)
        values = table[name].to_numpy()
        if by_year:
            columns.setdefault(column, []).append(values)
        else:
            columns[str(name)] = values
    return {name: np.array(each) for name, each in columns.items()}
