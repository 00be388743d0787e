"""Columns that patients are filtered and grouped by, as stored numbers and codes, and filters as tests of these."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.baseline import baseline
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.conditions import Between, Condition, OneOf
from analysis.cohort.filter_columns import filter_column
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.cohort.vocabulary import BASELINE
from analysis.registry.coded import Coded, Made
from analysis.registry.column_kinds import CATEGORY, FLAG, NUMBER, WHOLE, ColumnKind, Kinds
from analysis.registry.count import Among, StoredColumn, Test, Within
from analysis.registry.derived import Derived, DerivedTables

PATIENTS_WORDS = "Preparing the columns of the patients"
BASELINE_WORDS = "Preparing the values at transplantation"
OF_NUMBERS = ColumnKind(NUMBER)
SET, NUMBERS = "set", (NUMBER, WHOLE, FLAG)


@dataclass(frozen=True, eq=False)
class PatientColumn:
    """A column that patients are filtered or grouped by.

    Attributes
    ----------
    stored
        Where its numbers or codes are.
    values
        What each code means, as a column of patients would hold it; None if it holds numbers.
    kind
        What the column of patients holds.
    """

    stored: StoredColumn
    values: pd.Series | None
    kind: ColumnKind = OF_NUMBERS

    def as_held(self, numbers: pd.Series) -> pd.Series:
        """Return stored numbers as a column of patients holds them."""
        return self.kind.cast(numbers.astype(bool) if self.kind.kind == FLAG else numbers)

    def test(self, condition: Condition) -> Test:
        """Return a condition as a test of the stored numbers.

        Raises
        ------
        RowsElsewhereError
            If it chooses patients one by one.
        """
        if isinstance(condition, ChosenPatients):
            raise RowsElsewhereError("The patients of a registry cannot be chosen one by one.")
        missing = condition.keep_missing
        if self.values is not None:
            passing = np.flatnonzero(condition.passes(self.values).to_numpy())
            return Among(self.stored, tuple(map(float, passing)), missing)
        if isinstance(condition, Between):
            return Within(self.stored, condition.low, condition.high, missing)
        held = condition.values if isinstance(condition, OneOf) else ()
        return Among(self.stored, tuple(float(value) for value in held if isinstance(value, Real | np.bool_)), missing)


class PatientColumns:
    """The columns of a registry that patients are filtered and grouped by.

    Parameters
    ----------
    tables
        The derived tables of the registry.
    kinds
        The columns of the table of patients.
    measures
        The numeric columns of the visits.
    """

    def __init__(self, tables: DerivedTables, kinds: Kinds, measures: Collection[str]) -> None:
        self._tables = tables
        self._kinds = kinds
        self._measures = tuple(measures)

    def column(self, name: str) -> PatientColumn:
        """Return a column of patients, the baseline of a measure, or a drug at transplantation; see `filter_column`."""
        if name in self._kinds:
            table = self._tables.table(PATIENTS_WORDS, "", self._of_part)
            return PatientColumn(table.column(name), self._values(table, name), self._kinds[name])
        if name.removeprefix(BASELINE) in self._measures and name.startswith(BASELINE):
            table = self._tables.table(BASELINE_WORDS, "", self._at_start)
            return PatientColumn(table.column(name), None)
        words = f"Preparing {name.replace('_', ' ')}"
        table = self._tables.table(words, name, lambda part: {name: _of_column(filter_column(part, name))})
        return PatientColumn(table.column(name), self._values(table, name))

    def tests(self, filters: Filters) -> tuple[Test, ...]:
        """Return filters as tests of stored numbers."""
        return tuple(self.column(name).test(condition) for name, condition in filters.conditions.items())

    def _at_start(self, part: Cohort) -> Made:
        return {f"{BASELINE}{name}": _of_column(baseline(part, name)) for name in self._measures}

    def _of_part(self, part: Cohort) -> Made:
        made: dict[str, Any] = {}
        for name, kind in self._kinds.items():
            if name == "patient_id":
                continue
            column = filter_column(part, name)
            if kind.kind == CATEGORY:
                levels = pd.DataFrame({"value": list(kind.categories)})
                made[name] = Coded(column.cat.codes.to_numpy().astype(np.int64), levels)
            elif kind.kind in NUMBERS:
                made[name] = column.to_numpy(dtype=float, na_value=np.nan)
            else:
                made[name] = _of_column(column)
        return made

    def _values(self, table: Derived, name: str) -> pd.Series | None:
        profiles = table.profiles[name]
        if profiles is None:
            return None
        if SET in profiles:
            held = [None if text is None else frozenset(json.loads(text)) for text in profiles[SET]]
            categories = pd.Index(held, dtype=object, tupleize_cols=False)
            return pd.Series(pd.Categorical.from_codes(np.arange(len(held)), categories))
        kind = self._kinds.get(name)
        if kind is not None and kind.kind == CATEGORY:
            dtype = pd.CategoricalDtype(list(kind.categories), ordered=kind.ordered)
            return pd.Series(profiles["value"].to_numpy(dtype=object), dtype=dtype)
        return pd.Series(pd.Categorical(profiles["value"]))


def _of_column(column: pd.Series) -> Any:
    """Return a column as numbers, or as codes of its texts or sets."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    held = column.cat.categories
    sets = any(isinstance(value, frozenset) for value in held)
    texts = [json.dumps(sorted(value)) for value in held] if sets else [str(value) for value in held]
    return Coded(column.cat.codes.to_numpy().astype(np.int64), pd.DataFrame({SET if sets else "value": texts}))
