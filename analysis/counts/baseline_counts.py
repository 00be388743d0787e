"""Baseline characteristics: numbers of patients by group and value of each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import added_cells, count_pairs
from analysis.counts.distribution import Distribution
from analysis.counts.groups import IN_A_GROUP, IN_NONE, IN_TWO, Groups, Membership, membership, spread
from analysis.counts.joining import join_names
from analysis.facts.coded_columns import CodedColumn, Kind, baseline_columns, coded_column, place_in_table

WORDED = ("words", "sets")


@dataclass(frozen=True, eq=False)
class ColumnCounts:
    """Numbers of patients by value of a column.

    Attributes
    ----------
    name, kind
        The column, and whether it holds words, sets of words, flags, numbers, or baseline values of a visit measure.
    values
        The distinct values in the whole cohort, sorted; no patient here need have them.
    member, code, patients
        For each row the index of the group, the index of the value, and the number of patients. After the last group
        come two more members: patients in two groups, and in none. Sorted by member and code; pairs are distinct.
    missing
        For each member the number of patients without a value.
    """

    name: str
    kind: Kind
    values: NDArray[Any]
    member: Rows
    code: Rows
    patients: Integers
    missing: Integers

    def of_group(self, place: int) -> Distribution:
        """Return the distribution of the values in a group; for words and sets that of their codes."""
        start, end = np.searchsorted(self.member, [place, place + 1])
        return self._distribution(self.code[start:end], self.patients[start:end])

    def of_groups(self, places: Sequence[int]) -> Distribution:
        """Return the distribution in several groups together, as `of_group` in one."""
        inside = np.isin(self.member, places)
        patients = np.bincount(self.code[inside], self.patients[inside], minlength=len(self.values)).astype(np.int64)
        code = np.flatnonzero(patients)
        return self._distribution(code, patients[code])

    def _distribution(self, code: Rows, patients: Integers) -> Distribution:
        values: NDArray[Any] = code if self.kind in WORDED else self.values[code]
        return Distribution(values, patients)

    @cached_property
    def held(self) -> NDArray[Any]:
        """The values that some patient has, sorted."""
        anybody = np.zeros(len(self.values), dtype=bool)
        anybody[self.code] = True
        found: NDArray[Any] = self.values[anybody]
        return found

    @property
    def key(self) -> tuple[str, bool]:
        """The name of the column, and whether it is a visit column."""
        return self.name, self.kind == "measured"

    @property
    def sizes(self) -> Integers:
        """The number of patients of each member."""
        return self.missing + np.bincount(self.member, self.patients, minlength=len(self.missing)).astype(np.int64)

    def of_nobody(self, sizes: Integers) -> ColumnCounts:
        """Return the counts of patients (numbers by member) who all have no value."""
        nobody = np.empty(0, dtype=np.intp)
        return ColumnCounts(self.name, self.kind, self.values[:0], nobody, nobody, nobody, sizes)

    def joined(self, other: ColumnCounts, size: int, here: Rows, there: Rows) -> ColumnCounts:
        """Return the counts of the patients of both.

        Parameters
        ----------
        other
            The counts of the same column of other patients.
        size, here, there
            The number of members of both, and the indices among them of the members of either.

        Raises
        ------
        ValueError
            If both have values, but of different kinds.
        """
        if self.kind != other.kind and len(self.code) and len(other.code):
            raise ValueError(f"The column {self.name!r} holds {self.kind} here and {other.kind} there.")
        kind = self.kind if len(self.code) else other.kind
        held = [each.values if each.kind == kind else each.values[:0] for each in (self, other)]
        values, first, second = _joined_values(held[0], held[1], kind)
        (member, code), patients = added_cells(
            (here[self.member], first[self.code]),
            (there[other.member], second[other.code]),
            self.patients,
            other.patients,
        )
        missing = spread(self.missing, here, size) + spread(other.missing, there, size)
        return ColumnCounts(self.name, kind, values, member, code, patients, missing)


@dataclass(frozen=True, eq=False)
class BaselineCounts:
    """Baseline characteristics by group.

    Attributes
    ----------
    groups
        The groups.
    without_group
        Number of patients without a group.
    columns
        The counts of each column, in the order of a baseline table.
    """

    groups: Groups
    without_group: int
    columns: tuple[ColumnCounts, ...]

    @classmethod
    @additive
    def of(cls, cohort: Cohort, by: By | None) -> BaselineCounts:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the patients have no such grouping column.
        """
        return _baseline_counts(cohort, by)

    def __add__(self, other: BaselineCounts) -> BaselineCounts:
        """Return the counts of the patients of both.

        A column that only one of them has is missing for all patients of the other.

        Raises
        ------
        ValueError
            If their groupings differ, or a column has different kinds of values.
        """
        names, *places = join_names(self.groups.names, other.groups.names)
        here, there = (np.append(place, [len(names), len(names) + 1]) for place in places)
        first, second = ({each.key: each for each in counts.columns} for counts in (self, other))
        columns = [
            (first.get(key) or second[key].of_nobody(self.sizes)).joined(
                second.get(key) or first[key].of_nobody(other.sizes), len(names) + 2, here, there
            )
            for key in dict.fromkeys([*first, *second])
        ]
        groups, without = self.groups + other.groups, self.without_group + other.without_group
        return BaselineCounts(groups, without, tuple(sorted(columns, key=lambda each: place_in_table(*each.key))))

    @property
    def sizes(self) -> Integers:
        """The number of patients in each group, in two groups, and in none."""
        if not self.columns:
            return np.array([*self.groups.members, self.groups.shared, self.without_group])
        return self.columns[0].sizes

    def to_table(self) -> pd.DataFrame:
        """Return column, kind, counted, group, place, value, patients.

        `counted` is "in a group", "in two groups" or "in no group"; the last two have no group. `place` is the index of
        the value among those of the column; every value has a row, even if no patient has it, and missing values have
        place -1. The words of a set are sorted and joined by semicolons. The first rows, with column "", hold the
        numbers of patients in each group, in two and in none.
        """
        sizes = [*self.groups.members.tolist(), self.groups.shared, self.without_group]
        rows: list[tuple[object, ...]] = [
            ("", "", *self._who(place), -1, None, size) for place, size in enumerate(sizes)
        ]
        for each in self.columns:
            start, values = (each.name, each.kind), [_as_written(value, each.kind) for value in each.values]
            rows += [
                (*start, *self._who(member), code, values[code], number)
                for member, code, number in zip(each.member, each.code, each.patients.tolist(), strict=True)
            ]
            rows += [
                (*start, IN_NONE, None, code, values[code], 0)
                for code in np.setdiff1d(np.arange(len(values)), each.code)
            ]
            rows += [
                (*start, *self._who(place), -1, None, number) for place, number in enumerate(each.missing.tolist())
            ]
        return pd.DataFrame(rows, columns=["column", "kind", "counted", "group", "place", "value", "patients"])

    @classmethod
    def from_table(cls, table: pd.DataFrame, *, by: By | None) -> BaselineCounts:
        """Return the counts in a table of `to_table`; `by` is the grouping."""
        sizes = table[table["column"] == ""]
        names = tuple(sizes.loc[sizes["counted"] == IN_A_GROUP, "group"])
        members = sizes["patients"].to_numpy(dtype=np.int64)
        groups = Groups(by, names, members[: len(names)], int(members[len(names)]))
        place = {name: number for number, name in enumerate(names)}
        others = {IN_TWO: len(names), IN_NONE: len(names) + 1}
        member = table["group"].map(place).fillna(table["counted"].map(others)).to_numpy(dtype=np.intp)
        told = table.assign(member=member)[table["column"] != ""]
        columns = [_column(name, kind, rows) for (name, kind), rows in told.groupby(["column", "kind"], sort=False)]
        return cls(groups, int(members[len(names) + 1]), tuple(columns))

    def _who(self, place: int) -> tuple[str, str | None]:
        names = self.groups.names
        return (IN_A_GROUP, names[place]) if place < len(names) else ((IN_TWO, IN_NONE)[place - len(names)], None)


