"""The share of patients whose score has fallen by enough since baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.column_words import measure_words, unit_words
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.measures import RESPONSE_FALLS
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.scores.at_months import at_months
from analysis.estimates.scores.scheduled import (
    NO_VALUE,
    SCHEDULE,
    grouped_table,
    rising_months,
)


@dataclass(frozen=True)
class ResponseShare:
    """How many patients have a fall of at least a given size, over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no number.
    table
        group, months (scheduled, without the first), events, patients, share, lower, upper: of those with a value
        then and at the first scheduled month; missing where there is nobody.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def response_share(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    fall: float | None = None,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
) -> ResponseShare:
    """Return the share of patients whose measure has fallen by at least `fall` since the first scheduled month.

    A fall of SLEDAI by 4 is the part of the SLE Responder Index that the score alone can tell (Furie et al. 2009); the
    index also asks that no organ got worse and that the physician does not find the patient worse.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    fall
        The least fall that counts, above 0, in the unit of the measure; by default the one of a response, which only
        SLEDAI has.
    schedule, window_months
        As for `trajectory`.
    interval, level
        "wilson" or "clopper-pearson", and its confidence level.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the visits have no such measure, the fall is not above 0 or has to be named, or the interval is unknown.
    """
    fall = RESPONSE_FALLS.get(measure) if fall is None else fall
    if fall is None:
        raise ValueError(f"No fall of {measure_words(measure)} is known to be a response: name the fall that counts.")
    if not fall > 0:
        raise ValueError("A fall is a number above 0.")
    who = members(cohort, by)
    months = rising_months(schedule)
    measured = at_months(cohort, who, measure, months, window_months)
    changes = measured.changes()
    later = changes.only(np.any(changes.measured(months[1:]), axis=0)) if months[1:] else changes.only(changes.row < 0)
    counts = [
        (group, month, int((values <= -fall * (1 - SAME)).sum()), len(values))
        for group, month, values in changes.by_month(months[1:])
    ]
    left_out = who.left_out(
        cohort,
        (measured.row, NO_VALUE),
        (changes.row, f"no value at month {months[0]:g}"),
        (later.row, "no value at any later scheduled month"),
    )
    label, amount = measure_words(measure), f"{fall:g} {unit_words(measure)}".strip()
    too_low = number_of_patients(later.row[later.start < fall * (1 - SAME)])
    words = [
        f"Share with a fall of {label} by {amount} or more since month {months[0]:g}, of those with both values",
        f"{100 * level:g} % interval ({PROPORTION_INTERVALS.get(interval, interval)})",
        *([f"{count_words(too_low, 'patient')} started below {amount} and cannot fall by it"] if too_low else []),
        count_words(number_of_patients(later.row), "patient"),
    ]
    return ResponseShare(
        question=f"How many patients have a fall of {label} by {amount} or more?",
        method=method_words("; ".join(words), left_out),
        left_out=left_out,
        table=shares(grouped_table(counts, ["group", "months", "events", "patients"], changes.group), interval, level),
    )


def shares(counts: pd.DataFrame, interval: str, level: float) -> pd.DataFrame:
    """Return counts with share, lower and upper; missing where there are no patients."""
    lower, upper = proportion_interval(counts["events"].tolist(), counts["patients"].tolist(), interval, level)
    share = counts["events"] / counts["patients"].where(counts["patients"] > 0)
    return counts.assign(share=share.astype(float), lower=lower, upper=upper)
