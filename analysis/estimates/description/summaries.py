"""A characteristic of the patients in numbers, group by group: how many hold each level, or mean and quartiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.grouping import By, Grouping
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.distribution import Distribution
from analysis.estimates.common.means import mean, quantile
from analysis.estimates.description.baseline_columns import Characteristic, baseline_characteristics
from analysis.estimates.description.baseline_words import decimals
from analysis.estimates.description.standardised import number_difference, share_difference, standard_deviation

STATISTICS = ("mean", "standard_deviation", "lower_quartile", "median", "upper_quartile")


@dataclass(frozen=True, eq=False)
class Summary:
    """A characteristic of each group in numbers. What is hidden is missing.

    Attributes
    ----------
    label, kind
        The characteristic in words, and whether it is a "number"; "levels" of which each patient has one; or "flags"
        of which each patient may have several.
    levels
        Its levels; none of numbers.
    patients
        Patients of each group.
    recorded
        How many of them have a value.
    holding
        How many hold each level (rows) in each group (columns).
    statistics
        Of numbers, those of `STATISTICS` (columns) of each group (rows); missing where too few have a value.
    difference
        Of numbers, the standardised difference in means; missing where it is not defined.
    decimals
        The number of decimals of the statistics in words.
    values
        Of numbers, those of each group; nothing where anything is hidden.
    """

    label: str
    kind: Literal["number", "levels", "flags"]
    levels: tuple[str, ...]
    patients: Integers
    recorded: Integers | Floats
    holding: Floats
    statistics: Floats
    difference: float
    decimals: int
    values: tuple[Distribution, ...]

    @property
    def missing(self) -> Integers | Floats:
        """How many of each group have no value."""
        return self.patients - self.recorded

    @property
    def shares(self) -> Floats:
        """The share that holds each level (rows) in each group (columns); missing where nobody has a value."""
        with np.errstate(invalid="ignore"):
            shares: Floats = self.holding / self.recorded
        return shares

    @property
    def differences(self) -> list[float]:
        """The standardised difference of each level; of levels that exclude each other that of all, at the first."""
        shares = self.shares
        if self.kind == "levels":
            return [share_difference([*shares.T]), *[np.nan] * (len(self.levels) - 1)]
        others = (self.recorded - self.holding) / np.where(self.recorded == 0, np.nan, self.recorded)
        return [share_difference([*np.stack(each, axis=1)]) for each in zip(shares, others, strict=True)]


def summaries(counts: BaselineCounts) -> list[Summary]:
    """Return the characteristics of the groups that are shown, in the order of the table."""
    by, shown = counts.groups.by, counts.groups.shown.tolist()
    found = []
    for each in baseline_characteristics(counts):
        levels = _levels_shown(each, by)
        if each.kind == "number" or levels:
            found.append(_summary(each, levels, shown))
    return found


def _levels_shown(each: Characteristic, by: By | None) -> tuple[str, ...]:
    """Return the levels to show: none of the grouping itself, each of which is 0 or 100 % in every group."""
    if each.name == by:
        return ()
    organ = by.organ if isinstance(by, Grouping) and each.name == "organs" else ""
    return tuple(level for level in each.levels if level != organ)


def _summary(of: Characteristic, levels: tuple[str, ...], groups: list[int]) -> Summary:
    numeric = of.kind == "number"
    recorded = np.array([of.recorded(group) for group in groups], dtype=np.int64)
    missing = np.array([of.missing(group) for group in groups], dtype=np.int64)
    values = tuple(of.numbers(group) for group in groups) if numeric else ()
    return Summary(
        of.label,
        of.kind,
        levels,
        recorded + missing,
        recorded,
        np.array([of.holding(levels, group) for group in groups]).reshape(len(groups), len(levels)).T,
        np.array([_statistics(held) for held in values]).reshape(len(values), len(STATISTICS)),
        number_difference(values),
        decimals(of.counts.of_groups(groups)) if numeric else 0,
        values,
    )


def _statistics(numbers: Distribution) -> list[float]:
    """Return those of `STATISTICS`; missing where there are too few."""
    if not numbers.size:
        return [np.nan] * len(STATISTICS)
    deviation = standard_deviation(numbers, lost=1) if numbers.size > 1 else np.nan
    return [mean(numbers), deviation, *(quantile(numbers, share) for share in (0.25, 0.5, 0.75))]