@cached
def _baseline_counts(cohort: Cohort, by: By | None) -> BaselineCounts:
    who = membership(cohort, by)
    member, rows = who.members_and_shared()
    others = np.flatnonzero(np.bincount(rows, minlength=len(cohort)) == 0)
    if len(others):
        member = np.append(member, np.full(len(others), len(who.names) + 1))
        rows = np.append(rows, others)
    columns = [coded_column(cohort, *column) for column in baseline_columns(cohort)]
    return BaselineCounts(who.groups(), len(who.without), tuple(_counted(each, who, member, rows) for each in columns))


def _counted(column: CodedColumn, who: Membership, member: Rows, rows: Rows) -> ColumnCounts:
    size, levels = len(who.names) + 2, len(column.values)
    code = column.code if who.by is None else column.code[rows]
    cells = count_pairs(member, np.where(code < 0, levels, code), size, levels + 1)
    known = cells.code < levels
    missing = np.zeros(size, dtype=np.int64)
    missing[cells.group[~known]] = cells.patients[~known]
    held = (cells.group[known], cells.code[known], cells.patients[known])
    return ColumnCounts(column.name, column.kind, column.values, *held, missing)


def _column(name: str, kind: Kind, rows: pd.DataFrame) -> ColumnCounts:
    valued, counted = rows[rows["place"] >= 0], rows[rows["patients"] > 0]
    values = valued.drop_duplicates("place").sort_values("place")["value"]
    known = counted[counted["place"] >= 0]
    missing = rows.loc[rows["place"] < 0, "patients"].to_numpy(dtype=np.int64)
    member, code, patients = (known[each].to_numpy(dtype=np.int64) for each in ("member", "place", "patients"))
    distinct = _values([_read(value, kind) for value in values], kind)
    return ColumnCounts(name, kind, distinct, member, code, patients, missing)


def _joined_values(first: NDArray[Any], second: NDArray[Any], kind: Kind) -> tuple[NDArray[Any], Rows, Rows]:
    """Return the distinct values of both, sorted, and the indices among them of those of the first and the second.

    Words keep their order in both.
    """
    if kind == "words":
        names, here, there = join_names(first.tolist(), second.tolist())
        return _values(names, kind), here, there
    every = sorted({*first.tolist(), *second.tolist()}, key=sorted if kind == "sets" else float)
    place = {value: number for number, value in enumerate(every)}
    here, there = (np.array([place[value] for value in each.tolist()], dtype=np.intp) for each in (first, second))
    return _values(every, kind), here, there


def _as_written(value: Any, kind: Kind) -> str | float:
    """Return a value as written in a table."""
    return ";".join(sorted(value)) if kind == "sets" else value


def _read(value: Any, kind: Kind) -> Any:
    """Return a value as read from a table."""
    return frozenset(filter(None, value.split(";"))) if kind == "sets" else value


def _values(distinct: Sequence[Any], kind: Kind) -> NDArray[Any]:
    """Return distinct values as an array."""
    values = np.empty(len(distinct), dtype=object if kind in WORDED else float)
    values[:] = distinct
    return values
