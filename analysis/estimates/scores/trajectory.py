"""A measured score over time: each patient's line, the centre of all, and change from baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Rows
from analysis.cohort.column_words import measure_words
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, Members, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.means import GEOMETRIC, SPREADS, centre_and_limits, check_spread, signed_rank_p
from analysis.estimates.common.method_words import method_words
from analysis.estimates.scores.at_months import AtMonths, at_months
from analysis.estimates.scores.scheduled import (
    NO_VALUE,
    SCHEDULE,
    changes_since_first,
    grouped_table,
    percent_since,
    rising_months,
    scheduled_values,
    with_ids,
)

LINES = ["group", "row", "months", "value", "scheduled"]

Change = bool | Literal["percent"]


@dataclass(frozen=True)
class Extent:
    """Lowest and highest value of all visits, the last month (missing where there is none), and how many there are."""

    lowest: float = np.nan
    highest: float = np.nan
    last_month: float = np.nan
    visits: int = 0


@dataclass(frozen=True)
class Trajectory:
    """A visit measure over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    centre
        What the centre is: "mean", "median" or "geometric mean".
    left_out
        patient_id, reason: patients who are in no number.
    summary
        group, months (scheduled), patients, centre, lower, upper; missing where too few patients have a value.
    extent
        Lowest and highest value of the lines, their last month, and how many visits they join.
    patients
        Patients with a value; one in two groups is one.
    ids
        The patients.
    shown_of, at_of, change_of
        Work out `shown`, `at` and `change`, which are large or mostly not asked for.
    """

    question: str
    method: str
    centre: str
    left_out: pd.DataFrame
    summary: pd.DataFrame
    extent: Extent
    patients: int
    ids: pd.Series
    shown_of: Callable[[], pd.DataFrame]
    at_of: Callable[[], AtMonths]
    change_of: Callable[[], pd.DataFrame]

    @property
    def shown(self) -> pd.DataFrame:
        """The `lines`, with row, the place of the patient in `ids`, instead of patient_id; and change."""
        return self.shown_of()

    def at(self, month: float) -> pd.DataFrame:
        """Return group, row and value of those who have one at a scheduled month."""
        found = self.at_of()
        held = found.only(~np.isnan(found.at(month)))
        return pd.DataFrame({"group": held.group, "row": held.row, "value": held.at(month)}, copy=False)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """group, patient_id, months, value, scheduled: every visit with a value.

        What is scheduled is the month that it stands for in the summary, missing where it stands for none.
        """
        return with_ids(self.ids, self.shown[LINES])

    @cached_property
    def change(self) -> pd.DataFrame:
        """group, months (scheduled, without the first), pairs, mean_change, lower, upper (95 %, t), p (signed-rank).

        From the first scheduled month, among patients with both values; never in percent.
        """
        return self.change_of()


def trajectory(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    centre: str = "mean",
    spread: str = "ci",
    change: Change = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    same_patients: bool = False,
    by: By | None = None,
) -> Trajectory:
    """Return how a visit measure goes after transplantation.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    centre, spread
        "mean" with "ci" (t interval), "sd" or "iqr", "median" with "ci" (order statistics) or "iqr" (quartiles of
        type 7 of Hyndman and Fan 1996), or "geometric mean" with "ci" or "sd": of the values above 0, the limits on the
        scale of the logarithm.
    change
        Whether the values are differences from the first scheduled month; "percent" for percent of the value there.
    schedule
        Scheduled months, rising.
    window_months
        How far from a scheduled month a visit may lie; without it half-way to the next one.
    same_patients
        Whether only patients with a value at every scheduled month are counted: then a mean cannot move because other
        patients are in it.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the visits have no such measure, or an argument is not one of those above.
    """
    check_spread(centre, spread)
    if change not in (False, True, "percent"):
        raise ValueError(f"A change is False, True or 'percent', not {change!r}.")
    if change and centre == GEOMETRIC:
        raise ValueError("A geometric mean of changes is not offered: they may be below 0.")
    who = members(cohort, by)
    months = rising_months(schedule)
    asked = partial(_asked, cohort, who, measure, months, window_months)
    measured, complete = asked(False), asked(same_patients)
    shown = _changed(complete, change)
    counted = shown.only(shown.highest > 0) if centre == GEOMETRIC else shown
    with_start = complete.changes() if change else complete
    left_out = who.left_out(
        cohort,
        (measured.row, NO_VALUE),
        (complete.row, "no value at every scheduled month"),
        (with_start.row, f"no value at month {months[0]:g}"),
        (counted.row, "no value above 0" if centre == GEOMETRIC else f"0 at month {months[0]:g}"),
    )
    label = measure_words(measure)
    words = [
        f"{centre.capitalize()} {_change_words(change)}{label} with {SPREADS[centre, spread]} at scheduled months",
        "each patient's nearest visit",
        *(["the same patients at every month"] if same_patients else []),
        *_left_values(shown, centre),
        count_words(number_of_patients(counted.row), "patient"),
    ]
    return Trajectory(
        question=f"How does {label} change after transplantation?",
        method=method_words(f"{words[0]}, {'; '.join(words[1:])}", left_out),
        centre=centre,
        left_out=left_out,
        summary=_summary(counted, centre, spread),
        extent=_extent(shown),
        patients=number_of_patients(shown.row),
        ids=cohort.patient_ids,
        shown_of=lambda: _lines(cohort, asked(same_patients).row, scheduled_values(*asked.args), months[0], change),
        at_of=lambda: _changed(asked(same_patients), change),
        change_of=lambda: _change(asked(same_patients).changes(), months[1:]),
    )


def _asked(
    cohort: Cohort, who: Members, measure: str, months: Sequence[float], window_months: float | None, same: bool
) -> AtMonths:
    """Return the values at the scheduled months, with `same` only of those who have one at every month."""
    measured = at_months(cohort, who, measure, months, window_months)
    return measured.only(np.all(measured.measured(months), axis=0)) if same else measured


def _changed(values: AtMonths, change: Change) -> AtMonths:
    if not change:
        return values
    return values.percent() if change == "percent" else values.changes()


def _lines(cohort: Cohort, rows: Rows, lines: pd.DataFrame, first: float, change: Change) -> pd.DataFrame:
    """Return the lines of the patients at these places, or their changes."""
    held = np.zeros(len(cohort), dtype=bool)
    held[rows] = True
    kept = held[lines["row"]]
    lines = lines if kept.all() else lines[kept].reset_index(drop=True)
    if not change:
        return lines
    return percent_since(cohort, lines, first) if change == "percent" else changes_since_first(lines)


def _extent(shown: AtMonths) -> Extent:
    if not len(shown.row):
        return Extent()
    ends = float(shown.lowest.min()), float(shown.highest.max()), float(shown.last_month.max())
    return Extent(*ends, int(shown.visits.sum()))


def _change_words(change: Change) -> str:
    return {False: "", True: "change of ", "percent": "percent change of "}[change]


def _left_values(shown: AtMonths, centre: str) -> list[str]:
    """Return how many values have no logarithm and are in no geometric mean."""
    if centre != GEOMETRIC:
        return []
    number = sum(number_of_patients(shown.row[shown.at(month) <= 0]) for month in shown.months)
    return [f"{count_words(number, 'value')} not above 0 left out"] if number else ["all values are above 0"]


def _summary(counted: AtMonths, centre: str, spread: str) -> pd.DataFrame:
    cells = [
        (group, month, values[values > 0] if centre == GEOMETRIC else values)
        for group, month, values in counted.by_month(counted.months)
    ]
    rows = [(group, month, len(values), *centre_and_limits(values, centre, spread)) for group, month, values in cells]
    return grouped_table(rows, ["group", "months", "patients", "centre", "lower", "upper"], counted.group)


def _change(changes: AtMonths, months: Sequence[float]) -> pd.DataFrame:
    rows = [
        (group, month, len(values), *centre_and_limits(values), signed_rank_p(values))
        for group, month, values in changes.by_month(months)
    ]
    return grouped_table(rows, ["group", "months", "pairs", "mean_change", "lower", "upper", "p"], changes.group)
