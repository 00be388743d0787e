"""A visit measure over time: means or medians, and change from baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.column_words import measure_words
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import LEFT_OUT, USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.extent import Extent
from analysis.counts.measured_values import Values
from analysis.counts.presence import Steps, required, steps_of_values
from analysis.counts.reasons import LeftOut
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.estimates.common.limit_words import words_of_limits
from analysis.estimates.common.means import (
    GEOMETRIC,
    MEAN,
    MEDIAN,
    SPREADS,
    centre_and_limits,
    check_spread,
    signed_rank_p,
)
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.scores.by_month import month_table
from analysis.facts.scheduled_values import CHANGE, PERCENT, VALUE, Change, what_of
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure

CHANGE_WORDS = {VALUE: "", CHANGE: "change of ", PERCENT: "percent change of "}


@dataclass(frozen=True, repr=False)
class Trajectory(Result):
    """A visit measure over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    centre
        The kind of centre: "mean", "median" or "geometric mean".
    left_out
        reason, patients: numbers of patients left out.
    summary
        group, months (scheduled), patients, centre, lower, upper; missing if too few patients have a value.
    change
        group, months (scheduled, without the first), pairs, mean_change, lower, upper (95 %, t), p (signed-rank): from
        the first scheduled month, in patients with both values; in the unit of the measure, never in percent.
    extent
        Lowest and highest value, last month and number of visits.
    patients
        Number of distinct patients with a value; None if hidden.
    counts
        The counts from which the trajectory is computed; None if any are hidden.
    spread
        The kind of limits, as for `trajectory`.
    """

    question: str
    method: str
    centre: str
    left_out: pd.DataFrame
    summary: pd.DataFrame
    change: pd.DataFrame
    extent: Extent
    patients: int | None
    counts: TrajectoryCounts | None
    spread: str

    @classmethod
    def of(cls, counts: TrajectoryCounts, *, centre: str, spread: str) -> Trajectory:
        """Return a trajectory from counts; `centre` and `spread` as for `trajectory`."""
        values, presence = counts.values, counts.presence
        needed = required(steps_to_be_counted(values, centre))
        counted = presence.number(needed)
        left_out = presence.left_out(steps_to_be_counted(values, centre))
        return cls(
            question=trajectory_question(values.asked.measure),
            method=trajectory_method(
                values, centre, spread, counted, _not_above_0(values), presence.values_at_limit(needed), left_out
            ),
            centre=centre,
            left_out=left_out.table,
            summary=trajectory_summary(values, centre, spread),
            change=_change(counts.changes),
            extent=counts.extent,
            patients=presence.number(required(steps_to_be_shown(values))),
            counts=counts,
            spread=spread,
        )


def trajectory(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    centre: str = MEAN,
    spread: str = "ci",
    change: Change = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    same_patients: bool = False,
    by: By | None = None,
) -> Trajectory:
    """Return a visit measure over time after transplantation.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    centre, spread
        "mean" with "ci" (t interval), "sd" or "iqr"; "median" with "ci" (order statistics) or "iqr" (quartiles of type
        7, Hyndman and Fan 1996); "geometric mean" of the values above 0, with "ci" or "sd" on the log scale.
    change
        True for changes from the first scheduled month, "percent" for changes in percent of the value at it.
    schedule
        Scheduled months, increasing.
    window_months
        The greatest distance of a visit from its scheduled month; by default half-way to the neighbouring months.
    at_limit
        How values at a limit of measurement, such as "<0.1", are used: "used" at the limit; "halved", at half of it
        where the true value lies below (Hornung and Reed 1990), else at it; or "left out". A median is right at the
        limit or half of it as long as it lies beyond all such values.
    same_patients
        Whether to use only patients with a value at every scheduled month, so that a mean cannot change because the
        patients do.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    Trajectory
        Centres with limits in the unit of the measure, with one row per group and scheduled month, and the changes.

    Raises
    ------
    ValueError
        If the visits have no such measure, the patients no such grouping column, the schedule is invalid, or the centre
        is not offered with the spread or the change.

    References
    ----------
    Bland JM, Altman DG (1996), BMJ 312:1079.
    Hornung RW, Reed LD (1990), Applied Occupational and Environmental Hygiene 5:46-51.
    Hyndman RJ, Fan Y (1996), The American Statistician 50:361-365.
    Wilcoxon F (1945), Biometrics Bulletin 1:80-83.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = trajectory(load_sample(), schedule=[0, 12], centre="median", spread="iqr")
    >>> result.summary[["months", "patients", "centre", "lower", "upper"]].values.tolist()
    [[0.0, 87.0, 13.0, 10.0, 16.5], [12.0, 83.0, 5.0, 4.0, 8.0]]
    """
    check_spread(centre, spread)
    what = what_of(change)
    if change and centre == GEOMETRIC:
        raise ValueError("A geometric mean of changes is not offered: they may be below 0.")
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    counts = TrajectoryCounts.of(cohort, asked, by, what, same_patients)
    return Trajectory.of(counts, centre=centre, spread=spread)


def trajectory_question(measure: str) -> str:
    """Return the question that a trajectory answers."""
    return f"How does {measure_words(measure)} change after transplantation?"


def trajectory_method(
    values: Values,
    centre: str,
    spread: str,
    patients: int | None,
    not_above_0: int | None,
    at_limit: tuple[int, int] | None,
    left_out: LeftOut,
) -> str:
    """Return the method sentence of a trajectory.

    Parameters
    ----------
    values
        The values of the summary.
    centre, spread
        As for `trajectory`.
    patients
        The number of patients counted; None if hidden.
    not_above_0
        The number of values not above 0, which are in no geometric mean; None if hidden.
    at_limit
        The numbers of values below and above a limit of measurement; None if hidden.
    left_out
        The numbers of patients left out.
    """
    parts = [
        "each patient's nearest visit",
        *(["the same patients at every month"] if values.same_patients else []),
        *([_without_logarithm(not_above_0)] if centre == GEOMETRIC else []),
        *(f"{words}{_dependence(values, centre)}" for words in words_of_limits(at_limit, values.asked.at_limit)),
        count_words(patients, "patient"),
    ]
    measured = f"{CHANGE_WORDS[values.what]}{measure_words(values.asked.measure)}"
    shown = f"{centre.capitalize()} {measured} with {SPREADS[centre, spread]} at scheduled months"
    return method_words(f"{shown}, {'; '.join(parts)}", left_out.table)


def trajectory_summary(values: Values, centre: str, spread: str) -> pd.DataFrame:
    """Return group, months, patients, centre, lower, upper."""
    counted = in_centre(values, centre)

    def numbers(group: int, month: int) -> tuple[float, ...]:
        held = counted.at(group, month)
        return held.size, *centre_and_limits(held, centre, spread)

    return month_table(counted.groups, counted.months, ["patients", "centre", "lower", "upper"], numbers)


def in_centre(values: Values, centre: str) -> Values:
    """Return the values from which a centre is computed: those above 0 for a geometric mean, else all."""
    return values.where(values.value > 0) if centre == GEOMETRIC else values


def steps_to_be_shown(values: Values) -> Steps:
    """Return the values that a patient needs to have a line, with the reasons for having none."""
    return steps_of_values(values.asked, values.what, same_patients=values.same_patients)


def steps_to_be_counted(values: Values, centre: str) -> Steps:
    """Return the values that a patient needs to be counted, with the reasons for being left out."""
    return steps_of_values(values.asked, values.what, same_patients=values.same_patients, above_0=centre == GEOMETRIC)


def _dependence(values: Values, centre: str) -> str:
    """Return what depends on the use of values at a limit; a median mostly does not, unless they are left out."""
    safe = centre == MEDIAN and values.what == VALUE and values.asked.at_limit != LEFT_OUT
    return "" if safe else f", on which the {centre} depends"


def _without_logarithm(number: int | None) -> str:
    return "all values are above 0" if number == 0 else f"{count_words(number, 'value')} not above 0 left out"


def _not_above_0(values: Values) -> int:
    """Return the number of values not above 0, of distinct patients."""
    number = 0
    for month in range(len(values.months)):
        *of_groups, of_two = (int(each.patients[each.values <= 0].sum()) for each in values.of_patients(month))
        number += sum(of_groups) - of_two
    return number


def _change(changes: Values) -> pd.DataFrame:
    def numbers(group: int, month: int) -> tuple[float, ...]:
        held = changes.at(group, month + 1)
        return held.size, *centre_and_limits(held), signed_rank_p(held)

    columns = ["pairs", "mean_change", "lower", "upper", "p"]
    return month_table(changes.groups, changes.months[1:], columns, numbers)
