"""Drop-out from a visit measure: whether a later value follows, and if not, why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME
from analysis.facts.scheduled_visits import ScheduledMeasure, scheduled_visits

DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE = (
    *("died", "lost", "not yet due", "visit missing", "ended, reason unknown", "last scheduled month reached"),
)
REASONS = (DIED, LOST, NOT_DUE, MISSED, UNKNOWN, COMPLETE)
RETURNS, LEAVES = "comes again", "does not come again"
AFTERWARDS = (RETURNS, LEAVES, NOT_DUE)


@per_patient
def last_visits(cohort: Cohort, asked: ScheduledMeasure) -> pd.DataFrame:
    """Return each patient's last visit with a value.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), months, value, next_due (the next scheduled
    month, missing after the last), followed (months to death or last contact), reason (why there is no later value, one
    of `REASONS`).
    """
    lines = scheduled_visits(cohort, asked)
    last = lines.table()[~_comes_again(lines)].reset_index(drop=True)
    # A visit shortly before a scheduled month may stand for it; the next one due is then the month after that.
    reached = last["months"].where(~(last["scheduled"] > last["months"]), last["scheduled"])
    places = np.searchsorted(asked.months, reached + SAME * np.maximum(1.0, reached.abs()), side="right")
    patients = cohort.patients.iloc[last["row"]].reset_index(drop=True)
    followed = patients["follow_up_months"].astype(float)
    next_due = pd.Series(np.append(asked.months, np.nan)[places], index=last.index)
    last = last[["row", "months", "value"]].assign(next_due=next_due, followed=followed)
    return last.assign(reason=pd.Categorical(_reasons(last, patients), REASONS, ordered=True))


@per_patient
def afterwards(cohort: Cohort, asked: ScheduledMeasure) -> dict[str, NDArray[Any]]:
    """Return whether a value follows that at each scheduled month, and why none follows the last one.

    Returns
    -------
    afterwards (indices into `AFTERWARDS`, scheduled months by patients), reason (an index into `REASONS` for each
    patient); -1 where there is no value.
    """
    lines, last = scheduled_visits(cohort, asked), last_visits(cohort, asked)
    reason = np.full(len(cohort), -1, dtype=np.int8)
    reason[last["row"]] = last["reason"].codes
    row, scheduled = lines["row"], lines["scheduled"]
    places = np.select(
        [_comes_again(lines), reason[row] == REASONS.index(NOT_DUE)],
        [np.int8(AFTERWARDS.index(RETURNS)), np.int8(AFTERWARDS.index(NOT_DUE))],
        np.int8(AFTERWARDS.index(LEAVES)),
    )
    after = np.full((len(asked.months), len(cohort)), -1, dtype=np.int8)
    for of_month, month in zip(after, asked.months, strict=True):
        stands = np.flatnonzero(scheduled == month)
        of_month[row[stands]] = places[stands]
    return {"afterwards": after, "reason": reason}


def _comes_again(lines: Columns) -> Flags:
    """Return whether each visit is followed by another of the same patient; visits are sorted by patient and time."""
    row = lines["row"]
    return np.append(row[1:] == row[:-1], False)[: len(row)]


def _reasons(last: pd.DataFrame, patients: pd.DataFrame) -> NDArray[np.str_]:
    """Return why each patient has no later value; both tables have the same order.

    Death and loss to follow-up are reasons at any time. For patients still followed, the visit is missing if follow-up
    reached the next scheduled month, else not yet due.
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
