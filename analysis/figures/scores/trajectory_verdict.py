"""The verdict of a measure over time by group: its change up to one month, the differences, and the test of change."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.scores.change_differences import ChangeDifferences
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.differences import GroupDifference
from analysis.figures.common.number_words import number, with_unit
from analysis.figures.common.times_in_common import time_in_common, times_in_common
from analysis.figures.common.verdict import FROM_ALL_COUNTS, GroupTest, GroupValue, Verdict

WELCH = "Welch's t-test of the change"
OF_TWO = "Welch's t-test compares two"
LATER_POINTS = "Later points rest on the patients who are still seen."
HIDDEN = "no interval: small counts are hidden"


def trajectory_verdict(
    result: Trajectory, *, measure: str, unit: str, test: ChangeDifferences | None, few: int = FEW_AT_RISK
) -> Verdict | None:
    """Return the verdict of a measure over time; None without two groups that have a month in common.

    Parameters
    ----------
    result
        The measure over time.
    measure, unit
        The measure within a sentence, and its unit.
    test
        The differences in change; None if small counts are hidden, and with them the changes: the values are told.
    few
        With fewer in a group a month is not told, if there is another.

    Examples
    --------
    >>> from analysis import load_sample, trajectory
    >>> from analysis.estimates.scores.change_differences import change_differences
    >>> sample = load_sample()
    >>> apart = change_differences(sample, by="sex")
    >>> verdict = trajectory_verdict(trajectory(sample, by="sex"), measure="SLEDAI", unit="points", test=apart)
    >>> print(verdict.when)
    mean change of SLEDAI from month 0 to month 12
    """
    told = of_groups(result)
    first, *others = dict.fromkeys(told["group"]) or ("",)
    months = times_in_common(told, "months")
    if not others or not months:
        return None
    time = time_in_common(told, months, "months", "patients", few)
    at = told[told["months"] == time.at].set_index("group").loc[[first, *others]]
    start = result.summary["months"].min()
    of = "with both values" if test else "with a value"
    return Verdict(
        when=(
            f"mean change of {measure} from month {start:g} to month {time.at:g}"
            if test
            else f"{result.centre} {measure} at month {time.at:g}"
        ),
        why=f"{'the last with at least' if time.enough else 'at no month are'} {few} {of} in each group",
        enough=time.enough,
        values=tuple(GroupValue(str(group), float(row["value"]), _cell(row, unit)) for group, row in at.iterrows()),
        differences=tuple(_difference(test, at, first, other, time.at) for other in others),
        test=_test(test, first, others, time.at),
        caution=LATER_POINTS,
        unit=unit,
    )


def of_groups(result: Trajectory) -> pd.DataFrame:
    """Return what is told of groups: group, months, patients, value, lower, upper; changes unless they are hidden."""
    change = result.change.rename(columns={"pairs": "patients", "mean_change": "value"})
    values = result.summary.rename(columns={"centre": "value"})
    told = change if len(change) else values[values["months"] > values["months"].min()]
    return told[(told["patients"] >= 2) & told["value"].notna()].astype({"group": str})


def _cell(row: pd.Series, unit: str) -> str:
    """Return the value with its interval and patients, such as "−9.4 points (−10.9 to −8.0, 36 patients)"."""
    counted = count_words(int(row["patients"]), "patient")
    known = not math.isnan(row["lower"] + row["upper"])
    limits = f"{number(row['lower'])} to {number(row['upper'])}, " if known else ""
    return f"{with_unit(number(row['value']), unit)} ({limits}{counted})"


def _difference(
    test: ChangeDifferences | None, at: pd.DataFrame, first: str, other: str, month: float
) -> GroupDifference:
    if test is None:
        apart = float(at.loc[other, "value"] - at.loc[first, "value"])
        return GroupDifference(other, apart, math.nan, math.nan, HIDDEN)
    row = _row(test, first, other, month)
    missing = str(row["withheld"]) if math.isnan(row["lower"]) else ""
    missing = missing if missing.startswith("no") or not missing else f"no interval: {missing}"
    return GroupDifference(other, float(row["difference"]), float(row["lower"]), float(row["upper"]), missing)


def _test(test: ChangeDifferences | None, first: str, others: list[str], month: float) -> GroupTest:
    if test is None:
        return GroupTest(WELCH, math.nan, FROM_ALL_COUNTS)
    if len(others) > 1:
        return GroupTest("test of all groups at once", math.nan, OF_TWO)
    row = _row(test, first, others[0], month)
    return GroupTest(WELCH, float(row["p"]), str(row["withheld"]), f"to month {month:g}")


def _row(test: ChangeDifferences, first: str, other: str, month: float) -> pd.Series:
    table = test.table
    return table[(table["group_a"] == first) & (table["group_b"] == other) & (table["months"] == month)].iloc[0]
