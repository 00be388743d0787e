"""The verdict of shares or rates by year and group: all groups in one year, their differences, and the test."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.column_words import mid_sentence
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.yearly.estimand import PROBABILITY, PROPORTION
from analysis.estimates.yearly.share_differences import share_differences
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.differences import SHARE_PATIENTS, SHARE_POINTS, GroupDifference
from analysis.figures.common.number_words import count_or_hidden
from analysis.figures.common.times_in_common import time_in_common, times_in_common
from analysis.figures.common.verdict import GroupTest, GroupValue, Verdict
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate

FISHER = "Fisher's exact test"
OF_TWO = f"{FISHER} compares two"


def yearly_verdict(
    result: Yearly, *, remission: str = "complete remission", limits: SmallNumbers = SmallNumbers()
) -> Verdict | None:
    """Return the verdict of yearly shares or rates; None without two groups that have a year in common.

    Parameters
    ----------
    result
        The shares or rates.
    remission
        The definition of remission, in words.
    limits
        Numbers below which a year is not told, if there is another, and the p-value is withheld.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> verdict = yearly_verdict(yearly_remission(load_sample(), by="msc_source"))
    >>> print(verdict.when, verdict.difference, sep=": ")
    in complete remission at year 2: difference 8 points (−20 to 37), UC minus BM
    """
    bars = bar_words(result)
    held = bars[bars["share"].notna()]
    first, *others = dict.fromkeys(held["group"]) or ("",)
    years = times_in_common(held, "year")
    if not others or not years:
        return None
    few, of = limits.patients, result.estimand.of
    time = time_in_common(held, years, "year", "at_risk" if is_estimated(result) else "patients", few)
    year = int(time.at)
    at = held[held["year"] == year].set_index("group").loc[[first, *others]]
    found = share_differences(result, limits=limits, years=[year]).table.set_index(["group_a", "group_b"])
    outcome = _outcome(result, remission)
    tested = _test(result, found.loc[(first, others[0])], f"{outcome[-2:]} year {year}", alone=len(others) == 1)
    return Verdict(
        when=f"{outcome} year {year}",
        why=f"{'the last with at least' if time.enough else 'in no year are'} {few} {of} in each group",
        enough=time.enough,
        values=tuple(GroupValue(str(group), float(bar["share"]), _cell(result, bar)) for group, bar in at.iterrows()),
        differences=tuple(_difference(result, other, found.loc[(first, other)]) for other in others),
        test=tested,
        caution=result.estimand.caution,
        unit=result.estimand.short if is_rate(result) else SHARE_POINTS,
    )


def _outcome(result: Yearly, remission: str) -> str:
    """Return what is counted, with the word before a year: in it, or at its end."""
    title = mid_sentence(result.estimand.title.format(remission=remission)).removesuffix(" in the year")
    in_it = result.settings.outcome == "relapse" and result.estimand.kind != PROBABILITY
    return f"{title} {'in' if in_it else 'at'}"


def _cell(result: Yearly, bar: pd.Series) -> str:
    """Return the value with its interval and its counts, such as "28 % (14–48, 7 of 25)"."""
    counts = f"{count_or_hidden(bar['events'])} of {count_or_hidden(bar['patients'])}"
    if is_rate(result):
        counts = f"{count_or_hidden(bar['events'])} in {bar['person_years']:.1f} patient-years"
    if is_estimated(result):
        counts = str(bar["counts"])
    words = str(bar["words"])
    return f"{words[:-1]}, {counts})" if words.endswith(")") else f"{words} ({counts})"


def _difference(result: Yearly, group: str, found: pd.Series) -> GroupDifference:
    missing = ""
    if math.isnan(found["lower"]):
        missing = SHARE_PATIENTS if result.shared else str(found["withheld"])
    return GroupDifference(group, float(found["difference"]), float(found["lower"]), float(found["upper"]), missing)


def _test(result: Yearly, found: pd.Series, when: str, *, alone: bool) -> GroupTest:
    if result.estimand.kind != PROPORTION:
        return GroupTest("test", math.nan, result.estimand.no_test)
    if not alone:
        return GroupTest("test of all groups at once", math.nan, OF_TWO)
    return GroupTest(FISHER, float(found["p"]), str(found["withheld"]), when)
