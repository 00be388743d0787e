"""What the mean number of relapses says: of one group in a sentence, of several in the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.mean_relapses import MeanRelapses
from analysis.estimates.survival.relapse_rates import RelapseRates
from analysis.figures.common.differences import SHARE_PATIENTS, GroupDifference
from analysis.figures.common.number_words import NO_PATIENTS, NOT_ESTIMABLE, of_group, percent
from analysis.figures.common.times_in_common import CommonTime
from analysis.figures.common.verdict import GroupTest, GroupValue, Verdict
from analysis.figures.survival.told_curves import Curves, at_risk_words, common_time, when_words

UNIT = "relapses per 100 patients"
PER = 100  # patients
NO_TEST = GroupTest("test of relapse rates", math.nan, "no test was asked for")


def mean_curves(result: MeanRelapses) -> Curves:
    """Return the curves of the groups with patients, the mean number of relapses as their ``share``."""
    held = result.summary[result.summary["patients"] > 0].astype({"group": str})
    groups = [*held["group"]]

    def of_groups(table: pd.DataFrame) -> pd.DataFrame:
        group = table["group"].cat.rename_categories(str)
        return table.rename(columns={"mean": "share"}).assign(group=group)[group.isin(groups)]

    return Curves(
        "the mean number of relapses",
        of_groups(result.curve).dropna(subset="share"),
        lambda months: of_groups(result.at(months)),
        dict(zip(groups, held["patients"], strict=True)),
        dict(zip(groups, held["relapses"], strict=True)),
        with_event=True,
        time_zero=result.time_zero,
        overlap=result.shared > 0,
        caution=result.caution,
    )


def per_hundred(mean: float, lower: float, upper: float, patients: int) -> str:
    """Return relapses per 100 patients with their interval, if there is one.

    Examples
    --------
    >>> per_hundred(0.312, 0.2, 0.48, 42)
    '31 (20–48)'
    """
    words = percent(mean, patients)
    if math.isnan(mean) or math.isnan(lower + upper):
        return words
    return f"{words} ({percent(lower, patients)}–{percent(upper, patients)})"


def mean_relapses_reading(
    result: MeanRelapses, *, at: float | None = None, few: int = FEW_AT_RISK, until: float | None = None
) -> str:
    """Return the mean number of relapses of a single group at one time; "" for several, which have a verdict.

    Parameters
    ----------
    result
        The curve.
    at
        The month; None for the last with enough at risk.
    few, until
        As for `analysis.figures.survival.told_curves.common_time`.

    Examples
    --------
    >>> from analysis import load_sample, mean_relapses
    >>> print(mean_relapses_reading(mean_relapses(load_sample())))
    Relapses by 3 years (the last with at least 10 at risk): 39 per 100 patients (24–63, 23 at risk).
    """
    curves = mean_curves(result)
    if len(curves.patients) != 1:
        return "" if curves.patients else NO_PATIENTS
    (group,) = curves.patients
    time, why = _time(curves, at, few, until)
    row = curves.at([time.at]).iloc[0]
    when = f"{when_words(curves, time.at)}{f' ({why})' if why else ''}"
    if not curves.events[group]:
        among = count_words(curves.patients[group], "patient")
        words = f"0 relapses among {among} by {when}, {at_risk_words(row)}"
    else:
        words = f"relapses by {when}: {_cell(row, curves.patients[group], ' per 100 patients')}"
    return " ".join(filter(None, [of_group(group, words), curves.caution]))


def mean_relapses_verdict(
    result: MeanRelapses,
    *,
    test: RelapseRates | None = None,
    at: float | None = None,
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> Verdict | None:
    """Return the verdict of mean numbers of relapses by group; None with fewer than two groups.

    Parameters
    ----------
    result
        The curves.
    test
        The test of relapse rates.
    at, few, until
        As for `mean_relapses_reading`.

    Examples
    --------
    >>> from analysis import load_sample, mean_relapses, relapse_rates
    >>> sample = load_sample()
    >>> verdict = mean_relapses_verdict(
    ...     mean_relapses(sample, by="msc_source"), test=relapse_rates(sample, by="msc_source"), at=12
    ... )
    >>> print(verdict.time, verdict.estimates, sep=": ")
    Relapses per 100 patients by 1 year: BM 13 (6–32, 44 at risk), UC 12 (5–27, 40 at risk)
    """
    curves = mean_curves(result)
    if len(curves.patients) < 2:
        return None
    time, why = _time(curves, at, few, until)
    rows = curves.at([time.at]).set_index("group")
    first, *others = curves.patients
    apart = result.differences([time.at]).set_index(["group_a", "group_b"])
    return Verdict(
        when=f"{UNIT} by {when_words(curves, time.at)}",
        why=f"{why} in each group" if time.enough and why else why,
        enough=time.enough,
        values=tuple(
            GroupValue(group, float(rows.loc[group, "share"]), _cell(rows.loc[group], curves.patients[group]))
            for group in curves.patients
        ),
        differences=tuple(_difference(apart.loc[(first, other)], other, curves) for other in others),
        test=_test(test),
        unit=UNIT,
        caution=curves.caution,
    )


def _time(curves: Curves, at: float | None, few: int, until: float | None) -> tuple[CommonTime, str]:
    """Return the month of the sentence, and why that one; a chosen one needs no reason but few patients."""
    if at is None:
        time = common_time(curves, few=few, until=until)
        if time.enough:
            return time, "" if time.last and len(curves.patients) == 1 else f"the last with at least {few} at risk"
        several = " in each group" if len(curves.patients) > 1 else ""
        return time, f"at no time are {few} at risk{several}"
    fewest = curves.at([at])["at_risk"].min()
    enough = bool(fewest >= few)
    return CommonTime(at, enough, last=False), "" if enough else f"fewer than {few} are at risk"


def _cell(row: pd.Series | Mapping[str, Any], patients: int, unit: str = "") -> str:
    if math.isnan(row["share"]):
        return f"{NOT_ESTIMABLE} ({at_risk_words(row)})"
    words, _, limits = per_hundred(row["share"], row["lower"], row["upper"], patients).partition(" (")
    inside = f"{limits.removesuffix(')')}, " if limits else ""
    return f"{words}{unit} ({inside}{at_risk_words(row)})"


def _difference(found: pd.Series, group: str, curves: Curves) -> GroupDifference:
    value, lower, upper = (PER * float(found[name]) for name in ("difference", "lower", "upper"))
    missing = SHARE_PATIENTS if curves.overlap and not math.isnan(found["difference"]) else str(found["withheld"])
    return GroupDifference(group, value, lower, upper, missing)


def _test(test: RelapseRates | None) -> GroupTest:
    if test is None:
        return NO_TEST
    first = test.test.iloc[0]
    return GroupTest(test.name, float(first["p"]), str(first["withheld"]))
