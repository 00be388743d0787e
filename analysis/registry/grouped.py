"""Numbers of patients of a registry by group, whatever it is that they are grouped by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers, Rows
from analysis.cohort.filter_names import EVERYBODY_ELSE
from analysis.cohort.grouping import EVERYBODY, Against, By, Cut, Grouping, Pinned, column_groups
from analysis.cohort.model import Cohort
from analysis.counts.groups import WITHOUT_GROUP, Groups
from analysis.registry.count import PATIENTS, Count, Engine, StoredColumn, Test
from analysis.registry.patient_columns import PatientColumn, PatientColumns

VALUE = "value"


@dataclass(frozen=True, eq=False)
class Cells:
    """Numbers of patients by group and value of a stored column.

    Attributes
    ----------
    member
        The index of the group; after the last one: patients in two groups; -1: without a group.
    value
        The number or code; NaN for none.
    patients
        The number of patients.
    """

    member: Rows
    value: pd.Series
    patients: Integers


@dataclass(frozen=True, eq=False)
class Asking:
    """The patients of a registry who are asked about.

    Attributes
    ----------
    engine
        Counts them.
    columns
        What they can be filtered and grouped by.
    where
        The tests that they pass.
    """

    engine: Engine
    columns: PatientColumns
    where: tuple[Test, ...] = ()

    def by_group(
        self, by: By | None, of: Sequence[StoredColumn], where: Sequence[Test] = ()
    ) -> tuple[Groups, list[Cells]]:
        """Return the groups of all patients, and the numbers of those who pass some tests by group and value.

        Parameters
        ----------
        by
            The grouping.
        of
            The columns, each counted by itself.
        where
            Further tests.
        """
        names, tables = self._tables(by, of, tuple(where))
        cells = [Cells(each["member"].to_numpy(dtype=np.intp), each[VALUE], _numbers(each)) for each in tables]
        _, (everybody,) = (names, tables[:1]) if of and not where else self._tables(by, (), ())
        sizes = np.bincount(everybody["member"] + 1, _numbers(everybody), minlength=len(names) + 2).astype(np.int64)
        shared = int(sizes[-1]) if isinstance(by, Pinned) else 0
        return Groups(by, names, sizes[1 : len(names) + 1] + shared, shared), cells

    def _tables(
        self, by: By | None, of: Sequence[StoredColumn], where: tuple[Test, ...]
    ) -> tuple[tuple[str, ...], list[pd.DataFrame]]:
        """Return the names of the groups, and for each column member, value, patients."""
        if isinstance(by, Against):
            kept, everybody = self._counts(of, (*where, *self.columns.tests(by.filters))), self._counts(of, where)
            pairs = zip(everybody, kept, strict=True)
            return (EVERYBODY_ELSE, by.name), [_in_groups([_less(every, held), held]) for every, held in pairs]
        if isinstance(by, Pinned):
            first, second = self.columns.tests(by.of_first), self.columns.tests(by.of_second)
            three = [self._counts(of, (*where, *tests)) for tests in (first, second, (*first, *second))]
            return (by.first, by.second), [
                _in_groups([one, _less(two, both)] if by.rest else [_less(one, both), _less(two, both), both])
                for one, two, both in zip(*three, strict=True)
            ]
        if by is None:
            return (EVERYBODY,), [_in_groups([table]) for table in self._counts(of, where)]
        key = self.columns.column(by if isinstance(by, str) else by.column if isinstance(by, Cut) else "organs")
        found = self._counts(of, where, (key.stored,))
        names, codes, values = self._groups(by, key)
        member = pd.Series(codes, index=values)
        return names, [
            table.assign(member=table["key 0"].map(member).fillna(WITHOUT_GROUP).astype(np.intp)).drop(columns="key 0")
            for table in found
        ]

    def points(self, by: Cut) -> list[float]:
        """Return the cut points for these patients; none if none of them has a number."""
        (found,) = self.engine.count(Count((), self.where, (self.columns.column(by.column).stored,)))
        held = found.dropna()
        return by.points(held[VALUE].repeat(held[PATIENTS]))

    def _groups(self, by: str | Grouping | Cut, key: PatientColumn) -> tuple[tuple[str, ...], Rows, pd.Index]:
        """Return the names of the groups, and the group of each stored number or code of the column."""
        if isinstance(by, Cut) and by.at_quantiles:
            points = self.points(by)
            if not points:
                group = by.labels(_tiny(by.column, pd.Series(dtype=float)))
                return tuple(group.categories), group.codes.astype(np.intp), pd.Index([], dtype=float)
            by = Cut(by.column, points)
        if key.values is not None:
            values: pd.Series = key.values
            stored = pd.Index(np.arange(len(values), dtype=float))
        else:
            held = self.engine.count(Count((key.stored,)))[0].dropna()
            values, stored = key.as_held(held["key 0"]), pd.Index(held["key 0"].to_numpy())
        if isinstance(by, Cut):
            group = by.labels(_tiny(by.column, values.reset_index(drop=True)))
            return tuple(group.categories), group.codes.astype(np.intp), stored
        tiny = _tiny("organs" if isinstance(by, Grouping) else by, values.reset_index(drop=True))
        group = by.labels(tiny) if isinstance(by, Grouping) else column_groups(tiny, by)
        return tuple(group.categories), group.codes.astype(np.intp), stored

    def _counts(
        self, of: Sequence[StoredColumn], where: tuple[Test, ...], keys: tuple[StoredColumn, ...] = ()
    ) -> list[pd.DataFrame]:
        tests = (*self.where, *where)
        if of:
            others = tuple(column for column in of if column not in keys)
            found = dict(zip(others, self.engine.count(Count(keys, tests, others)), strict=True)) if others else {}
            return [found[column] if column in found else self._of_key(keys, column, tests) for column in of]
        # Everybody has a follow-up that ended in death or not: a column by which nobody is missed.
        (found,) = self.engine.count(Count(keys or (self.columns.column("died").stored,), tests))
        names = [f"key {place}" for place in range(len(keys))]
        found = found.assign(value=np.nan)
        return [found.groupby([*names, VALUE], dropna=False)[PATIENTS].sum().reset_index()]

    def _of_key(self, keys: tuple[StoredColumn, ...], column: StoredColumn, tests: tuple[Test, ...]) -> pd.DataFrame:
        """Return the counts by keys, of which a column is one, as if it were counted beside them."""
        (found,) = self.engine.count(Count(keys, tests))
        return found.assign(value=found[f"key {keys.index(column)}"])


def _tiny(name: str, values: pd.Series) -> Cohort:
    """Return a cohort with a patient for each value of a column, of whom nothing else is known."""
    nothing = pd.DataFrame()
    patients = pd.DataFrame({name: values})
    return Cohort("", patients, nothing, nothing, nothing, nothing, 0, "")


def _numbers(table: pd.DataFrame) -> Integers:
    return table[PATIENTS].to_numpy(dtype=np.int64)


def _in_groups(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables below each other, each as a member."""
    return pd.concat([table.assign(member=place) for place, table in enumerate(tables)], ignore_index=True)


def _less(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of patients in a table without those in another."""
    both = pd.concat([table, other.assign(**{PATIENTS: -other[PATIENTS]})])
    left = both.groupby(VALUE, dropna=False)[PATIENTS].sum().reset_index()
    return left[left[PATIENTS] > 0]
