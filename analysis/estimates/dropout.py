"""Who left, why, and whether those who left were worse: drop-out from a visit measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.grouping import By, group_members, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.vocabulary import column_label
from analysis.estimates.centres import centre_and_limits, mean_difference
from analysis.estimates.scheduled import (
    NO_VALUE,
    SCHEDULE,
    grouped_table,
    not_in,
    number_of_patients,
    rising_months,
    scheduled_values,
    values_by_month,
    with_ids,
)
from analysis.estimates.words import count_words, method_words

DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE = (
    *("died", "lost", "not yet due", "visit missing", "ended, reason unknown", "last scheduled month reached"),
)
REASONS = (DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE)
RETURNS, LEAVES = "comes again", "does not come again"
AFTERWARDS = (RETURNS, LEAVES, NOT_DUE)


@dataclass(frozen=True)
class Dropout:
    """Who has a later value and who has not.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no number.
    last
        group, patient_id, months, value (of the last visit with a value), next_due (the scheduled month that comes
        next, missing after the last), followed (months, to death or last contact), reason (why there is no later
        value, one of `REASONS`).
    reasons
        group, reason, patients: how many patients of the group there are of each.
    means
        group, months (scheduled, without the last), afterwards ("comes again", "does not come again", "not yet due"),
        patients, mean, lower, upper (95 %, t).
    difference
        group, months, difference, lower, upper: mean of those who do not come again minus that of those who do.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    last: pd.DataFrame
    reasons: pd.DataFrame
    means: pd.DataFrame
    difference: pd.DataFrame


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
    those who do; where those who left were worse when last seen, it flatters (Diggle and Kenward 1994).

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
    labels = group_members(cohort, by)
    months = rising_months(schedule)
    lines = scheduled_values(cohort, labels, measure, months, window_months)
    left_out = pd.concat([without_group(cohort, labels), not_in(cohort, labels, lines, NO_VALUE)], ignore_index=True)
    last = _last_values(cohort, lines, months)
    at_visits = lines.assign(afterwards=_afterwards(lines, last))
    label = column_label(measure)
    return Dropout(
        question=f"Did those who left have another {label} than those who came again?",
        method=method_words(
            f"Last visit with a value of {label} and why none follows; mean with 95 % interval (t) by whether a later "
            f"value follows, difference with 95 % interval (Welch); who is not yet due has not left; "
            f"{count_words(number_of_patients(last), 'patient')}",
            left_out,
        ),
        left_out=left_out,
        last=with_ids(cohort.patients["patient_id"], last),
        reasons=_reason_counts(last),
        means=_means(at_visits, months[:-1]),
        difference=_differences(at_visits, months[:-1]),
    )


def _last_values(cohort: Cohort, lines: pd.DataFrame, schedule: Sequence[float]) -> pd.DataFrame:
    last = lines[~_comes_again(lines)].reset_index(drop=True)
    # A visit shortly before a scheduled month may stand for it; what is due next then comes after that month.
    reached = last["months"].where(~(last["scheduled"] > last["months"]), last["scheduled"])
    places = np.searchsorted(schedule, reached + SAME * np.maximum(1.0, reached.abs()), side="right")
    patients = cohort.patients.iloc[last["row"]].reset_index(drop=True)
    followed = patients["follow_up_months"].astype(float)
    next_due = pd.Series(np.append(schedule, np.nan)[places], index=last.index)
    last = last[["group", "row", "months", "value"]].assign(next_due=next_due, followed=followed)
    return last.assign(reason=pd.Categorical(_reasons(last, patients), REASONS, ordered=True))


def _comes_again(lines: pd.DataFrame) -> NDArray[np.bool_]:
    """Return of each line whether a later one of the same patient follows; they are sorted by group, patient, time."""
    row, group = lines["row"].to_numpy(), lines["group"].cat.codes.to_numpy()
    return np.append((row[1:] == row[:-1]) & (group[1:] == group[:-1]), False)[: len(row)]


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


def _afterwards(lines: pd.DataFrame, last: pd.DataFrame) -> pd.Series:
    """Return of each visit whether the patient has a later value, has left, or is not yet due."""
    # Of a patient who is in two groups it is the same in both.
    not_due = np.isin(lines["row"].to_numpy(), last.loc[last["reason"] == NOT_DUE, "row"].to_numpy())
    return pd.Series(np.select([_comes_again(lines), not_due], [RETURNS, NOT_DUE], LEAVES), index=lines.index)


def _reason_counts(last: pd.DataFrame) -> pd.DataFrame:
    counts = last.groupby(["group", "reason"], observed=False).size()
    return counts.rename("patients").reset_index()


def _means(at_visits: pd.DataFrame, months: Sequence[float]) -> pd.DataFrame:
    parts = [values_by_month(at_visits[at_visits["afterwards"] == afterwards], months) for afterwards in AFTERWARDS]
    rows = [
        (group, month, afterwards, len(values), *centre_and_limits(values))
        for same_month in zip(*parts, strict=True)
        for afterwards, (group, month, values) in zip(AFTERWARDS, same_month, strict=True)
    ]
    return grouped_table(rows, ["group", "months", "afterwards", "patients", "mean", "lower", "upper"], at_visits)


def _differences(at_visits: pd.DataFrame, months: Sequence[float]) -> pd.DataFrame:
    returning, leaving = (
        values_by_month(at_visits[at_visits["afterwards"] == afterwards], months) for afterwards in (RETURNS, LEAVES)
    )
    rows = [
        (group, month, *mean_difference(values, reference))
        for (group, month, reference), (_, _, values) in zip(returning, leaving, strict=True)
    ]
    return grouped_table(rows, ["group", "months", "difference", "lower", "upper"], at_visits)
