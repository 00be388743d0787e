"""Differences between the curves of two groups at chosen months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Leaving
from analysis.estimates.common.differences import estimate_difference, overlap_words
from analysis.estimates.common.result import Result
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.survival.outcome_words import method_of_counts, outcome_name
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

COLUMNS = ["months", "group_a", "group_b", "share_a", "share_b", "difference", "lower", "upper", "withheld"]


@dataclass(frozen=True, repr=False)
class CurveDifferences(Result):
    """Differences between curves.

    Attributes
    ----------
    question, method
        What the differences answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        months, group_a, group_b, share_a, share_b, difference (b minus a), lower, upper (shares, not percent), withheld
        ("" or why the difference or its limits are missing); sorted by pair of groups, then in the given order of
        months. Groups without patients have no rows.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls, counts: Leaving, *, months: Sequence[float], level: float = 0.95, interval: str = "log-log"
    ) -> CurveDifferences:
        """Return the differences between curves estimated from counts.

        Parameters
        ----------
        counts
            The counts at each time.
        months, level, interval
            As for `curve_differences`.

        Raises
        ------
        ValueError
            If the interval is unknown, a time is below 0, or the level is not between 0 and 1.
        """
        competes = bool(counts.outcome.competing_words)
        curves = (
            CumulativeIncidence.of(counts, level=level)
            if competes
            else KaplanMeier.of(counts, level=level, interval=interval)
        )
        what = "incidence" if competes else "survival"
        at = curves.at(months)
        columns = (at[name] for name in ("group", "months", what, "lower", "upper"))
        estimates = {(str(group), month): (*estimate,) for group, month, *estimate in zip(*columns, strict=True)}
        patients = dict(zip(curves.summary["group"].astype(str), curves.summary["patients"], strict=True))
        rows = []
        for a, b in combinations([group for group, number in patients.items() if number], 2):
            overlap = overlap_words({group: patients[group] for group in (a, b)}, counts.shared)
            for month in months:
                pair = {group: estimates[group, month] for group in (a, b)}
                shares = (share for share, _, _ in pair.values())
                rows.append((month, a, b, *shares, *estimate_difference(pair, what, overlap)))
        curve, test = ("Aalen-Johansen", "Gray's test") if competes else ("Kaplan-Meier", "the log-rank test")
        method = method_of_counts(
            counts,
            f"Difference between {curve} estimates of {outcome_name(counts.outcome)}",
            "second group minus first",
            f"{100 * level:g} % interval by the square-and-add method (Zou and Donner 2008) from the limits of both "
            "curves",
            f"not tested month by month: {test} covers the whole curve",
            competing="competes",
        )
        question = "How far apart are the curves of the groups?"
        return cls(question, method, counts.left_out.table, pd.DataFrame(rows, columns=COLUMNS))


def curve_differences(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By,
    months: Sequence[float],
    level: float = 0.95,
    interval: str = "log-log",
) -> CurveDifferences:
    """Return differences in survival between groups at chosen months, or in cumulative incidence if an event competes.

    The limits come from those of both curves by the square-and-add method, so that they agree with the bands that are
    drawn. They are missing where a curve has none, and if the groups overlap. There is no p-value: tests at several
    months would be multiple tests, and the log-rank or Gray's test covers the whole curve.

    Parameters
    ----------
    cohort, endpoint, level
        As for `kaplan_meier` and `cumulative_incidence`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`.
    months
        Times of 0 or more.
    interval
        As for `kaplan_meier`; limits of an incidence are always log-log.

    Raises
    ------
    ValueError
        If the endpoint, the grouping column or the interval is unknown, a time is below 0, or the level is not between
        0 and 1.

    Returns
    -------
    CurveDifferences; ``table`` has one row per pair of groups and month.

    References
    ----------
    Zou GY, Donner A (2008), Statistics in Medicine 27:1693-1702.

    Examples
    --------
    >>> from analysis import load_sample
    >>> found = curve_differences(load_sample(), by="sex", months=[24])
    >>> found.table[["months", "group_a", "group_b"]].to_numpy().tolist()
    [[24, 'female', 'male']]
    """
    return CurveDifferences.of(Leaving.of(cohort, endpoint, by), months=months, level=level, interval=interval)
