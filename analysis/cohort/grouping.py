"""Which group each patient belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.arrays import Flags
from analysis.cohort.column_words import column_label, measure_words, unit_words
from analysis.cohort.columns import Rows, number_of_patients
from analysis.cohort.filters import Filters, OneOf, filter_column
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached


@dataclass(frozen=True)
class Grouping:
    """Patients with and without involvement of one organ domain.

    Attributes
    ----------
    organ
        The organ domain, as in the ``organs`` sets.
    """

    organ: str

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return "<organ>" or "no <organ>" a patient; missing where the organs are not recorded."""
        without = f"no {self.organ}"
        organs = filter_column(cohort, "organs")
        involved = np.array([*(self.organ in held for held in organs.cat.categories), -1], dtype=int)
        return pd.Categorical.from_codes(involved[organs.cat.codes], [without, self.organ], ordered=True)


QUANTILES = {"median": (1 / 2,), "tertiles": (1 / 3, 2 / 3)}


@dataclass(frozen=True, init=False)
class Cut:
    """Patients by the size of a number, below each cut point and from it on.

    There is no searched cut point: the one of several that parts the curves best does so by chance too (Altman et al.
    1994), and no p-value after it holds.

    Attributes
    ----------
    column
        A column of numbers of the patients, or "baseline_sledai".
    at
        "median" or "tertiles" of the patients at hand (type 2 of Hyndman and Fan 1996: an observed value, or midway
        between two), or the cut points.
    """

    column: str
    at: str | tuple[float, ...]

    def __init__(self, column: str, at: str | Sequence[float]) -> None:
        points = at if isinstance(at, str) else tuple(sorted({float(point) for point in at}))
        if isinstance(points, str) and points not in QUANTILES:
            raise ValueError(f"Unknown cut {points!r}; known are {', '.join(QUANTILES)} or the cut points.")
        if isinstance(points, tuple) and not (points and np.isfinite(points).all()):
            raise ValueError("A number is cut at one or more numbers.")
        object.__setattr__(self, "column", column)
        object.__setattr__(self, "at", points)

    @property
    def at_quantiles(self) -> bool:
        """Whether the cut points depend on the patients at hand."""
        return isinstance(self.at, str)

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return the group in words, such as "age below 32 years", a patient; missing where the number is.

        All groups are categories, also one in which nobody is.
        """
        values = filter_column(cohort, self.column)
        if not is_numeric_dtype(values) or is_bool_dtype(values):
            raise ValueError(f"The column {self.column!r} holds no numbers to cut.")
        numbers = values.astype(float)
        points = self._points(numbers.dropna())
        places = np.searchsorted(points, numbers.to_numpy(), side="right")
        return pd.Categorical.from_codes(np.where(numbers.isna(), -1, places), self._words(points), ordered=True)

    def _points(self, numbers: pd.Series) -> list[float]:
        if isinstance(self.at, tuple):
            return list(self.at)
        if numbers.empty:
            return []
        points = np.quantile(numbers, QUANTILES[self.at], method="averaged_inverted_cdf")
        return [float(point) for point in np.unique(points)]

    def _words(self, points: Sequence[float]) -> list[str]:
        name, unit = measure_words(self.column), unit_words(self.column)
        shown = [f"{point:g}" for point in points]
        if not shown:
            return [name]
        between = [f"{low} to below {high}" for low, high in pairwise(shown)]
        ranges = [f"below {shown[0]} {unit}", *(f"{words} {unit}" for words in between), f"{shown[-1]} {unit} or more"]
        return [" ".join(f"{name} {words}".split()) for words in ranges]


@dataclass(frozen=True)
class Pinned:
    """Two cohorts side by side, which may share patients.

    Attributes
    ----------
    first, second
        Their names; the first is the reference.
    of_first, of_second
        Which patients of the whole cohort they are.
    rest
        Whether the second is without the patients of the first.
    """

    first: str
    second: str
    of_first: Filters
    of_second: Filters
    rest: bool = False

    @classmethod
    def of(cls, first: Cohort, second: Cohort, names: tuple[str, str] = ("A", "B")) -> Pinned:
        """Return two cohorts pinned as they are now, patient by patient."""
        of_first, of_second = (Filters({"patient_id": OneOf(*each.values("patient_id"))}) for each in (first, second))
        return cls(*names, of_first, of_second)

    def flags(self, cohort: Cohort) -> tuple[Flags, Flags]:
        """Return whether each patient of a cohort is in the first, and whether in the second."""
        return _pinned_flags(cohort, self)

    def sizes(self, cohort: Cohort) -> tuple[int, int, int]:
        """Return how many patients of a cohort are in the first, in the second, and in both."""
        first, second = self.flags(cohort)
        return int(first.sum()), int(second.sum()), int((first & second).sum())

    def either(self, cohort: Cohort) -> Cohort:
        """Return the patients of a cohort who are in the first or the second."""
        first, second = self.flags(cohort)
        return cohort.subset(first | second)

    def members(self, cohort: Cohort) -> tuple[pd.Categorical, Rows]:
        """Return "<first>" or "<second>" a member, and the place of each among the patients; one in both is twice."""
        parts = [np.flatnonzero(held) for held in self.flags(cohort)]
        codes = np.repeat([0, 1], [len(part) for part in parts])
        return pd.Categorical.from_codes(codes, [self.first, self.second], ordered=True), np.concatenate(parts)


@cached
def _pinned_flags(cohort: Cohort, pinned: Pinned) -> tuple[Flags, Flags]:
    # Filters may ask for more than these patients tell: whether a column holds days, or how it is coded.
    kept = (filters.keep(cohort.whole).to_numpy()[cohort.kept] for filters in (pinned.of_first, pinned.of_second))
    first, second = kept
    return first, second & ~first if pinned.rest else second


By = str | Grouping | Cut | Pinned
EVERYBODY = "All"  # the one group without a comparison


IN_ONE_GROUP = pd.CategoricalDtype([EVERYBODY], ordered=True)
NO_GROUP = "the group is not recorded"
NOBODY = pd.DataFrame({"patient_id": [], "reason": []}, dtype=object)


@dataclass(frozen=True, eq=False)
class Members:
    """Who is in which group.

    Attributes
    ----------
    group
        The group of each who is in one, an ordered categorical; one who is in two groups is there twice.
    rows
        The place of each among the patients.
    without
        The places of those whose group is not recorded.
    """

    group: pd.Categorical
    rows: Rows
    without: Rows

    def of(self, group: object) -> Rows:
        """Return the places of the patients of one group."""
        return self.rows[self.group.codes == self.group.categories.get_loc(group)]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many patients are in each group."""
        return np.bincount(self.group.codes, minlength=len(self.group.categories))

    def left_out(self, cohort: Cohort, *steps: tuple[Rows, str]) -> pd.DataFrame:
        """Return who is in no number: patient_id, reason, each patient once.

        Parameters
        ----------
        steps
            From one to the next fewer are left: the places of those who are, and why the others are not.
        """
        reached = np.full(len(cohort), -1, dtype=np.int8)  # not asked for
        for step, rows in enumerate([self.without, self.rows, *(rows for rows, _ in steps)]):
            reached[rows] = step
        out = np.flatnonzero((reached >= 0) & (reached <= len(steps)))
        if not len(out):
            return NOBODY.copy()
        out = out[np.argsort(reached[out], kind="stable")]
        reasons = np.array([NO_GROUP, *(reason for _, reason in steps)], dtype=object)
        return pd.DataFrame({"patient_id": cohort.values("patient_id")[out], "reason": reasons[reached[out]]})


