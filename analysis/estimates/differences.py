"""Differences in yearly shares between groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.estimates.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.intervals import Floats, proportion_interval
from analysis.estimates.limits import SmallNumbers
from analysis.estimates.yearly import Yearly

COLUMNS = ["year", "group_a", "group_b", "share_a", "share_b", "difference", "lower", "upper", "p", "withheld"]
OVERLAP = "the groups share patients"
NOBODY = "nobody is in one of the groups"


@dataclass(frozen=True)
class ShareDifferences:
    """How far apart the shares of two groups are.

    Attributes
    ----------
    question, method
        What the differences answer, and how.
    left_out
        patient_id, reason: patients who are in no group.
    table
        year, group_a, group_b, share_a, share_b, difference (b minus a), lower, upper, p, withheld ("" or why p is
        missing); sorted by groups and year.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def share_differences(
    result: Yearly,
    *,
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
) -> ShareDifferences:
    """Return differences in proportion with Newcombe's interval, and Fisher's exact test where numbers allow it.

    Parameters
    ----------
    result
        Yearly proportions by group. Probabilities over time and rates are compared by other means: Gray's test
        (`cumulative_incidence`) and ratios of rates.
    level
        Confidence level, between 0 and 1.
    limits
        Below which numbers the p-value is withheld, pair by pair and year by year.

    Raises
    ------
    ValueError
        If the result is not one of proportions.
    """
    known = {**REMISSION_ESTIMANDS, **RELAPSE_ESTIMANDS}
    if known[result.estimand].kind != "proportion":
        raise ValueError(f'The estimand "{result.estimand}" is no proportion of patients.')
    groups = [str(group) for group in result.bars["group"].cat.categories]
    columns = (result.bars[name] for name in ("group", "year", "events", "patients"))
    counts = {
        (str(group), int(year)): (int(events), int(patients))
        for group, year, events, patients in zip(*columns, strict=True)
    }
    inside = result.members[result.members["in_denominator"]].groupby(["group", "year"], observed=True)
    who = {(str(group), int(year)): set(ids) for (group, year), ids in inside["patient_id"]}
    years = sorted({year for _, year in counts})
    rows = []
    for a, b in combinations(groups, 2):
        for year in years:
            shared = not who.get((a, year), set()).isdisjoint(who.get((b, year), set()))
            rows.append((year, a, b, *_compare((a, b), counts[a, year], counts[b, year], shared, level, limits)))
    method = (
        f"Difference in proportion, second group minus first, {100 * level:g} % interval by Newcombe's method 10; "
        f"Fisher's exact test, two-sided, {limits.words()}, not adjusted for several years or pairs"
    )
    return ShareDifferences(
        "How far apart are the groups each year?", f"{method}.", result.left_out, pd.DataFrame(rows, columns=COLUMNS)
    )


def newcombe_interval(events: tuple[int, int], patients: tuple[int, int], level: float = 0.95) -> tuple[float, float]:
    """Return limits of the second proportion minus the first, from the Wilson limits of both.

    References
    ----------
    Newcombe RG (1998), Statistics in Medicine 17:873-890, method 10 (without continuity correction).
    """
    if not all(patients):
        return np.nan, np.nan
    lower, upper = proportion_interval(events, patients, "wilson", level)
    share: Floats = np.array(events) / np.array(patients)
    difference = share[1] - share[0]
    below = np.hypot(share[1] - lower[1], upper[0] - share[0])
    above = np.hypot(upper[1] - share[1], share[0] - lower[0])
    return float(difference - below), float(difference + above)


def _compare(
    groups: tuple[str, str],
    a: tuple[int, int],
    b: tuple[int, int],
    shared: bool,
    level: float,
    limits: SmallNumbers,
) -> tuple[object, ...]:
    share_a, share_b = (events / patients if patients else np.nan for events, patients in (a, b))
    lower, upper = (np.nan, np.nan) if shared else newcombe_interval((a[0], b[0]), (a[1], b[1]), level)
    withheld = OVERLAP if shared else limits.reason(a[0] + b[0], dict(zip(groups, (a[1], b[1]), strict=True)))
    if not (withheld or (a[1] and b[1])):
        withheld = NOBODY
    p = np.nan if withheld else _fisher(a, b)
    return share_a, share_b, share_b - share_a, lower, upper, p, withheld


def _fisher(a: tuple[int, int], b: tuple[int, int]) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact([[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]]).pvalue)
