"""Columns of patients by an engine: what filters offer, how many pass them, and the baseline characteristics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Rows
from analysis.cohort.filters import Filters
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import BASELINE
from analysis.counts.baseline_counts import BaselineCounts, ColumnCounts
from analysis.counts.filter_steps import FilterSteps
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.options import OptionCounts, RangeCounts
from analysis.counts.recorded_counts import RecordedCounts
from analysis.facts.coded_columns import Kind, baseline_columns
from analysis.facts.range_bins import BINS, Edges
from analysis.facts.recorded_events import has_relapses
from analysis.facts.recorded_values import recorded_values
from analysis.registry.coded import Coded, Made
from analysis.registry.count import Within
from analysis.registry.grouped import Cells
from analysis.registry.patient_columns import PatientColumn
from analysis.registry.registered import CODE, Registered, in_both, profiles_of

FLAGS = ("months", "remission", "sledai", "baseline")


def options(of: Registered, filters: Filters, column: str) -> OptionCounts:
    """Return `OptionCounts`."""
    key, others = of.asking.columns.column(column), filters.without(column)
    if key.values is None:
        of_all, passing = (_numbers(of, column, each) for each in (Filters(), others))
        number = passing.reindex(of_all.index, fill_value=0).to_numpy()
        options = pd.Index(key.as_held(of_all.index.to_series()))
        return OptionCounts(options, np.stack([of_all.to_numpy() - number, number]))
    values = key.values
    of_all, passing = (
        _numbers(of, column, each).reindex(range(len(values)), fill_value=0) for each in (Filters(), others)
    )
    patients = np.stack([of_all - passing, passing])
    held = values.cat.categories
    if any(isinstance(value, frozenset) for value in held):
        options = sorted(set().union(*held))
        sets = np.array([[option in each for option in options] for each in held], dtype=np.int64)
        return OptionCounts(pd.Index(options, dtype=object), patients @ sets)
    return OptionCounts(pd.CategoricalIndex(held, dtype=values.dtype), patients)


def ranges(of: Registered, filters: Filters, column: str, edges: Edges | None) -> RangeCounts | None:
    """Return `RangeCounts`; None of a column that holds no numbers."""
    if of.asking.columns.column(column).values is not None:
        return None
    of_all, passing = (_numbers(of, column, each) for each in (Filters(), filters.without(column)))
    edges = edges or tuple(np.histogram_bin_edges(of_all.index.to_numpy(), BINS).tolist())
    bins = [
        np.histogram(each.index.to_numpy(), edges, weights=each.to_numpy())[0].astype(np.int64)
        for each in (of_all, passing)
    ]
    return RangeCounts(edges, np.stack([bins[0] - bins[1], bins[1]]))


def steps(of: Registered, filters: Filters) -> FilterSteps:
    """Return `FilterSteps`."""
    left, so_far = [of.number(Filters())], Filters()
    for name, condition in filters.conditions.items():
        so_far = so_far.having(name, condition)
        left.append(of.number(so_far))
    return FilterSteps(tuple(filters.words()), -np.diff(left), left[-1])


def recorded(of: Registered) -> RecordedCounts:
    """Return `RecordedCounts`."""

    def make(part: Cohort) -> Made:
        return {CODE: Coded.of({name: recorded_values(part)[name] for name in FLAGS})}

    derived = of.derived("what is recorded", ["recorded"], make)
    groups, (cells,) = of.asking.by_group(None, (derived.column(CODE),))
    held = profiles_of(derived.meaning(CODE), cells)
    visits, remission, sledai, start = (int(cells.patients[held[name].to_numpy(dtype=bool)].sum()) for name in FLAGS)
    known, everybody = has_relapses(of.folder.parts[0]), groups.patients
    return RecordedCounts(everybody, visits, remission, sledai, start, everybody * known, visits * known)


def baseline_characteristics(of: Registered, by: By | None) -> BaselineCounts | None:
    """Return `BaselineCounts`; None if a column of the patients is named like the baseline of a measure."""
    asking, columns = of.asking, baseline_columns(of.folder.parts[0])
    names = [f"{BASELINE}{name}" if kind == "measured" else name for name, kind in columns]
    if len(set(names)) < len(names):  # a column of the patients is named like the baseline of a measure
        return None
    keys = [asking.columns.column(name) for name in names]
    stored = [key.stored for key in keys]
    groups, tables = asking.by_group(by, stored)
    _, of_all = replace(asking, where=()).by_group(None, stored)
    size = len(groups.names)
    counted = [
        _column_counts(name, kind, key, _values_held(key, kind, every), cells, size)
        for (name, kind), key, every, cells in zip(columns, keys, of_all, tables, strict=True)
    ]
    everybody = tables[0]
    without = int(everybody.patients[everybody.member == WITHOUT_GROUP].sum())
    return BaselineCounts(groups, without, tuple(counted))


def values_found(of: Registered, name: str) -> pd.Series:
    """Return the distinct values of a column, and a missing one if any patient has none."""
    key = of.asking.columns.column(name)
    _, (cells,) = of.asking.by_group(None, (key.stored,))
    held = np.sort(cells.value.dropna().to_numpy(dtype=float))
    missing = [None] if cells.value.isna().any() else []
    if key.values is None:
        return key.as_held(pd.Series([*held, *missing], dtype=float))
    codes = [*held.astype(np.intp), *(-1 for _ in missing)]
    return pd.Series(pd.Categorical.from_codes(codes, dtype=key.values.dtype))


def without_value(of: Registered, names: Sequence[str]) -> int:
    """Return the number of patients with a missing value in at least one of these columns."""
    known = tuple(Within(of.asking.columns.column(name).stored, -np.inf, np.inf) for name in names)
    groups, (cells,) = of.asking.by_group(None, (of.asking.columns.column("died").stored,), known)
    return groups.patients - int(cells.patients.sum())


def _numbers(of: Registered, column: str, filters: Filters) -> pd.Series:
    """Return the number of patients who pass filters by stored number or code of a column, sorted."""
    columns = of.asking.columns
    _, (cells,) = of.asking.by_group(None, (columns.column(column).stored,), columns.tests(filters))
    known = cells.value.notna().to_numpy()
    return pd.Series(cells.patients[known], index=cells.value[known].to_numpy(dtype=float))


def _values_held(key: PatientColumn, kind: Kind, of_all: Cells) -> tuple[NDArray[Any], Rows]:
    """Return the distinct values of a column, sorted, and the place among them of each stored code."""
    if key.values is None:
        return np.sort(of_all.value.dropna().to_numpy(dtype=float)), np.empty(0, dtype=np.intp)
    held = key.values.cat.categories
    order = sorted(range(len(held)), key=lambda place: sorted(held[place])) if kind == "sets" else range(len(held))
    values = np.empty(len(held), dtype=object)
    values[:] = [held[place] if kind == "sets" else str(held[place]) for place in order]
    place = np.empty(len(held), dtype=np.intp)
    place[list(order)] = np.arange(len(held))
    return values, place


def _column_counts(
    name: str, kind: Kind, key: PatientColumn, held: tuple[NDArray[Any], Rows], cells: Cells, size: int
) -> ColumnCounts:
    values, place = held
    known = cells.value.notna().to_numpy()
    numbers = np.nan_to_num(cells.value.to_numpy(dtype=float))
    code = np.searchsorted(values, numbers) if key.values is None else place[numbers.astype(np.intp)]
    code = np.where(known, code, len(values))
    found = np.zeros((size + 2, len(values) + 1), dtype=np.int64)
    for member, at, patients in in_both(cells.member, code, cells.patients, size):
        np.add.at(found, (member, at), patients)
    for member, own in ((size, cells.member == size), (size + 1, cells.member == WITHOUT_GROUP)):
        np.add.at(found[member], code[own], cells.patients[own])
    member, at = np.nonzero(found[:, :-1])
    return ColumnCounts(name, kind, values, member, at, found[member, at], found[:, -1])
