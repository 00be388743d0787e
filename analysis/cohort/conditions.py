"""Conditions on one column: which values pass, and how the condition reads in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.filter_columns import days


@dataclass(frozen=True, init=False)
class OneOf:
    """The value is one of several.

    Parameters
    ----------
    *values
        The values to keep.
    keep_missing
        Whether patients without a value are kept too.

    Examples
    --------
    >>> from analysis import Filters, OneOf, load_sample
    >>> len(load_sample().where(Filters({"msc_source": OneOf("UC")})))
    42
    >>> OneOf("BM", "UC").words()
    'BM or UC'
    """

    values: tuple[object, ...]
    keep_missing: bool

    def __init__(self, *values: object, keep_missing: bool = False) -> None:
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "keep_missing", keep_missing)

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each value is one of `values`; False if missing."""
        return column.isin(self.values)

    def keeping(self, missing: bool) -> OneOf:
        """Return the condition with `keep_missing` set."""
        return type(self)(*self.values, keep_missing=missing)

    def words(self) -> str:
        """Return the values in words."""
        return " or ".join(str(value) for value in self.values)


@dataclass(frozen=True, init=False)
class SetOf(OneOf):
    """A set, such as the organs involved, contains several values, and none of others: `AnyOf` or `AllOf`."""

    without: tuple[object, ...]

    def __init__(self, *values: object, without: tuple[object, ...] = (), keep_missing: bool = False) -> None:
        super().__init__(*values, keep_missing=keep_missing)
        object.__setattr__(self, "without", tuple(without))

    def keeping(self, missing: bool) -> SetOf:
        """Return the condition with `keep_missing` set."""
        return type(self)(*self.values, without=self.without, keep_missing=missing)

    def words(self) -> str:
        """Return the values and the excluded ones in words."""
        return ", ".join([self._values_in_words(), *([NoneOf(*self.without).words()] if self.without else [])])

    def _values_in_words(self) -> str:
        return super().words()


@dataclass(frozen=True, init=False)
class AnyOf(SetOf):
    """The set, such as the organs involved, contains at least one of several values.

    Parameters
    ----------
    *values
        The values to look for.
    without
        Values that the set must not contain.
    keep_missing
        Whether patients without a set are kept too.

    Examples
    --------
    >>> from analysis import AnyOf, Filters, load_sample
    >>> len(load_sample().where(Filters({"organs": AnyOf("renal", "skin")})))
    86
    >>> AnyOf("renal", without=("skin",)).words()
    'renal, without skin'
    """

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each set contains any of `values` and none of `without`; False if missing."""
        return _in_sets(column, lambda held: not held.isdisjoint(self.values) and held.isdisjoint(self.without))


@dataclass(frozen=True, init=False)
class AllOf(SetOf):
    """The set contains all of several values; parameters as of `AnyOf`.

    Examples
    --------
    >>> from analysis import AllOf, Filters, load_sample
    >>> len(load_sample().where(Filters({"organs": AllOf("renal", "skin")})))
    50
    """

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each set contains all of `values` and none of `without`; False if missing."""
        return _in_sets(column, lambda held: held.issuperset(self.values) and held.isdisjoint(self.without))

    def _values_in_words(self) -> str:
        return " and ".join(str(value) for value in self.values)


class NoneOf(OneOf):
    """The set contains none of several values; parameters as of `OneOf`.

    Examples
    --------
    >>> from analysis import Filters, NoneOf, load_sample
    >>> len(load_sample().where(Filters({"organs": NoneOf("renal")})))
    6
    """

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each set contains none of `values`; False if missing."""
        return _in_sets(column, lambda held: held.isdisjoint(self.values))

    def words(self) -> str:
        """Return the excluded values in words."""
        return f"without {' or '.join(str(value) for value in self.values)}"


def of_sets(how: type[SetOf], values: Iterable[object], without: Iterable[object]) -> SetOf | NoneOf | None:
    """Return the condition on sets that contain values, and none of others; None if none is asked for.

    Examples
    --------
    >>> of_sets(AnyOf, ["renal"], ["skin"]).words(), of_sets(AnyOf, [], ["skin"]).words()
    ('renal, without skin', 'without skin')
    """
    values, without = tuple(dict.fromkeys(values)), tuple(dict.fromkeys(without))
    if values:
        return how(*values, without=without)
    return NoneOf(*without) if without else None


@dataclass(frozen=True)
class Between:
    """The number lies between two limits, both included.

    Parameters
    ----------
    low, high
        The limits, in the unit of the column.
    keep_missing
        Whether patients without a value are kept too.

    Examples
    --------
    >>> from analysis import Between, Filters, load_sample
    >>> filters = Filters({"age_years": Between(18, 40)})
    >>> len(load_sample().where(filters)), filters.words()
    (68, ['Age 18 to 40 years'])
    """

    low: float
    high: float
    keep_missing: bool = field(default=False, kw_only=True)

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each number is within the limits; False if missing."""
        return column.between(self.low, self.high).fillna(False).astype(bool)

    def words(self) -> str:
        """Return the limits in words."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class BetweenDates:
    """The date lies between two dates, both included.

    Parameters
    ----------
    low, high
        The limits.
    keep_missing
        Whether patients without a date are kept too.

    Examples
    --------
    >>> import datetime
    >>> import pandas as pd
    >>> from analysis import BetweenDates
    >>> year = BetweenDates(datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))
    >>> year.passes(pd.Series(["2019-03-01", "2020-01-01", None])).tolist()
    [True, False, False]
    """

    low: date
    high: date
    keep_missing: bool = field(default=False, kw_only=True)

    def passes(self, column: pd.Series) -> pd.Series:
        """Return whether each date, written as year-month-day, is within the limits; False if missing."""
        return days(column).between(pd.Timestamp(self.low), pd.Timestamp(self.high))

    def words(self) -> str:
        """Return the limits in words."""
        return f"{self.low:%Y-%m-%d} to {self.high:%Y-%m-%d}"


Condition = OneOf | Between | BetweenDates | ChosenPatients


def _in_sets(column: pd.Series, test: Callable[[frozenset[object]], bool]) -> pd.Series:
    passes = [isinstance(held, frozenset) and test(held) for held in column.cat.categories]
    return pd.Series(np.array([*passes, False])[column.cat.codes], index=column.index)
