"""The sentence that reads a measure over time of one group."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.number_words import number, of_group, with_unit
from analysis.figures.common.times_in_common import time_in_common, times_in_common
from analysis.figures.scores.trajectory_verdict import LATER_POINTS, of_groups

TOO_FEW = "Fewer than two patients have a value at two of the scheduled visits."


def trajectory_reading(result: Trajectory, measure: str, unit: str = "") -> str:
    """Return the measure at two months: the first, and the last with ten patients or, if there is none, with two.

    Several groups have a verdict, and "" here.

    Parameters
    ----------
    result
        The measure over time.
    measure, unit
        What is summarised, as within a sentence ("mean albumin"), and its unit.
    """
    told = of_groups(result)
    if told["group"].nunique() > 1 and times_in_common(told, "months"):
        return ""
    summary = result.summary.astype({"group": str})
    held = summary[summary["patients"] >= 2]
    sentences = [
        of_group(str(group), f"{measure} {_ends(own, unit)}")
        for group, own in held.groupby("group", sort=False)
        if len(own) > 1
    ]
    return " ".join([*sentences, LATER_POINTS]) if sentences else TOO_FEW


def _ends(held: pd.DataFrame, unit: str) -> str:
    first, *later = held["months"]
    time = time_in_common(held, later, "months", "patients", FEW_AT_RISK)
    ends = held[held["months"].isin([first, time.at if time.enough else later[-1]])]
    return ", ".join(
        f"{with_unit(number(centre), unit)} at month {month:g} ({count_words(patients, 'patient')})"
        for centre, month, patients in zip(ends["centre"], ends["months"], ends["patients"], strict=True)
    )
