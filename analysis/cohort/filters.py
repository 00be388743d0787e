"""Filters on patients: conditions by column, whom they keep, and how they read in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.baseline import baseline
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.column_words import column_label, unit_words
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.vocabulary import BASELINE

PATIENT_ID = "patient_id"
MOST_STEPS = 200  # of a range between numbers with decimals


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


@dataclass(frozen=True)
class Filters:
    """Conditions by column; a patient is kept if all of them hold.

    Attributes
    ----------
    conditions
        Column name to `OneOf`, `AnyOf`, `AllOf`, `NoneOf`, `Between`, `BetweenDates` or, of ``patient_id``,
        `ChosenPatients`, in the order in which they were chosen. The baseline value of a visit measure is "baseline_"
        and its name, such as ``baseline_sledai``.

    Examples
    --------
    >>> from analysis import AnyOf, Between, Filters, OneOf, load_sample
    >>> filters = Filters({"msc_source": OneOf("UC"), "organs": AnyOf("renal", "skin"), "age_years": Between(18, 40)})
    >>> filters.words()
    ['MSC source UC', 'Organ involvement renal or skin', 'Age 18 to 40 years']
    >>> len(load_sample().where(filters))
    30
    """

    conditions: Mapping[str, Condition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", MappingProxyType(dict(self.conditions)))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __hash__(self) -> int:
        return hash(frozenset(self.conditions.items()))

    def keep(self, cohort: Cohort) -> pd.Series:
        """Return whether every condition holds for each patient.

        Parameters
        ----------
        cohort
            The patients.

        Returns
        -------
        Series
            Booleans, indexed like ``cohort.patients``.

        Raises
        ------
        ValueError
            If the cohort has no such column.
        """
        keep = np.ones(len(cohort), dtype=bool)
        for condition in self.conditions.items():
            keep &= passing(cohort, *condition)
        return pd.Series(keep, index=cohort.index)

    def without(self, name: str) -> Filters:
        """Return the filters except the one on this column."""
        return Filters({key: value for key, value in self.conditions.items() if key != name})

    def having(self, name: str, condition: Condition) -> Filters:
        """Return the filters with this condition on a column; it replaces an earlier one, or else comes last."""
        return Filters({**self.conditions, name: condition})

    def keeping_missing(self, keep: bool) -> Filters:
        """Return the filters with `keep_missing` set to `keep` in every condition."""
        return Filters({name: _keeping(condition, keep) for name, condition in self.conditions.items()})

    @property
    def one_by_one(self) -> bool:
        """Whether patients were chosen one by one."""
        return PATIENT_ID in self.conditions

    @property
    def keeps_missing(self) -> bool:
        """Whether patients without a value are kept."""
        return any(condition.keep_missing for condition in self.conditions.values())

    def words(self) -> list[str]:
        """Return each filter in plain words, such as "MSC source UC"."""
        return [_phrase(name, condition) for name, condition in self.conditions.items()]


def passing(cohort: Cohort, name: str, condition: Condition) -> Flags:
    """Return whether each patient passes a condition on a column; parameters and errors as of `filter_column`."""
    flags: Flags = _passing(cohort, name, condition)["passes"]
    return flags


@per_patient
def _passing(cohort: Cohort, name: str, condition: Condition) -> dict[str, Flags]:
    if isinstance(condition, ChosenPatients):
        return {"passes": condition.keeps(cohort)}
    column = filter_column(cohort, name)
    passes = condition.passes(column).to_numpy()
    return {"passes": passes | column.isna().to_numpy() if condition.keep_missing else passes}


def filter_column(cohort: Cohort, name: str) -> pd.Series:
    """Return a column that patients can be filtered by.

    Parameters
    ----------
    cohort
        The patients.
    name
        A column of the patients, or the baseline value of a visit measure, such as "baseline_sledai".

    Returns
    -------
    Series
        Indexed like ``cohort.patients``; sets and other objects as a categorical.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    measure = name.removeprefix(BASELINE)
    if measure != name and name not in cohort.patient_columns and measure in cohort.visit_columns:
        return baseline(cohort, measure)
    if name not in cohort.patient_columns:
        raise ValueError(f"The patients have no column {name!r} to filter by.")
    values = cohort.values(name)
    # Each distinct set or object is compared once, not once per patient.
    held = _coded(cohort, name)["value"] if values.dtype == object else values
    return pd.Series(held, index=cohort.index, copy=False)


def without_value(cohort: Cohort, *names: str) -> int:
    """Return the number of patients with a missing value in at least one of these columns."""
    missing = np.zeros(len(cohort), dtype=np.bool_)
    for name in names:
        missing |= filter_column(cohort, name).isna().to_numpy()
    return int(missing.sum())


@per_patient
def _coded(cohort: Cohort, name: str) -> dict[str, pd.Categorical]:
    """Return the column ``value``: the values of all patients as a categorical."""
    codes, found = pd.factorize(cohort.patients[name])
    categories = pd.Index(found, dtype=object, tupleize_cols=False)
    return {"value": pd.Categorical.from_codes(codes, categories)}


def number_range(cohort: Cohort, col: str) -> tuple[float, float, float]:
    """Return the ends and the step of a slider over a column of numbers that are not all equal.

    The step is 1 if all numbers are whole; otherwise it is 1, 2 or 5 times a power of ten, the smallest that gives at
    most 200 steps. The ends are the minimum and maximum, rounded outwards to whole steps.

    Returns
    -------
    tuple of float
        Lower end, upper end and step, in the unit of the column.
    """
    values = filter_column(cohort, col).dropna().to_numpy(dtype=float)
    low, high = float(values.min()), float(values.max())
    step = 1.0 if (values == values.round()).all() else _round_step((high - low) / MOST_STEPS)
    digits = max(0, -math.floor(math.log10(step)))
    # Rounding: a number on a step may miss it by a floating-point error.
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    return round(first * step, digits), round(last * step, digits), round(step, digits)


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def is_days(column: pd.Series) -> bool:
    """Return whether a column is a categorical of dates written as year-month-day."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return False
    levels = pd.Series(column.cat.categories, dtype=object)
    return bool(len(levels)) and bool(days(levels).notna().all())


def days(column: pd.Series) -> pd.Series:
    """Return dates written as year-month-day as timestamps; NaT if written otherwise."""
    return pd.to_datetime(column.astype(object), format="%Y-%m-%d", errors="coerce")


def _keeping(condition: Condition, keep: bool) -> Condition:
    if isinstance(condition, OneOf):
        return condition.keeping(keep)
    return replace(condition, keep_missing=keep)


def _in_sets(column: pd.Series, test: Callable[[frozenset[object]], bool]) -> pd.Series:
    passes = [isinstance(held, frozenset) and test(held) for held in column.cat.categories]
    return pd.Series(np.array([*passes, False])[column.cat.codes], index=column.index)


def _phrase(name: str, condition: Condition) -> str:
    if isinstance(condition, ChosenPatients):
        return condition.words()
    unit = unit_words(name) if isinstance(condition, Between) else ""
    missing = " (or not recorded)" if condition.keep_missing else ""
    return f"{column_label(name)} {condition.words()} {unit}".rstrip() + missing
