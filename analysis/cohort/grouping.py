"""Groups of patients: by a column, an organ, filters, cut points of a number, or two pinned cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.arrays import Flags, Rows
from analysis.cohort.column_words import column_label, measure_words, unit_words
from analysis.cohort.conditions import OneOf
from analysis.cohort.filter_columns import filter_column, without_value
from analysis.cohort.filter_names import EVERYBODY_ELSE
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.cohort.rows_elsewhere import GroupSizes, RowsElsewhere


@dataclass(frozen=True)
class Grouping:
    """Two groups: patients without and with involvement of one organ domain.

    Attributes
    ----------
    organ
        The organ domain, as in the sets of the column ``organs``.

    Examples
    --------
    >>> from analysis import Grouping, load_sample
    >>> Grouping("skin").labels(load_sample()).value_counts().to_dict()
    {'no skin': 32, 'skin': 55}
    """

    organ: str

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return "no <organ>" or "<organ>" for each patient; missing if the organs are not recorded."""
        without = f"no {self.organ}"
        organs = filter_column(cohort, "organs")
        involved = np.array([*(self.organ in held for held in organs.cat.categories), -1], dtype=int)
        return pd.Categorical.from_codes(involved[organs.cat.codes], [without, self.organ], ordered=True)


@dataclass(frozen=True)
class Against:
    """Two groups: everybody else, and the patients whom filters keep.

    Who has no value in a filtered column is not kept, and so is among everybody else.

    Attributes
    ----------
    filters
        The filters.
    name
        The name of those whom they keep.

    Examples
    --------
    >>> from analysis import Against, Filters, OneOf, load_sample
    >>> Against(Filters({"msc_source": OneOf("UC")}), "UC").labels(load_sample()).value_counts().to_dict()
    {'everybody else': 45, 'UC': 42}
    """

    filters: Filters
    name: str

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return "everybody else" or the name of the filters for each patient."""
        kept = self.filters.keep(cohort.whole).to_numpy()[cohort.kept]
        return pd.Categorical.from_codes(kept.astype(int), [EVERYBODY_ELSE, self.name], ordered=True)

    def words(self, whole: Cohort) -> tuple[str, str]:
        """Return in words who is in the group of the filters, and who is everybody else."""
        sizes = group_sizes(whole, self)
        unknown = not self.filters.keeps_missing and without_value(whole, *self.filters.conditions)
        first, second = (f"{name} ({size:,})" for name, size in zip(sizes.names, sizes.patients, strict=True))
        others = "all other patients" + (", also those without a value to filter by" if unknown else "")
        return f"{second}: {' and '.join(self.filters.words())}", f"{first}: {others}"


QUANTILES = {"median": (1 / 2,), "tertiles": (1 / 3, 2 / 3)}


@dataclass(frozen=True, init=False)
class Cut:
    """Groups by the size of a number; a value equal to a cut point belongs to the group above.

    Optimal cut points are not offered: choosing the one that separates the curves best inflates the type I error
    (Altman et al. 1994).

    Parameters
    ----------
    column
        A numeric column of the patients, or the baseline value of a visit measure, such as "baseline_sledai".
    at
        One or more cut points in the unit of the column, or "median" or "tertiles" of the patients that are grouped
        (type 2 of Hyndman and Fan 1996: an observed value, or the mean of two).

    Raises
    ------
    ValueError
        If `at` is another word, empty, or not finite.

    References
    ----------
    Altman DG, Lausen B, Sauerbrei W, Schumacher M (1994). Dangers of using "optimal" cutpoints in the evaluation of
    prognostic factors. J Natl Cancer Inst 86(11):829-835.

    Hyndman RJ, Fan Y (1996). Sample quantiles in statistical packages. Am Stat 50(4):361-365.

    Examples
    --------
    >>> from analysis import Cut, load_sample
    >>> Cut("age_years", [30]).labels(load_sample()).value_counts().to_dict()
    {'age below 30 years': 34, 'age 30 years or more': 53}
    """

    column: str
    at: str | tuple[float, ...]

    def __init__(self, column: str, at: str | Sequence[float]) -> None:
        points = at if isinstance(at, str) else tuple(sorted({float(point) for point in at}))
        if isinstance(points, str) and points not in QUANTILES:
            raise ValueError(f"Unknown cut {points!r}; known are {', '.join(QUANTILES)} or the cut points.")
        if isinstance(points, tuple) and not (points and np.isfinite(points).all()):
            raise ValueError("The cut points must be one or more finite numbers.")
        object.__setattr__(self, "column", column)
        object.__setattr__(self, "at", points)

    @property
    def at_quantiles(self) -> bool:
        """Whether the cut points are quantiles, and so depend on the patients that are grouped."""
        return isinstance(self.at, str)

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return the group of each patient in words, such as "age below 32 years"; missing if the number is.

        Returns
        -------
        Categorical
            Ordered, with every group as a category, also an empty one.

        Raises
        ------
        ValueError
            If the column does not exist or is not numeric.
        """
        values = filter_column(cohort, self.column)
        if not is_numeric_dtype(values) or is_bool_dtype(values):
            raise ValueError(f"The column {self.column!r} holds no numbers to cut.")
        numbers = values.astype(float)
        points = self.points(numbers.dropna())
        places = np.searchsorted(points, numbers.to_numpy(), side="right")
        return pd.Categorical.from_codes(np.where(numbers.isna(), -1, places), self._words(points), ordered=True)

    def points(self, numbers: pd.Series) -> list[float]:
        """Return the cut points for the numbers of some patients, without missing ones."""
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
    """Two selections of one cohort to compare; they may overlap.

    Attributes
    ----------
    first, second
        Their names; the first is the reference.
    of_first, of_second
        Filters that select them from the whole cohort.
    rest
        Whether patients of the first are excluded from the second.

    Examples
    --------
    >>> from analysis import Between, Filters, OneOf, Pinned, load_sample
    >>> young, umbilical = Filters({"age_years": Between(0, 30)}), Filters({"msc_source": OneOf("UC")})
    >>> Pinned("young", "umbilical cord", young, umbilical).sizes(load_sample())
    (39, 42, 20)
    """

    first: str
    second: str
    of_first: Filters
    of_second: Filters
    rest: bool = False

    @classmethod
    def of(cls, first: Cohort, second: Cohort, names: tuple[str, str] = ("A", "B")) -> Pinned:
        """Return two cohorts as pinned selections by patient id.

        Parameters
        ----------
        first, second
            Selections of the same cohort.
        names
            Their names.
        """
        of_first, of_second = (Filters({"patient_id": OneOf(*each.values("patient_id"))}) for each in (first, second))
        return cls(*names, of_first, of_second)

    def flags(self, cohort: Cohort) -> tuple[Flags, Flags]:
        """Return two boolean arrays: whether each patient of a cohort is in the first, and in the second."""
        return _pinned_flags(cohort, self)

    def sizes(self, cohort: Cohort) -> tuple[int, int, int]:
        """Return the numbers of patients of a cohort in the first, in the second, and in both."""
        sizes = group_sizes(cohort, self)
        first, second = sizes.patients
        return first, second, sizes.shared

    def either(self, cohort: Cohort) -> Cohort:
        """Return the patients of a cohort who are in the first or the second."""
        if isinstance(cohort, RowsElsewhere):
            return cohort.either(self)
        first, second = self.flags(cohort)
        return cohort.subset(first | second)

    def labels(self, cohort: Cohort) -> pd.Categorical:
        """Return the group of each patient; missing for those in neither.

        Raises
        ------
        ValueError
            If they share patients.
        """
        first, second = self.flags(cohort)
        if (first & second).any():
            raise ValueError(f"{self.first} and {self.second} share patients; here a patient has one group.")
        codes = np.select([first, second], [0, 1], -1)
        return pd.Categorical.from_codes(codes, [self.first, self.second], ordered=True)

    def members(self, cohort: Cohort) -> tuple[pd.Categorical, Rows]:
        """Return the group and the row position of each patient in a group; a patient in both groups appears twice."""
        parts = [np.flatnonzero(held) for held in self.flags(cohort)]
        codes = np.repeat([0, 1], [len(part) for part in parts])
        return pd.Categorical.from_codes(codes, [self.first, self.second], ordered=True), np.concatenate(parts)


