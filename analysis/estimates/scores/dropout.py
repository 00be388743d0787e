"""Who left, why, and whether those who left had other values: drop-out from a visit measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.column_words import measure_words
from analysis.cohort.columns import Columns, number_of_patients
from analysis.cohort.grouping import By, Members, members
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, first_of_each
from analysis.cohort.wording import count_words
from analysis.estimates.common.means import centre_and_limits, mean_difference
from analysis.estimates.common.method_words import method_words
from analysis.estimates.scores.at_months import AtMonths, at_months
from analysis.estimates.scores.scheduled import (
    NO_VALUE,
    SCHEDULE,
    grouped_table,
    of_groups,
    rising_months,
    visits_with_value,
    with_ids,
)

DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE = (
    *("died", "lost", "not yet due", "visit missing", "ended, reason unknown", "last scheduled month reached"),
)
REASONS = (DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE)
RETURNS, LEAVES = "comes again", "does not come again"
AFTERWARDS = (RETURNS, LEAVES, NOT_DUE)
NOWHERE = np.int8(-1)  # no value

# Group and month to what came afterwards to the values.
Cells: TypeAlias = dict[tuple[str, float], dict[str, Floats]]


@dataclass(frozen=True)
class Dropout:
    """Who has a later value and who has not.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no number.
    reasons
        group, reason, patients: how many patients of the group there are of each.
    means
        group, months (scheduled, without the last), afterwards ("comes again", "does not come again", "not yet due"),
        patients, mean, lower, upper (95 %, t).
    difference
        group, months, difference, lower, upper: mean of those who do not come again minus that of those who do.
    ids
        The patients.
    ends_of
        Works out `ends`, which is large and mostly not asked for.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    reasons: pd.DataFrame
    means: pd.DataFrame
    difference: pd.DataFrame
    ids: pd.Series
    ends_of: Callable[[], pd.DataFrame]

    @property
    def ends(self) -> pd.DataFrame:
        """What is `last`, with row, the place of the patient in `ids`, instead of patient_id."""
        return self.ends_of()

    @cached_property
    def last(self) -> pd.DataFrame:
        """group, patient_id, months, value, next_due, followed, reason: a row a patient of a group.

        Months and value are those of the last visit with a value, next_due is the scheduled month that comes next
        (missing after the last), followed are months to death or last contact, and reason is why there is no later
        value, one of `REASONS`.
        """
        return with_ids(self.ids, self.ends)


def dropout(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    by: By | None = None,
) -> Dropout:
    """Return each patient's last value, why none follows it, and how those who left compare with those who came again.

    The mean of all visits of a month says how patients do only as far as those who no longer come would have done as
    those who do; where those who left had other values when last seen, it misleads (Diggle and Kenward 1994).

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    schedule, window_months
        As for `trajectory`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the visits have no such measure.
    """
    who = members(cohort, by)
    months = rising_months(schedule)
    measured = at_months(cohort, who, measure, months, window_months)
    choices = measure, tuple(months), window_months
    group, last = of_groups(who, _last_values(cohort, *choices))
    left_out = who.left_out(cohort, (measured.row, NO_VALUE))
    _, afterwards = of_groups(who, _afterwards(cohort, *choices))
    cells = _cells(measured, afterwards["afterwards"], months[:-1])
    label = measure_words(measure)
    return Dropout(
        question=f"Did those who left have other values of {label} than those who came again?",
        method=method_words(
            f"Last visit with a value of {label} and why none follows; mean with 95 % interval (t) by whether a later "
            f"value follows, difference with 95 % interval (Welch); who is not yet due has not left; "
            f"{count_words(number_of_patients(measured.row), 'patient')}",
            left_out,
        ),
        left_out=left_out,
        reasons=_reason_counts(group, last["reason"]),
        means=_means(cells, measured.group),
        difference=_differences(cells, measured.group),
        ids=cohort.patient_ids,
        ends_of=partial(_ends, cohort, who, *choices),
    )


