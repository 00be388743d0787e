"""The baseline table: characteristics of the patients at transplantation, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import NO_GROUP, By, Grouping
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.distribution import Distribution
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.means import mean, quantile
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.description.baseline_columns import Characteristic, baseline_characteristics
from analysis.estimates.description.baseline_words import decimals, fraction_words, mean_words, median_words
from analysis.estimates.description.standardised import number_difference, share_difference, standard_deviation

PATIENTS_ROW = "Patients"
NOT_RECORDED = "not recorded"
MEAN, MEDIAN = "mean (SD)", "median (quartiles)"
FIXED = ("characteristic", "level", "missing", "difference")
NUMBERS = (
    *("group", "characteristic", "level", "kind", "patients", "recorded", "count", "share"),
    *("mean", "standard_deviation", "lower_quartile", "median", "upper_quartile"),
)

Row = tuple[object, ...]


@dataclass(frozen=True, repr=False)
class BaselineTable(Result):
    """Characteristics of the patients at transplantation, by group.

    Attributes
    ----------
    question, method
        What the table answers, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        characteristic, level, one column per group with cells in words, missing (patients without a value in all
        groups), difference (standardised; for exclusive levels in the first row only; missing if not defined). A group
        with the name of another column has "group" before it.
    numbers
        group, characteristic, level, kind ("number", "levels" or "flags"), patients, recorded, count, share, mean,
        standard_deviation, lower_quartile, median, upper_quartile: the cells of `table` as numbers, mean and
        median in one row.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    numbers: pd.DataFrame

    @classmethod
    def of(cls, counts: BaselineCounts) -> BaselineTable:
        """Return the table from counts."""
        groups = counts.groups
        names = [groups.names[place] for place in groups.shown]
        sizes = groups.members[groups.shown]
        rows: list[Row] = [(PATIENTS_ROW, "", *map(str, sizes), 0, np.nan)]
        numbers: list[Row] = []
        for each in baseline_characteristics(counts):
            levels = _levels_shown(each, groups.by)
            if each.kind != "number" and not levels:
                continue
            part = _Part(each, levels, tuple(groups.shown))
            rows += [*(part.number_rows() if each.kind == "number" else part.level_rows()), *part.not_recorded()]
            numbers += part.numbers(names)
        columns = ["characteristic", "level", *(_column(group) for group in names), "missing", "difference"]
        tidy = with_groups(pd.DataFrame(numbers, columns=NUMBERS), names).sort_values("group", kind="stable")
        parts = [
            "Counts of those with a value and percent, mean (SD), median (quartiles, type 7), at transplantation",
            *([f"{_difference_words(len(names))}, without sign"] if len(names) > 1 else []),
            count_words(groups.patients, "patient"),
        ]
        left_out = LeftOut((NO_GROUP,), (counts.without_group,)).table
        return cls(
            "Who were the patients at transplantation?",
            method_words(", ".join(parts), left_out),
            left_out,
            pd.DataFrame(rows, columns=columns),
            tidy.reset_index(drop=True),
        )


def baseline_table(cohort: Cohort, *, by: By | None = None) -> BaselineTable:
    """Return count and percent, or mean (SD) and median (quartiles, type 7), of each baseline characteristic.

    There are no p-values: differences at baseline are described, not tested. Unlike p-values, standardised differences
    do not depend on the number of patients (Austin 2009).

    Parameters
    ----------
    cohort
        The patients.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    BaselineTable
        ``table`` with cells in words, and ``numbers`` in the units of the columns.

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Austin PC (2009), Statistics in Medicine 28:3083-3107.
    Hyndman RJ, Fan Y (1996), The American Statistician 50:361-365.

    Examples
    --------
    >>> from analysis import load_sample
    >>> baseline_table(load_sample(), by="sex").table.iloc[0].tolist()[:4]
    ['Patients', '', '77', '10']
    """
    return BaselineTable.of(BaselineCounts.of(cohort, by))


def _levels_shown(each: Characteristic, by: By | None) -> tuple[str, ...]:
    """Return the levels to show, without those that define the groups: they are 0 or 100 % in each."""
    if each.name == by:
        return ()
    organ = by.organ if isinstance(by, Grouping) and each.name == "organs" else ""
    return tuple(level for level in each.levels if level != organ)


