"""The baseline table: who the patients were at transplantation, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, Grouping, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.method_words import method_words
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


@dataclass(frozen=True)
class BaselineTable:
    """Who the patients were at transplantation.

    Attributes
    ----------
    question, method
        What the table answers, and how.
    left_out
        patient_id, reason: patients who are in no group.
    table
        characteristic, level, one column a group with cells in words, missing (how many of all groups have no value),
        difference (standardised; of levels that exclude each other it stands in the first row; missing where it is
        not defined). A group called like one of the other columns has "group" before its name.
    numbers
        group, characteristic, level, kind ("number", "levels" or "flags"), patients, recorded, count, share, mean,
        standard_deviation, lower_quartile, median, upper_quartile: the same as numbers, a row a cell of `table`
        (mean and median in one).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    numbers: pd.DataFrame


def baseline_table(cohort: Cohort, *, by: By | None = None) -> BaselineTable:
    """Return counts and percent, mean (SD), and median (quartiles, type 7) of every characteristic at transplantation.

    There are no p-values: a difference between groups at baseline is described, not tested, and the standardised
    difference does not grow with the number of patients (Austin 2009).

    Parameters
    ----------
    cohort
        The patients.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Austin PC (2009), Statistics in Medicine 28:3083-3107.
    Hyndman RJ, Fan Y (1996), The American Statistician 50:361-365.
    """
    who = members(cohort, by)
    left_out = who.left_out(cohort)
    groups = who.group.categories
    places = [who.of(group) for group in groups]
    sizes = [len(place) for place in places]
    rows: list[tuple[object, ...]] = [(PATIENTS_ROW, "", *map(str, sizes), 0, np.nan)]
    numbers: list[tuple[object, ...]] = []
    for each in baseline_characteristics(cohort):
        levels = _levels_shown(each, by)
        if each.kind != "number" and not levels:
            continue
        values = [each.values.iloc[place] for place in places]
        found = _number_rows(each, values) if each.kind == "number" else _level_rows(each, levels, values)
        rows += [*found, *_not_recorded(each.label, values)]
        numbers += _numbers(each, levels, groups, values)
    columns = ["characteristic", "level", *(_column(group) for group in groups), "missing", "difference"]
    table = pd.DataFrame(rows, columns=columns)
    tidy = with_groups(pd.DataFrame(numbers, columns=NUMBERS), groups).sort_values("group", kind="stable")
    parts = [
        "Counts of those with a value and percent, mean (SD), median (quartiles, type 7), at transplantation",
        *([f"{_difference_words(len(groups))}, without sign"] if len(groups) > 1 else []),
        count_words(number_of_patients(who.rows), "patient"),
    ]
    return BaselineTable(
        "Who were the patients at transplantation?",
        method_words(", ".join(parts), left_out),
        left_out,
        table,
        tidy.reset_index(drop=True),
    )


def _levels_shown(each: Characteristic, by: By | None) -> tuple[str, ...]:
    """Return the levels to show: what the groups are made by is 0 or 100 % in each and tells nothing."""
    if each.name == by:
        return ()
    organ = by.organ if isinstance(by, Grouping) and each.name == "organs" else ""
    return tuple(level for level in each.levels if level != organ)


def _number_rows(each: Characteristic, groups: Sequence[pd.Series]) -> list[tuple[object, ...]]:
    held = [_floats(values) for values in groups]
    places = decimals(np.concatenate(held)) if held else 0
    missing = _missing(groups)
    sums = [_sums(values) for values in held]
    means = [mean_words(mean, deviation, places) for mean, deviation, *_ in sums]
    medians = [median_words(median, lower, upper, places) for *_, lower, median, upper in sums]
    return [
        (each.label, MEAN, *means, missing, number_difference(held)),
        (each.label, MEDIAN, *medians, missing, np.nan),
    ]


def _level_rows(each: Characteristic, levels: Sequence[str], groups: Sequence[pd.Series]) -> list[tuple[object, ...]]:
    counts = _counts(each, levels, groups)
    recorded = [int(values.notna().sum()) for values in groups]
    missing = _missing(groups)
    if each.kind == "levels":
        joint = share_difference([_shares(counts[:, place], of) for place, of in enumerate(recorded)])
        differences = [joint, *[np.nan] * (len(levels) - 1)]
    else:
        differences = [
            share_difference([_shares(np.array([held, of - held]), of) for held, of in zip(row, recorded, strict=True)])
            for row in counts
        ]
    return [
        (each.label, level, *map(fraction_words, map(int, row), recorded), missing, difference)
        for level, row, difference in zip(levels, counts, differences, strict=True)
    ]


def _not_recorded(label: str, groups: Sequence[pd.Series]) -> list[tuple[object, ...]]:
    missing = _missing(groups)
    if not missing:
        return []
    words = [f"{int(values.isna().sum())}/{len(values)}" for values in groups]
    return [(label, NOT_RECORDED, *words, missing, np.nan)]


def _numbers(
    each: Characteristic, levels: Sequence[str], names: Sequence[str], groups: Sequence[pd.Series]
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for name, values in zip(names, groups, strict=True):
        start = (name, each.label)
        sizes = (len(values), int(values.notna().sum()))
        if each.kind == "number":
            rows.append((*start, "", each.kind, *sizes, np.nan, np.nan, *_sums(_floats(values))))
            continue
        counts = each.counts(levels, values)
        for level, count, share in zip(levels, counts, _shares(counts, sizes[1]), strict=True):
            rows.append((*start, level, each.kind, *sizes, count, share, *[np.nan] * 5))
    return rows


def _floats(values: pd.Series) -> Floats:
    floats: Floats = values.dropna().to_numpy(dtype=float)
    return floats


def _sums(values: Floats) -> tuple[float, float, float, float, float]:
    """Return mean, standard deviation, lower quartile, median, upper quartile; missing where there are too few."""
    if not len(values):
        return np.nan, np.nan, np.nan, np.nan, np.nan
    deviation = standard_deviation(values, lost=1) if len(values) > 1 else np.nan
    lower, median, upper = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return float(values.mean()), deviation, lower, median, upper


def _counts(each: Characteristic, levels: Sequence[str], groups: Sequence[pd.Series]) -> Floats:
    """Return how many hold each level (rows) in each group (columns)."""
    counts = [each.counts(levels, values) for values in groups]
    return np.stack(counts, axis=1) if counts else np.empty((len(levels), 0))


def _shares(counts: Floats, of: int) -> Floats:
    shares: Floats = counts / of if of else np.full(len(counts), np.nan)
    return shares


def _missing(groups: Sequence[pd.Series]) -> int:
    return sum(int(values.isna().sum()) for values in groups)


def _column(group: str) -> str:
    return f"group {group}" if group in FIXED else group


def _difference_words(groups: int) -> str:
    return "standardised difference" if groups == 2 else "largest standardised difference between two groups"
