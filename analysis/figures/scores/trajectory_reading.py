"""The sentence that reads a measure over time."""

from __future__ import annotations

from analysis.cohort.wording import count_words
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.number_words import number, of_group, with_unit
from analysis.figures.common.times_in_common import common_times, last_with_enough


def trajectory_reading(result: Trajectory, measure: str, unit: str = "") -> str:
    """Return the measure at two months: the first, and the last with enough patients in each group.

    If no later month has ten patients in each group, the second is the last with two in each.

    Parameters
    ----------
    result
        The measure over time.
    measure, unit
        What is summarised, as within a sentence ("mean albumin"), and its unit.
    """
    summary = result.summary.astype({"group": str})
    held = summary[summary["patients"] >= 2]
    groups = [group for group, own in held.groupby("group", sort=False) if len(own) > 1]
    months = common_times(held[held["group"].isin(groups)], groups, "months") if groups else []
    if len(months) < 2:
        return "Fewer than two patients have a value at two of the scheduled visits."
    last = last_with_enough(held[held["group"].isin(groups)], months[1:], "months", "patients") or months[-1]
    sentences = []
    for group in groups:
        ends = held[(held["group"] == group) & held["months"].isin([months[0], last])]
        parts = [
            f"{with_unit(number(centre), unit)} at month {month:g} ({count_words(patients, 'patient', ',')})"
            for centre, month, patients in zip(ends["centre"], ends["months"], ends["patients"], strict=True)
        ]
        sentences.append(of_group(group, f"{measure} {', '.join(parts)}"))
    return " ".join([*sentences, "Later points rest on the patients who are still seen."])