def _ends(
    cohort: Cohort, who: Members, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    group, columns = of_groups(who, _last_values(cohort, measure, schedule, window_months))
    return pd.DataFrame({"group": group, **columns}, copy=False)


@per_patient
def _last_values(cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None) -> pd.DataFrame:
    """Return what `Dropout.last` tells, with row."""
    lines = visits_with_value(cohort, measure, schedule, window_months)
    last = lines.table()[~_comes_again(lines)].reset_index(drop=True)
    # A visit shortly before a scheduled month may stand for it; what is due next then comes after that month.
    reached = last["months"].where(~(last["scheduled"] > last["months"]), last["scheduled"])
    places = np.searchsorted(schedule, reached + SAME * np.maximum(1.0, reached.abs()), side="right")
    patients = cohort.patients.iloc[last["row"]].reset_index(drop=True)
    followed = patients["follow_up_months"].astype(float)
    next_due = pd.Series(np.append(schedule, np.nan)[places], index=last.index)
    last = last[["row", "months", "value"]].assign(next_due=next_due, followed=followed)
    return last.assign(reason=pd.Categorical(_reasons(last, patients), REASONS, ordered=True))


@per_patient
def _afterwards(
    cohort: Cohort, measure: str, schedule: Sequence[float], window_months: float | None
) -> dict[str, NDArray[Any]]:
    """Return what comes after the value at each scheduled month, as a place in `AFTERWARDS`, with row.

    A row a patient with a value at any visit, as in `AtMonths`: whether a later value follows, the patient left, or is
    not yet due.
    """
    lines = visits_with_value(cohort, measure, schedule, window_months)
    last = _last_values(cohort, measure, schedule, window_months)
    not_due = np.zeros(len(cohort), dtype=bool)
    not_due[last["row"][last["reason"] == NOT_DUE]] = True
    row, scheduled = lines["row"], lines["scheduled"]
    places = np.select(
        [_comes_again(lines), not_due[row]],
        [np.int8(AFTERWARDS.index(RETURNS)), np.int8(AFTERWARDS.index(NOT_DUE))],
        np.int8(AFTERWARDS.index(LEAVES)),
    )
    number = np.cumsum(first_of_each(row)) - 1
    afterwards = np.full((len(schedule), len(last["row"])), NOWHERE)
    for of_month, month in zip(afterwards, schedule, strict=True):
        stands = scheduled == month
        of_month[number[stands]] = places[stands]
    return {"row": last["row"], "afterwards": afterwards}


def _comes_again(lines: Columns) -> Flags:
    """Return of each line whether a later one of the same patient follows; they are sorted by patient and time."""
    row = lines["row"]
    return np.append(row[1:] == row[:-1], False)[: len(row)]


def _reasons(last: pd.DataFrame, patients: pd.DataFrame) -> NDArray[np.str_]:
    """Return why each patient has no later value; the patients are in the same order.

    Death and loss are reasons whenever they came. Of one still followed the visit is missing where the next scheduled
    month was reached, and else not yet due.
    """
    ended = patients.get("follow_up_ended", pd.Series("", index=patients.index))
    seen_to_next = last["followed"] >= last["next_due"] * (1 - SAME)
    choices = [
        (last["next_due"].isna(), COMPLETE),
        (patients["died"].astype(bool), DIED),
        (ended == "lost", LOST),
        (seen_to_next, MISSED),
        (ended == "ongoing", NOT_DUE),
    ]
    return np.select([np.asarray(holds, dtype=bool) for holds, _ in choices], [name for _, name in choices], UNKNOWN)


def _reason_counts(group: pd.Categorical, reason: pd.Categorical) -> pd.DataFrame:
    counts = pd.DataFrame({"group": group, "reason": reason}).groupby(["group", "reason"], observed=False).size()
    return counts.rename("patients").reset_index()


def _cells(measured: AtMonths, afterwards: NDArray[np.int8], months: Sequence[float]) -> Cells:
    """Return the values of each group and month, by what came afterwards."""
    group = measured.group
    cells: Cells = {}
    for code, name in enumerate(group.categories):
        inside = group.codes == code
        for month, of_month in zip(months, afterwards[:-1], strict=True):
            values, then = measured.at(month)[inside], of_month[inside]
            cells[name, month] = {words: values[then == code] for code, words in enumerate(AFTERWARDS)}
    return cells


def _means(cells: Cells, groups: pd.Categorical) -> pd.DataFrame:
    rows = [
        (group, month, afterwards, len(values), *centre_and_limits(values))
        for (group, month), of_cell in cells.items()
        for afterwards, values in of_cell.items()
    ]
    return grouped_table(rows, ["group", "months", "afterwards", "patients", "mean", "lower", "upper"], groups)


def _differences(cells: Cells, groups: pd.Categorical) -> pd.DataFrame:
    rows = [
        (group, month, *mean_difference(of_cell[LEAVES], of_cell[RETURNS])) for (group, month), of_cell in cells.items()
    ]
    return grouped_table(rows, ["group", "months", "difference", "lower", "upper"], groups)
