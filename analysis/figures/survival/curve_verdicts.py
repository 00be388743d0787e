"""The verdict of curves by group: all groups at one time, their differences, and the test of the whole curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.estimates.common.differences import estimate_difference
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.survival.log_rank import LogRank
from analysis.figures.common.differences import SHARE_PATIENTS, GroupDifference
from analysis.figures.common.verdict import FROM_ALL_COUNTS, GroupTest, GroupValue, Verdict
from analysis.figures.survival.told_curves import (
    Curves,
    cell_words,
    common_time,
    incidence_curves,
    survival_curves,
    when_words,
)

LOG_RANK = "log-rank test"
GRAY = "Gray's test"


def survival_verdict(
    result: KaplanMeier,
    outcome: str,
    *,
    test: LogRank | None,
    failure: bool = False,
    months: Sequence[float] = (),
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> Verdict | None:
    """Return the verdict of Kaplan-Meier curves; None with fewer than two groups.

    Parameters
    ----------
    result
        The curves.
    outcome
        The state whose share is given, such as "alive".
    test
        The test of all groups; None if small counts are hidden.
    failure
        Whether the share is that of patients with the event.
    months, few, until
        As for `analysis.figures.survival.told_curves.common_time`.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample, log_rank
    >>> sample = load_sample()
    >>> verdict = survival_verdict(kaplan_meier(sample, by="sex"), "alive", test=log_rank(sample, by="sex"))
    >>> print(verdict.estimates)
    female 97 % (90–99, 74 at risk), male 100 % (69–100, 10 at risk)
    """
    tested = _test(test.name, test.table) if test else GroupTest(LOG_RANK, math.nan, FROM_ALL_COUNTS)
    return _verdict(survival_curves(result, failure), outcome, tested, months, few, until)


def incidence_verdict(
    result: CumulativeIncidence,
    outcome: str,
    *,
    months: Sequence[float] = (),
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> Verdict | None:
    """Return the same of incidences with Gray's test; `outcome` is the event, such as "relapsed"."""
    return _verdict(incidence_curves(result), outcome, _test(GRAY, result.test), months, few, until)


def _test(name: str, table: pd.DataFrame) -> GroupTest:
    first = table.iloc[0]
    return GroupTest(name, float(first["p"]), str(first["withheld"]))


def _verdict(
    curves: Curves, outcome: str, test: GroupTest, months: Sequence[float], few: int, until: float | None
) -> Verdict | None:
    if len(curves.patients) < 2:
        return None
    time = common_time(curves, months=months, few=few, until=until)
    at = curves.at([time.at]).set_index("group")
    return Verdict(
        when=f"{outcome} at {when_words(curves, time.at)}",
        why=(
            f"the last with at least {few} at risk in each group"
            if time.enough
            else f"at no time are {few} at risk in each group"
        ),
        enough=time.enough,
        values=tuple(
            GroupValue(group, float(at.loc[group, "share"]), cell_words(at.loc[group], curves.patients[group]))
            for group in curves.patients
        ),
        differences=tuple(_differences(curves, at)),
        test=test,
        caution=curves.caution,
    )


def _differences(curves: Curves, at: pd.DataFrame) -> list[GroupDifference]:
    """Return the difference of each group from the first, with its interval or why there is none."""
    first, *others = curves.patients
    overlap = SHARE_PATIENTS if curves.overlap else ""
    pairs = ({group: (*at.loc[group, ["share", "lower", "upper"]],) for group in (first, other)} for other in others)
    return [
        GroupDifference(other, *estimate_difference(pair, curves.what, overlap))
        for other, pair in zip(others, pairs, strict=True)
    ]
