"""Drop-out from a visit measure: its reasons, and the values of patients before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.column_words import measure_words
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.leavers import Leavers
from analysis.counts.presence import Presence, no_value
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.means import centre_and_limits, mean_difference
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.scores.by_month import month_table
from analysis.facts.afterwards import AFTERWARDS, LEAVES, REASONS, RETURNS
from analysis.facts.scheduled_values import Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure


@dataclass(frozen=True, repr=False)
class Dropout(Result):
    """Reasons for drop-out, and means by whether a later value follows.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    reasons
        group, reason, patients: numbers of patients by the reason why no later value follows.
    means
        group, months (scheduled, without the last), afterwards ("comes again", "does not come again", "not yet due"),
        patients, mean, lower, upper (95 %, t).
    difference
        group, months, difference, lower, upper: mean of those who do not come again minus that of those who do.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    reasons: pd.DataFrame
    means: pd.DataFrame
    difference: pd.DataFrame

    @classmethod
    def of(cls, leavers: Leavers, presence: Presence) -> Dropout:
        """Return drop-out from counts of values by what comes afterwards, and of the presence of values."""
        steps = [(Has.ANY, no_value(leavers.asked))]
        label, left_out = measure_words(leavers.asked.measure), presence.left_out(steps).table
        return cls(
            question=f"Did those who left have other values of {label} than those who came again?",
            method=method_words(
                f"Last visit with a value of {label} and why none follows; mean with 95 % interval (t) by whether a "
                f"later value follows, difference with 95 % interval (Welch); who is not yet due has not left; "
                + "; ".join([*limit_words(presence, Has.ANY), count_words(presence.number(Has.ANY), "patient")]),
                left_out,
            ),
            left_out=left_out,
            reasons=_reasons(leavers),
            means=_means(leavers),
            difference=_differences(leavers),
        )


def dropout(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    by: By | None = None,
) -> Dropout:
    """Return reasons for drop-out, and compare the values of patients who leave with those of patients who come again.

    If patients who drop out had other values when last seen, the mean over those who still come is biased (Diggle and
    Kenward 1994).

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    schedule, window_months, at_limit
        As for `trajectory`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    Dropout
        Patients by reason, and means in the unit of the measure.

    Raises
    ------
    ValueError
        If the visits have no such measure.

    References
    ----------
    Diggle P, Kenward MG (1994), Applied Statistics 43:49-93.

    Examples
    --------
    >>> from analysis import load_sample
    >>> dropout(load_sample()).reasons[["reason", "patients"]].head(3).values.tolist()
    [['died', 5], ['lost', 18], ['not yet due', 52]]
    """
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    return Dropout.of(Leavers.of(cohort, asked, by), Presence.of(cohort, asked, by))


def _reasons(leavers: Leavers) -> pd.DataFrame:
    shown = leavers.groups.shown
    reasons = pd.Categorical.from_codes(np.tile(np.arange(len(REASONS)), len(shown)), REASONS, ordered=True)
    group = leavers.groups.column(np.repeat(shown, len(REASONS)))
    return pd.DataFrame({"group": group, "reason": reasons, "patients": leavers.reasons[shown].ravel()})


def _means(leavers: Leavers) -> pd.DataFrame:
    groups, months = leavers.groups, leavers.asked.months[:-1]
    rows = [
        (words, held.size, *centre_and_limits(held))
        for group in groups.shown
        for month in range(len(months))
        for after, words in enumerate(AFTERWARDS)
        for held in [leavers.at(group, month, after)]
    ]
    table = pd.DataFrame(rows, columns=["afterwards", "patients", "mean", "lower", "upper"])
    cells = len(months) * len(AFTERWARDS)
    table.insert(0, "group", groups.column(np.repeat(groups.shown, cells)))
    table.insert(1, "months", np.tile(np.repeat(months, len(AFTERWARDS)), len(groups.shown)))
    return table


def _differences(leavers: Leavers) -> pd.DataFrame:
    left, came = AFTERWARDS.index(LEAVES), AFTERWARDS.index(RETURNS)

    def numbers(group: int, month: int) -> tuple[float, ...]:
        return mean_difference(leavers.at(group, month, left), leavers.at(group, month, came))

    columns = ["difference", "lower", "upper"]
    return month_table(leavers.groups, leavers.asked.months[:-1], columns, numbers)
