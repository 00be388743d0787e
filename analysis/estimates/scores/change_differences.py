"""Differences between groups in the mean change of a visit measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.column_words import in_unit
from analysis.cohort.grouping import By, Pinned
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.distribution import Distribution
from analysis.counts.measured_values import Values
from analysis.counts.presence import Presence, required, steps_of_values
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.means import mean, mean_difference, variance
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.facts.scheduled_values import CHANGE, Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure

Pair = dict[str, Distribution]  # the changes in two groups, by group

COLUMNS = [
    "months",
    "group_a",
    "group_b",
    "patients_a",
    "patients_b",
    "mean_change_a",
    "mean_change_b",
    "difference",
    "lower",
    "upper",
    "p",
    "withheld",
]


@dataclass(frozen=True, repr=False)
class ChangeDifferences(Result):
    """Differences between the mean changes of two groups.

    Attributes
    ----------
    question, method
        What the differences answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        months (scheduled, without the first), group_a, group_b, patients_a, patients_b (with a value then and at the
        first month), mean_change_a, mean_change_b, difference (b minus a), lower, upper (all in the unit of the
        measure; 95 %), p, withheld ("" or why p, and possibly limits and difference, are missing); sorted by pair of
        groups and month.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, changes: Values, presence: Presence, *, limits: SmallNumbers) -> ChangeDifferences:
        """Return the differences from counts of changes, and of the presence of values."""
        asked, groups, same = changes.asked, changes.groups, changes.same_patients
        rows = []
        for a, b in combinations(groups.shown, 2):
            for month in range(1, len(asked.months)):
                pair = {groups.names[place]: changes.at(place, month) for place in (a, b)}
                # Only two pinned cohorts can overlap, and they are a single pair.
                shared = changes.in_two_groups(month).size if isinstance(groups.by, Pinned) else 0
                rows.append((asked.months[month], *pair, *_compared(pair, shared, limits)))
        steps = [
            *steps_of_values(asked, CHANGE, same_patients=same),
            (Has.LATER, "no value at a later scheduled month"),
        ]
        left_out = presence.left_out(steps).table
        label, first = in_unit(asked.measure), f"month {asked.months[0]:g}"
        method = method_words(
            f"Difference in mean change of {label} from {first}, second group minus first, each patient's nearest "
            f"visit to the scheduled month, {'the same patients at every month, ' if same else ''}95 % interval by "
            f"Welch's method; Welch's t-test, two-sided, withheld below {count_words(limits.patients, 'patient')} a "
            "group, not adjusted for several months or pairs; "
            + "; ".join(
                [*limit_words(presence, required(steps)), count_words(presence.number(required(steps)), "patient")]
            ),
            left_out,
        )
        question = f"How far apart are the groups in their change of {label} from {first}?"
        return cls(question, method, left_out, pd.DataFrame(rows, columns=COLUMNS))


def change_differences(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    same_patients: bool = False,
    by: By,
    limits: SmallNumbers = SmallNumbers(),
) -> ChangeDifferences:
    """Return differences between groups in the mean change from the first scheduled month, at each later one.

    Limits and the two-sided p-value are Welch's, which allow for unequal variances, with Satterthwaite's degrees of
    freedom.

    Parameters
    ----------
    cohort, measure, schedule, window_months, at_limit, same_patients
        As for `trajectory`, which shows the same changes.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`.
    limits
        Number of patients in a group below which the p-value is withheld, for each pair and month. Its numbers of
        events do not apply.

    Returns
    -------
    ChangeDifferences
        Differences in the unit of the measure, with one row per pair of groups and scheduled month after the first.

    Raises
    ------
    ValueError
        If the visits have no such measure, the patients no such grouping column, or the schedule is invalid.

    References
    ----------
    Satterthwaite FE (1946), Biometrics Bulletin 2:110-114.
    Welch BL (1947), Biometrika 34:28-35.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = change_differences(load_sample(), schedule=[0, 12], by="sex")
    >>> result.table[["group_a", "group_b", "patients_a", "patients_b"]].values.tolist()
    [['female', 'male', 73, 10]]
    """
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    changes = Values.of(cohort, asked, by, CHANGE, same_patients)
    return ChangeDifferences.of(changes, Presence.of(cohort, asked, by), limits=limits)


def _compared(pair: Pair, shared: int, limits: SmallNumbers) -> tuple[object, ...]:
    """Return patients and mean change of both groups, difference, limits and p, and why one of them is missing."""
    first, second = pair.values()
    patients = {group: numbers.size for group, numbers in pair.items()}
    no_interval = _no_interval(pair)
    withheld = no_interval or limits.reason(None, patients, shared)
    difference, lower, upper = mean_difference(second, first)
    if shared or no_interval:
        lower = upper = np.nan
    p = np.nan if withheld else _welch_p(second, first)
    means = (mean(numbers) if numbers.size else np.nan for numbers in (first, second))
    return (*patients.values(), *means, difference, lower, upper, p, withheld)


def _no_interval(pair: Pair) -> str:
    """Return why a difference has no interval, or ""."""
    nobody = [group for group, numbers in pair.items() if not numbers.size]
    if nobody:
        return f"nobody in {' or '.join(nobody)} has both values"
    alone = [group for group, numbers in pair.items() if numbers.size == 1]
    if alone:
        return f"no interval: one patient in {' and '.join(alone)}"
    # By distinct values: the variance of equal numbers may differ from 0 by rounding.
    if all(len(numbers.values) == 1 for numbers in pair.values()):
        return "no interval: no patient's change differs from another's in the group"
    return ""


def _welch_p(numbers: Distribution, reference: Distribution) -> float:
    """Return the two-sided p-value of Welch's t-test."""
    from scipy.stats import ttest_ind_from_stats

    # From means and standard deviations: on raw values scipy warns of a group without variation, which is allowed here.
    (first, second) = ((mean(each), variance(each) ** 0.5, each.size) for each in (numbers, reference))
    return float(ttest_ind_from_stats(*first, *second, equal_var=False).pvalue)
