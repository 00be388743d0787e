"""How far apart groups are in their change of a measured score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import in_unit
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.means import mean_difference
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.scores.scheduled import SCHEDULE, rising_months, with_ids
from analysis.estimates.scores.trajectory import trajectory

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


@dataclass(frozen=True)
class ChangeDifferences:
    """How far apart the mean changes of two groups are.

    Attributes
    ----------
    question, method
        What the differences answer, and how.
    left_out
        patient_id, reason: patients who are in no change.
    table
        months (scheduled, without the first), group_a, group_b, patients_a, patients_b (with a value then and at the
        first month), mean_change_a, mean_change_b, difference (b minus a), lower, upper (all in the unit of the
        measure; 95 %), p, withheld ("" or why p is missing, and with it the limits or the difference if they are);
        sorted by groups and month.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def change_differences(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    same_patients: bool = False,
    by: By,
    limits: SmallNumbers = SmallNumbers(),
) -> ChangeDifferences:
    """Return differences between groups in the mean change from the first scheduled month, at each later one.

    Limits and p (two-sided) are those of Welch (1947), with degrees of freedom after Satterthwaite (1946): the groups
    need not vary alike.

    Parameters
    ----------
    cohort, measure, schedule, window_months, same_patients
        As for `trajectory`: these are the changes that it shows.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`.
    limits
        Below how many patients of a group the p-value is withheld, pair by pair and month by month; changes are no
        events, and the fewest events do not count here.

    Raises
    ------
    ValueError
        If the visits have no such measure, or an argument is not one of those above.
    """
    months = rising_months(schedule)
    changes = trajectory(
        cohort,
        measure,
        change=True,
        schedule=months,
        window_months=window_months,
        same_patients=same_patients,
        by=by,
    )
    lines = changes.shown
    held = {
        (str(group), float(month)): of_month.set_index("row")["value"]
        for (group, month), of_month in lines.groupby(["group", "scheduled"], observed=True)
    }
    nobody = pd.Series(dtype=float)
    rows = []
    for a, b in combinations([str(group) for group in lines["group"].cat.categories], 2):
        for month in months[1:]:
            pair = {group: held.get((group, month), nobody) for group in (a, b)}
            rows.append((month, a, b, *_compared(pair, limits)))
    label, first = in_unit(measure), f"month {months[0]:g}"
    later = lines["row"][lines["scheduled"].isin(months[1:])]
    only_first = with_ids(changes.ids, lines.loc[~lines["row"].isin(later), ["row"]].drop_duplicates())
    left_out = pd.concat(
        [changes.left_out, only_first.assign(reason="no value at a later scheduled month")], ignore_index=True
    )
    method = method_words(
        f"Difference in mean change of {label} from {first}, second group minus first, each patient's nearest visit "
        f"to the scheduled month, {'the same patients at every month, ' if same_patients else ''}95 % interval by "
        f"Welch's method; Welch's t-test, two-sided, withheld below {count_words(limits.patients, 'patient')} a group, "
        f"not adjusted for several months or pairs; {count_words(later.nunique(), 'patient')}",
        left_out,
    )
    question = f"How far apart are the groups in their change of {label} from {first}?"
    return ChangeDifferences(question, method, left_out, pd.DataFrame(rows, columns=COLUMNS))


def _compared(pair: Mapping[str, pd.Series], limits: SmallNumbers) -> tuple[object, ...]:
    """Return patients and mean change of both groups, the difference with limits and p, and why one is missing."""
    first, second = (values.to_numpy(dtype=float) for values in pair.values())
    patients = {group: len(values) for group, values in pair.items()}
    before, after = pair.values()
    shared = int(before.index.isin(after.index).sum())
    small = limits.reason(None, patients, shared)
    no_interval = _no_interval(pair)
    withheld = no_interval or small
    difference, lower, upper = mean_difference(second, first)
    if shared or no_interval:
        lower = upper = np.nan
    p = np.nan if withheld else _welch_p(second, first)
    means = (float(values.mean()) if len(values) else np.nan for values in (first, second))
    return (*patients.values(), *means, difference, lower, upper, p, withheld)


def _no_interval(pair: Mapping[str, pd.Series]) -> str:
    """Return why the changes of two groups allow no interval, or ""."""
    nobody = [group for group, values in pair.items() if not len(values)]
    if nobody:
        return f"nobody in {' or '.join(nobody)} has both values"
    alone = [group for group, values in pair.items() if len(values) == 1]
    if alone:
        return f"no interval: one patient in {' and '.join(alone)}"
    # Equal numbers may have a variance of rounding errors, so it is not asked whether the variance is 0.
    if all(values.nunique() == 1 for values in pair.values()):
        return "no interval: no patient's change differs from another's in the group"
    return ""


def _welch_p(values: Floats, reference: Floats) -> float:
    """Return the two-sided p of Welch's t-test."""
    from scipy.stats import ttest_ind_from_stats

    # From means and deviations: scipy warns of a group whose values are all the same, which this test allows.
    numbers = [(part.mean(), part.std(ddof=1), len(part)) for part in (values, reference)]
    return float(ttest_ind_from_stats(*numbers[0], *numbers[1], equal_var=False).pvalue)
