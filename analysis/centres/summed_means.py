"""Means of a measure over time from a masked sum: number, sum and sum of squares of its values."""

from __future__ import annotations

import numpy as np

from analysis.centres.masked_layout import DECIMALS, HALF_WORD, SUMS, measured
from analysis.centres.masked_sum import OTHERS, RANKS, MaskedSum, not_in_a_sum
from analysis.cohort.grouping import NO_GROUP, By
from analysis.counts.extent import Extent
from analysis.counts.measured_values import Values
from analysis.counts.presence import no_value
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.means import MEAN, mean_limits
from analysis.estimates.scores.by_month import month_table
from analysis.estimates.scores.trajectory import Trajectory, trajectory_method, trajectory_question
from analysis.facts.scheduled_values import CHANGE, VALUE, What

SPREADS = ("ci", "sd")
UNITS = 10**DECIMALS
ROUNDED = f"Values were rounded to {DECIMALS} decimals before they were added."


def summed_means(total: MaskedSum, measure: str, by: By | None, spread: str = "ci") -> Trajectory:
    """Return means of a measure at the months of the question, and mean changes from the first of them.

    Parameters
    ----------
    total
        The masked sum.
    measure
        A measure of the question.
    by
        None, or the groups of the question.
    spread
        "ci" (95 % t interval) or "sd".

    Returns
    -------
    Trajectory
        In the unit of the measure; without p-values, lines and extremes, which sums do not tell.

    Raises
    ------
    RowsElsewhereError
        If the question has no such measure or groups, or other limits are asked for.
    """
    if measure not in total.question.measures:
        raise not_in_a_sum(OTHERS)
    if spread not in SPREADS:
        raise not_in_a_sum(RANKS)
    asked, groups, nobody = measured(total.question, measure), total.groups(by), np.zeros(0, dtype=np.intp)
    values = Values(asked, VALUE, False, groups, nobody, nobody, nobody.astype(float), nobody)
    patients = int(total.table(by, f"{measure}, patients"))
    below, above = total.table(by, f"{measure}, at limit").tolist()
    others, groupless = total.table(by, f"{measure}, left out").tolist()
    left_out = LeftOut((NO_GROUP, no_value(asked)), (groupless, others))
    method = trajectory_method(values, MEAN, spread, patients, None, (below, above), left_out)

    def moments(what: What, spread: str, group: int, month: int) -> tuple[float, ...]:
        number, added, high, low = (int(total.table(by, f"{measure}, {what}, {part}")[group, month]) for part in SUMS)
        return _mean_and_limits(number, added, (high << HALF_WORD) + low, spread)

    def of_values(group: int, month: int) -> tuple[float, ...]:
        return moments(VALUE, spread, group, month)

    def of_changes(group: int, month: int) -> tuple[float, ...]:
        return *moments(CHANGE, "ci", group, month + 1), np.nan

    return Trajectory(
        question=trajectory_question(measure),
        method=f"{method} {ROUNDED}",
        centre=MEAN,
        left_out=left_out.table,
        summary=month_table(groups, asked.months, ["patients", "centre", "lower", "upper"], of_values),
        change=month_table(groups, asked.months[1:], ["pairs", "mean_change", "lower", "upper", "p"], of_changes),
        extent=Extent(),
        patients=patients,
        counts=None,
        spread=spread,
    )


def _mean_and_limits(number: int, added: int, squares: int, spread: str) -> tuple[float, float, float, float]:
    """Return number, mean and limits, from sums in units of the last decimal; the arithmetic is exact up to roots."""
    if not number:
        return 0, np.nan, np.nan, np.nan
    middle = added / number / UNITS
    if number < 2:
        return number, middle, np.nan, np.nan
    variance = (number * squares - added * added) / (number * (number - 1)) / UNITS**2
    if spread == "sd":
        return number, middle, middle - float(np.sqrt(variance)), middle + float(np.sqrt(variance))
    lower, upper = mean_limits(middle, variance, number)
    return number, middle, float(lower), float(upper)
