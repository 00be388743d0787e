"""The baseline table: characteristics of the patients at transplantation, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.groups import Groups
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.description.baseline_words import (
    NO_VALUES,
    fraction_words,
    mean_words,
    median_words,
    part_words,
)
from analysis.estimates.description.summaries import STATISTICS, Summary, summaries

PATIENTS_ROW = "Patients"
NOT_RECORDED = "not recorded"
MEAN, MEDIAN = "mean (SD)", "median (quartiles)"
FIXED = ("characteristic", "level", "missing", "difference")
NUMBERS = (
    *("group", "characteristic", "level", "kind", "patients", "recorded", "count", "share"),
    *STATISTICS,
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
    counts
        The counts behind all of this; None if some are hidden.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    numbers: pd.DataFrame
    counts: BaselineCounts | None

    @classmethod
    def of(cls, counts: BaselineCounts) -> BaselineTable:
        """Return the table from counts."""
        left_out = LeftOut((NO_GROUP,), (counts.without_group,))
        return cls.of_summaries(counts.groups, left_out, summaries(counts), counts)

    @classmethod
    def of_summaries(
        cls,
        groups: Groups,
        left_out: LeftOut,
        described: Sequence[Summary],
        counts: BaselineCounts | None,
    ) -> BaselineTable:
        """Return the table from the characteristics of the groups.

        Parameters
        ----------
        groups
            The groups.
        left_out
            The number of patients without a group.
        described
            The characteristics in numbers.
        counts
            The counts behind them; None if some are hidden.
        """
        names = [groups.names[place] for place in groups.shown]
        rows: list[Row] = [(PATIENTS_ROW, "", *map(str, groups.members[groups.shown]), 0, np.nan)]
        for each in described:
            rows += [*(_number_rows(each) if each.kind == "number" else _level_rows(each)), *_not_recorded(each)]
        columns = ["characteristic", "level", *(_column(group) for group in names), "missing", "difference"]
        parts = [
            "Counts of those with a value and percent, mean (SD), median (quartiles, type 7), at transplantation",
            *([f"{_difference_words(len(names))}, without sign"] if len(names) > 1 else []),
            count_words(groups.patients, "patient"),
        ]
        return cls(
            "Who were the patients at transplantation?",
            method_words(", ".join(parts), left_out.table),
            left_out.table,
            pd.DataFrame(rows, columns=columns),
            _numbers(described, names),
            counts,
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


def _number_rows(of: Summary) -> list[Row]:
    """Return the rows of mean and median."""
    means, medians = [], []
    for (centre, deviation, lower, median, upper), recorded in zip(of.statistics.tolist(), of.recorded, strict=True):
        means.append(NO_VALUES if recorded == 0 else mean_words(centre, deviation, of.decimals))
        medians.append(NO_VALUES if recorded == 0 else median_words(median, lower, upper, of.decimals))
    missing = of.missing.sum()
    return [(of.label, MEAN, *means, missing, of.difference), (of.label, MEDIAN, *medians, missing, np.nan)]


def _level_rows(of: Summary) -> list[Row]:
    """Return one row per level."""
    return [
        (of.label, level, *map(fraction_words, holding, of.recorded), of.missing.sum(), difference)
        for level, holding, difference in zip(of.levels, of.holding, of.differences, strict=True)
    ]


def _not_recorded(of: Summary) -> list[Row]:
    """Return the row of patients without a value, if there are any."""
    missing = of.missing.sum()
    if missing == 0:
        return []
    return [(of.label, NOT_RECORDED, *map(part_words, of.missing, of.patients), missing, np.nan)]


def _numbers(described: Sequence[Summary], names: Sequence[str]) -> pd.DataFrame:
    """Return the cells of the table as numbers."""
    rows: list[Row] = []
    for place, name in enumerate(names):
        for of in described:
            start, sizes = (name, of.label), (of.kind, of.patients[place], of.recorded[place])
            if of.kind == "number":
                rows.append((*start, "", *sizes, np.nan, np.nan, *of.statistics[place]))
            rows += [
                (*start, level, *sizes, count, share, *[np.nan] * len(STATISTICS))
                for level, count, share in zip(of.levels, of.holding[:, place], of.shares[:, place], strict=True)
            ]
    return with_groups(pd.DataFrame(rows, columns=NUMBERS), names)


def _column(group: str) -> str:
    return f"group {group}" if group in FIXED else group


def _difference_words(groups: int) -> str:
    return "standardised difference" if groups == 2 else "largest standardised difference between two groups"