def members(cohort: Cohort, by: By | None) -> Members:
    """Return who is in which group.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column of ``cohort.patients``, a `Grouping`, a `Cut`, two cohorts `Pinned`, who may share patients, or None
        for one group called "All". The first group is the reference.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    return _members(cohort, by)


@cached
def _members(cohort: Cohort, by: By | None) -> Members:
    if by is None:
        everybody = pd.Categorical.from_codes(np.zeros(len(cohort), dtype=np.int8), dtype=IN_ONE_GROUP)
        return Members(everybody, np.arange(len(cohort)), np.empty(0, dtype=np.intp))
    if isinstance(by, Pinned):
        group, places = by.members(cohort)
    else:
        group = column_groups(cohort, by) if isinstance(by, str) else by.labels(cohort)
        group = group if isinstance(by, Grouping) else group.remove_unused_categories()
        places = np.arange(len(cohort))
    known = group.codes >= 0
    return Members(group, places, places[:0]) if known.all() else Members(group[known], places[known], places[~known])


def group_labels(cohort: Cohort, by: By | None) -> pd.Series:
    """Return each patient's group, as `members` has it, as an ordered categorical.

    Returns
    -------
    Categorical series indexed like ``cohort.patients``; missing where the group is not recorded.

    Raises
    ------
    ValueError
        If the cohort has no such column, or the pinned cohorts share patients.
    """
    who = members(cohort, by)
    if isinstance(by, Pinned) and number_of_patients(who.rows) < len(who.rows):
        raise ValueError(f"{by.first} and {by.second} share patients; here a patient has one group.")
    codes = np.full(len(cohort), -1, dtype=who.group.codes.dtype)
    codes[who.rows] = who.group.codes
    return pd.Series(pd.Categorical.from_codes(codes, dtype=who.group.dtype), index=cohort.index)


def column_groups(cohort: Cohort, by: str) -> pd.Categorical:
    """Return the level of a column a patient; all levels that a column of known ones can have are categories.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    if by not in cohort.patient_columns:
        raise ValueError(f"The patients have no column {by!r}; they have {', '.join(cohort.patient_columns)}.")
    values = cohort.values(by)
    if isinstance(values, pd.Categorical):
        codes, found = values.codes, values.categories
    else:
        codes, found = pd.factorize(values, sort=True)
    names = _group_names([str(level) for level in found])
    return pd.Categorical.from_codes(codes, names, ordered=True)


def _group_names(levels: list[str]) -> list[str]:
    """Return levels as names of groups: one that is called as everybody stands in quotes."""
    quoted = f'"{EVERYBODY}"'
    while quoted in levels:
        quoted = f'"{quoted}"'
    return [quoted if level == EVERYBODY else level for level in levels]


def group_name(by: By) -> str:
    """Return what the groups are by, in words."""
    if isinstance(by, Grouping):
        return by.organ
    if isinstance(by, Pinned):
        return f"{by.first} or {by.second}"
    return column_label(by.column if isinstance(by, Cut) else by)
