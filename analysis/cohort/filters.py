"""Filters on patients: what they keep, how they read in words, what each costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.states import baseline
from analysis.cohort.vocabulary import BASELINE_SLEDAI, column_label, column_unit


@dataclass(frozen=True, init=False)
class OneOf:
    """The value is one of the chosen."""

    values: tuple[object, ...]
    keep_missing: bool

    def __init__(self, *values: object, keep_missing: bool = False) -> None:
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "keep_missing", keep_missing)

    def passes(self, column: pd.Series) -> pd.Series:
        """Return True where the value is among the chosen; False where it is missing."""
        return column.isin(self.values)

    def words(self) -> str:
        """Return the choice in words."""
        return " or ".join(str(value) for value in self.values)


class AnyOf(OneOf):
    """The set holds at least one of the chosen."""

    def passes(self, column: pd.Series) -> pd.Series:
        """Return True where the set meets the chosen; False where it is missing."""
        return _in_sets(column, lambda held: not held.isdisjoint(self.values))


class AllOf(OneOf):
    """The set holds all of the chosen."""

    def passes(self, column: pd.Series) -> pd.Series:
        """Return True where the set holds all of the chosen; False where it is missing."""
        return _in_sets(column, lambda held: held.issuperset(self.values))

    def words(self) -> str:
        """Return the choice in words."""
        return " and ".join(str(value) for value in self.values)


@dataclass(frozen=True)
class Between:
    """The number lies between two limits, both included."""

    low: float
    high: float
    keep_missing: bool = field(default=False, kw_only=True)

    def passes(self, column: pd.Series) -> pd.Series:
        """Return True where the number is within the limits; False where it is missing."""
        return column.between(self.low, self.high).fillna(False).astype(bool)

    def words(self) -> str:
        """Return the limits in words."""
        return f"{self.low:g} to {self.high:g}"


Condition = OneOf | Between


@dataclass(frozen=True)
class Filters:
    """Conditions by column; a patient is kept who meets all of them.

    Attributes
    ----------
    conditions
        Column name to `OneOf`, `AnyOf`, `AllOf` or `Between`, in the order of choosing.
        ``baseline_sledai`` is the score at the baseline visit.
    """

    conditions: Mapping[str, Condition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", MappingProxyType(dict(self.conditions)))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def keep(self, cohort: Cohort) -> pd.Series:
        """Return whether each patient meets every condition, indexed like ``cohort.patients``.

        Raises
        ------
        ValueError
            If the cohort has no such column.
        """
        keep = pd.Series(True, index=cohort.patients.index)
        for name, condition in self.conditions.items():
            column = filter_column(cohort, name)
            keep &= condition.passes(column) | (column.isna() & condition.keep_missing)
        return keep

    def without(self, name: str) -> Filters:
        """Return the filters but for the one on this column."""
        return Filters({key: value for key, value in self.conditions.items() if key != name})

    def words(self) -> list[str]:
        """Return each filter in plain words, such as "MSC source UC"."""
        return [_phrase(name, condition) for name, condition in self.conditions.items()]


def filter_column(cohort: Cohort, name: str) -> pd.Series:
    """Return a column that patients can be filtered by, indexed like ``cohort.patients``."""
    if name == BASELINE_SLEDAI.name:
        return baseline(cohort, "sledai")
    if name not in cohort.patients.columns:
        raise ValueError(f"The patients have no column {name!r} to filter by.")
    return cohort.patients[name]


def attrition(cohort: Cohort, filters: Filters) -> pd.DataFrame:
    """Return how many patients each filter costs, in the order of choosing.

    Returns
    -------
    DataFrame with step, filter, before, after, lost; step 0 is the whole cohort.
    """
    rows: list[tuple[int, str, int, int, int]] = [(0, "All patients", len(cohort), len(cohort), 0)]
    kept = cohort
    for step, (name, condition) in enumerate(filters.conditions.items(), start=1):
        before = len(kept)
        kept = kept.where(Filters({name: condition}))
        rows.append((step, _phrase(name, condition), before, len(kept), before - len(kept)))
    return pd.DataFrame(rows, columns=["step", "filter", "before", "after", "lost"])


def option_counts(cohort: Cohort, filters: Filters, col: str) -> pd.DataFrame:
    """Return how many patients hold each value of a column, in all and under the other filters.

    Parameters
    ----------
    cohort
        The whole cohort.
    filters
        The present filters; the one on `col` itself is ignored.
    col
        A column of values or of sets.

    Returns
    -------
    DataFrame with value, of_all, now, sorted by value; patients without a value are not counted.
    """
    others = filters.without(col)
    of_all = _counts(filter_column(cohort, col))
    remaining = cohort.where(others)
    now = _counts(filter_column(remaining, col)).reindex(of_all.index, fill_value=0)
    return pd.DataFrame({"value": of_all.index, "of_all": of_all.to_numpy(), "now": now.to_numpy()})


def _counts(column: pd.Series) -> pd.Series:
    held = column.dropna()
    if any(isinstance(value, frozenset) for value in held):
        held = held.map(sorted).explode().dropna()
    return held.value_counts().sort_index()


def _in_sets(column: pd.Series, test: Callable[[frozenset[object]], bool]) -> pd.Series:
    return column.map(lambda held: isinstance(held, frozenset) and test(held)).astype(bool)


def _phrase(name: str, condition: Condition) -> str:
    unit = column_unit(name) if isinstance(condition, Between) else ""
    missing = " (or not recorded)" if condition.keep_missing else ""
    return f"{column_label(name)} {condition.words()} {unit}".rstrip() + missing