@cached
def _pinned_flags(cohort: Cohort, pinned: Pinned) -> tuple[Flags, Flags]:
    # On the whole cohort: whether a column holds dates, for example, must not depend on the selection.
    kept = (filters.keep(cohort.whole).to_numpy()[cohort.kept] for filters in (pinned.of_first, pinned.of_second))
    first, second = kept
    return first, second & ~first if pinned.rest else second


By = str | Grouping | Against | Cut | Pinned
EVERYBODY = "All"  # the only group if nothing is compared
IN_ONE_GROUP = pd.CategoricalDtype([EVERYBODY], ordered=True)
NO_GROUP = "the group is not recorded"


def group_labels(cohort: Cohort, by: By | None) -> pd.Series:
    """Return the group of each patient.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column of ``cohort.patients``, a `Grouping`, filters `Against` everybody else, a `Cut`, a `Pinned` pair of
        selections, or None for one group called "All". The first group is the reference.

    Returns
    -------
    Series
        Ordered categorical, indexed like ``cohort.patients``; missing if the group is not recorded.

    Raises
    ------
    ValueError
        If the cohort has no such column, or the pinned cohorts overlap.
    """
    return pd.Series(_labels(cohort, by), index=cohort.index)


def group_sizes(cohort: Cohort, by: By | None) -> GroupSizes:
    """Return the groups of `group_labels` with their numbers of patients, of which two pinned cohorts may share some.

    Parameters, errors and the order of groups as of `group_labels`.

    Examples
    --------
    >>> from analysis import load_sample
    >>> group_sizes(load_sample(), "msc_source")
    GroupSizes(names=('BM', 'UC'), patients=(45, 42), shared=0)
    """
    if isinstance(cohort, RowsElsewhere):
        return cohort.group_sizes(by)
    if isinstance(by, Pinned):
        first, second = by.flags(cohort)
        shared = int((first & second).sum())
        return GroupSizes((by.first, by.second), (int(first.sum()), int(second.sum())), shared)
    sizes = group_labels(cohort, by).value_counts(sort=False)
    return GroupSizes(tuple(map(str, sizes.index)), tuple(map(int, sizes)))


@cached
def _labels(cohort: Cohort, by: By | None) -> pd.Categorical:
    if by is None:
        return pd.Categorical.from_codes(np.zeros(len(cohort), dtype=np.int8), dtype=IN_ONE_GROUP)
    if isinstance(by, Grouping | Against | Pinned):
        return by.labels(cohort)
    groups = column_groups(cohort, by) if isinstance(by, str) else by.labels(cohort)
    return groups.remove_unused_categories()


def column_groups(cohort: Cohort, by: str) -> pd.Categorical:
    """Return the level of a column for each patient.

    Returns
    -------
    Categorical
        Ordered; a column with fixed levels keeps all of them as categories.

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
    """Return levels as group names; a level called "All" is put in quotes."""
    quoted = f'"{EVERYBODY}"'
    while quoted in levels:
        quoted = f'"{quoted}"'
    return [quoted if level == EVERYBODY else level for level in levels]


def group_name(by: By) -> str:
    """Return what the patients are grouped by, in words."""
    if isinstance(by, Grouping):
        return by.organ
    if isinstance(by, Pinned):
        return f"{by.first} or {by.second}"
    if isinstance(by, Against):
        return "the filters"
    return column_label(by.column if isinstance(by, Cut) else by)