@dataclass(frozen=True)
class _Part:
    """A characteristic with the levels and groups (by index) shown."""

    of: Characteristic
    levels: tuple[str, ...]
    groups: tuple[int, ...]

    @property
    def recorded(self) -> list[int]:
        """The number of patients with a value, by group."""
        return [self.of.recorded(group) for group in self.groups]

    @property
    def missing(self) -> list[int]:
        """The number of patients without a value, by group."""
        return [self.of.missing(group) for group in self.groups]

    @property
    def holding(self) -> Floats:
        """The number of patients with each level: levels by groups."""
        counts = [self.of.holding(self.levels, group) for group in self.groups]
        return np.stack(counts, axis=1) if counts else np.empty((len(self.levels), 0))

    def number_rows(self) -> list[Row]:
        """Return the rows of mean and median."""
        held = [self.of.numbers(group) for group in self.groups]
        places = decimals(self.of.counts.of_groups(self.groups))
        sums = [_sums(numbers) for numbers in held]
        means = [mean_words(centre, deviation, places) for centre, deviation, *_ in sums]
        medians = [median_words(median, lower, upper, places) for *_, lower, median, upper in sums]
        label, missing = self.of.label, sum(self.missing)
        return [
            (label, MEAN, *means, missing, number_difference(held)),
            (label, MEDIAN, *medians, missing, np.nan),
        ]

    def level_rows(self) -> list[Row]:
        """Return one row per level."""
        counts, recorded, missing = self.holding, self.recorded, sum(self.missing)
        if self.of.kind == "levels":
            joint = share_difference([_shares(counts[:, place], of) for place, of in enumerate(recorded)])
            differences = [joint, *[np.nan] * (len(self.levels) - 1)]
        else:
            differences = [
                share_difference(
                    [_shares(np.array([held, of - held]), of) for held, of in zip(row, recorded, strict=True)]
                )
                for row in counts
            ]
        return [
            (self.of.label, level, *map(fraction_words, map(int, row), recorded), missing, difference)
            for level, row, difference in zip(self.levels, counts, differences, strict=True)
        ]

    def not_recorded(self) -> list[Row]:
        """Return the row of patients without a value, if there are any."""
        if not sum(self.missing):
            return []
        words = [
            f"{missing}/{missing + recorded}" for missing, recorded in zip(self.missing, self.recorded, strict=True)
        ]
        return [(self.of.label, NOT_RECORDED, *words, sum(self.missing), np.nan)]

    def numbers(self, names: Sequence[str]) -> list[Row]:
        """Return the cells as numbers."""
        rows: list[Row] = []
        for place, (name, group) in enumerate(zip(names, self.groups, strict=True)):
            start, recorded = (name, self.of.label), self.recorded[place]
            sizes = (recorded + self.missing[place], recorded)
            if self.of.kind == "number":
                sums = _sums(self.of.numbers(group))
                rows.append((*start, "", self.of.kind, *sizes, np.nan, np.nan, *sums))
                continue
            counts = self.of.holding(self.levels, group)
            for level, count, share in zip(self.levels, counts, _shares(counts, recorded), strict=True):
                rows.append((*start, level, self.of.kind, *sizes, count, share, *[np.nan] * 5))
        return rows


def _sums(numbers: Distribution) -> tuple[float, float, float, float, float]:
    """Return mean, standard deviation, lower quartile, median, upper quartile; missing if there are too few numbers."""
    if not numbers.size:
        return np.nan, np.nan, np.nan, np.nan, np.nan
    deviation = standard_deviation(numbers, lost=1) if numbers.size > 1 else np.nan
    lower, median, upper = (quantile(numbers, share) for share in (0.25, 0.5, 0.75))
    return mean(numbers), deviation, lower, median, upper


def _shares(counts: Floats, of: int) -> Floats:
    shares: Floats = counts / of if of else np.full(len(counts), np.nan)
    return shares


def _column(group: str) -> str:
    return f"group {group}" if group in FIXED else group


def _difference_words(groups: int) -> str:
    return "standardised difference" if groups == 2 else "largest standardised difference between two groups"
