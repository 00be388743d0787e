"""Differences in yearly shares and rates between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.estimates.common.differences import estimate_difference, overlap_words
from analysis.estimates.common.intervals import Estimate, proportion_interval, square_and_add
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.yearly.estimand import PROBABILITY, PROPORTION
from analysis.estimates.yearly.yearly import Yearly

COLUMNS = ["year", "group_a", "group_b", "share_a", "share_b", "difference", "lower", "upper", "p", "withheld"]


@dataclass(frozen=True, repr=False)
class ShareDifferences(Result):
    """Differences between the shares of two groups.

    Attributes
    ----------
    question, method
        What the differences answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        year, group_a, group_b, share_a, share_b, difference (b minus a), lower, upper, p, withheld ("" or why p, and
        possibly limits and difference, are missing); sorted by pair of groups and year. Rates are per 100
        patient-years.
    kind
        "proportion", "probability" or "rate", as in `Estimand`.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    kind: str = PROPORTION


def share_differences(
    result: Yearly,
    *,
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
    years: Sequence[int] | None = None,
) -> ShareDifferences:
    """Return differences between groups in each year, with limits by the square-and-add method.

    Proportions have Newcombe's interval, and Fisher's exact test unless numbers are too small. Probabilities and rates
    have limits from those of each group (Zou and Donner 2008) and no test: a single year of a curve is not tested.

    Parameters
    ----------
    result
        Yearly shares or rates by group.
    level
        Confidence level of differences of proportions, between 0 and 1. Probabilities and rates keep the level of their
        own limits.
    limits
        Numbers of patients and events below which the p-value is withheld, for each pair and year.
    years
        Some of the years of the result; by default all.

    Returns
    -------
    ShareDifferences; ``table`` has one row per pair and year, with fractions of 1 or rates per 100 patient-years.

    References
    ----------
    Newcombe RG (1998), Statistics in Medicine 17:873-890. Zou GY, Donner A (2008), Statistics in Medicine 27:1693-1702.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> found = share_differences(yearly_remission(load_sample(), by="msc_source", years=[1])).table
    >>> found[["group_a", "group_b", "difference"]].round(2).to_numpy().tolist()
    [['BM', 'UC', -0.05]]
    """
    kind = result.estimand.kind
    groups = [str(group) for group in result.bars["group"].cat.categories]
    columns = (result.bars[name] for name in ("group", "year", "events", "patients", "share", "lower", "upper"))
    bars = {(str(group), int(year)): _Bar(*numbers) for group, year, *numbers in zip(*columns, strict=True)}
    # Only two pinned cohorts can overlap, and they are a single pair.
    shared = dict(zip(result.years, result.numbers.shared_in_year, strict=False))
    rows = []
    for a, b in combinations(groups, 2):
        for year in sorted(result.years if years is None else years):
            pair = {group: bars[group, year] for group in (a, b)}
            if kind == PROPORTION:
                compared = _compared_proportions(pair, shared.get(year, 0), level, limits)
            else:
                compared = _compared_estimates(pair, shared.get(year, 0), result.estimand.no_test)
            rows.append((year, a, b, pair[a].share, pair[b].share, *compared))
    question = "How far apart are the groups each year?"
    table = pd.DataFrame(rows, columns=COLUMNS)
    return ShareDifferences(question, f"{_method(kind, level, limits)}.", result.left_out, table, kind)


def newcombe_interval(events: tuple[int, int], patients: tuple[int, int], level: float = 0.95) -> tuple[float, float]:
    """Return Newcombe's limits of the second proportion minus the first, from the Wilson limits of both.

    Parameters
    ----------
    events, patients
        Numerators and denominators of the first and the second group.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Lower and upper limit; missing if a group is empty.

    References
    ----------
    Newcombe RG (1998), Statistics in Medicine 17:873-890, method 10 (without continuity correction).
    """
    if not all(patients):
        return np.nan, np.nan
    lower, upper = proportion_interval(events, patients, "wilson", level)
    first, second = zip(np.array(events) / np.array(patients), lower, upper, strict=True)
    return square_and_add(first, second)


@dataclass(frozen=True)
class _Bar:
    """One group in one year, as in the bars of a `Yearly`."""

    events: int
    patients: int
    share: float
    lower: float
    upper: float

    @property
    def estimate(self) -> Estimate:
        return self.share, self.lower, self.upper


def _method(kind: str, level: float, limits: SmallNumbers) -> str:
    if kind == PROPORTION:
        return (
            f"Difference in proportion, second group minus first, {100 * level:g} % interval by Newcombe's method 10; "
            f"Fisher's exact test, two-sided, {limits.words()}, not adjusted for several years or pairs"
        )
    what = "share" if kind == PROBABILITY else "rate"
    unit = "estimated share of patients" if kind == PROBABILITY else "rate per 100 patient-years"
    return (
        f"Difference in {unit}, second group minus first, interval by the square-and-add method (Zou and Donner 2008) "
        f"from the interval of each group's {what}; not tested"
    )


def _compared_proportions(
    pair: Mapping[str, _Bar], shared: int, level: float, limits: SmallNumbers
) -> tuple[float, float, float, float, str]:
    """Return difference, limits and p of two proportions, and why p is missing."""
    first, second = pair.values()
    nobody = _nobody(pair)
    withheld = nobody or limits.reason({group: bar.events for group, bar in pair.items()}, _patients(pair), shared)
    lower, upper = (
        (np.nan, np.nan)
        if shared
        else newcombe_interval((first.events, second.events), (first.patients, second.patients), level)
    )
    p = np.nan if withheld else _fisher(first, second)
    return second.share - first.share, lower, upper, p, withheld


def _compared_estimates(pair: Mapping[str, _Bar], shared: int, no_test: str) -> tuple[float, float, float, float, str]:
    """Return difference, limits and a missing p of two probabilities or rates, and the reason."""
    estimates = {group: bar.estimate for group, bar in pair.items()}
    overlap = overlap_words(_patients(pair), shared)
    difference, lower, upper, missing = estimate_difference(estimates, "the share", overlap)
    return difference, lower, upper, np.nan, _nobody(pair) or missing or no_test


def _nobody(pair: Mapping[str, _Bar]) -> str:
    empty = [group for group, bar in pair.items() if not bar.patients]
    return f"nobody is in {' or '.join(empty)}" if empty else ""


def _patients(pair: Mapping[str, _Bar]) -> dict[str, int]:
    return {group: bar.patients for group, bar in pair.items()}


def _fisher(first: _Bar, second: _Bar) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact([[bar.events, bar.patients - bar.events] for bar in (first, second)]).pvalue)
