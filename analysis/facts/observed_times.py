"""The form of an endpoint: each patient's entry, time and event, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME

TRANSPLANTATION = "transplantation"
ENTRY = "entry_months"  # of the patients: months from transplantation to the start of observation
Times: TypeAlias = dict[str, Any]  # arrays by name, of every patient

NO_TIME = "time or event is not recorded"
NO_BASELINE = "no baseline from which the state could be told"


@dataclass(frozen=True)
class Wording:
    """A time-to-event outcome in words.

    Attributes
    ----------
    name, question
        The outcome, and the question that it answers.
    event_words
        What counts as the event.
    events_noun
        A plural noun for the events.
    competing_words
        The competing event ("" for none).
    time_zero
        What the months are counted from.
    """

    name: str
    question: str
    event_words: str
    events_noun: str = "events"
    competing_words: str = ""
    time_zero: str = TRANSPLANTATION


@dataclass(frozen=True, kw_only=True)
class Endpoint(Wording):
    """A time-to-event outcome of each patient.

    Attributes
    ----------
    columns
        For each patient: entry_months (at risk after it; 0 for at risk from time zero), months (from time zero to
        the event, competing event or last contact), event, competing (never both true), reason (categorical: why the
        patient has no outcome, "" if there is one), entry and time (the same months in ticks, see `clocked`).
    """

    columns: Columns

    @cached_property
    def has(self) -> Flags:
        """Whether each patient has the outcome."""
        has: Flags = self.columns["reason"].codes == 0
        return has


def observed(
    cohort: Cohort,
    end: Floats,
    *,
    event: Flags,
    competing: Flags | None = None,
    start: Floats | float = 0.0,
    late: bool = True,
    timeless: str = NO_TIME,
) -> Times:
    """Return the outcome of every patient.

    Parameters
    ----------
    end, start
        Months from transplantation to the end and to time zero; missing where there is none.
    event, competing
        Whether the time ends with the event, or with the competing event.
    late
        Whether late entry (``entry_months`` of the patients) applies: it counts from transplantation.
    timeless
        The reason given for a missing time.

    Returns
    -------
    entry_months, months, event, competing, and reason (why the patient has no outcome, "" if there is one).
    """
    begun = entry_months(cohort) if late else np.zeros(len(cohort))
    entry, months = np.fmax(begun - start, 0.0), end - start
    never = (entry > 0) & (months <= entry * (1 + SAME))
    reasons = ["", timeless, "it ends before time zero", "observed only after the outcome had ended"]
    code = np.select([np.isnan(months), months < 0, never], [1, 2, 3], 0)
    return {
        "entry_months": entry,
        "months": months,
        "event": event,
        "competing": np.zeros(len(cohort), dtype=bool) if competing is None else competing,
        "reason": pd.Categorical.from_codes(code, reasons),
    }


def entry_months(cohort: Cohort) -> Floats:
    """Return each patient's months from transplantation to the start of observation, 0 if not recorded."""
    if ENTRY not in cohort.patient_columns:
        return np.zeros(len(cohort))
    return np.fmax(cohort.numbers(ENTRY), 0.0)
