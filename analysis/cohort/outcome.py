"""What an endpoint is: a time and how it ended for each patient, and who has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME

TRANSPLANTATION = "transplantation"
ENTRY = "entry_months"  # of the patients: months from transplantation to the start of observation
NO_TIME = "time or event is not recorded"


@dataclass(frozen=True)
class Wording:
    """A time-to-event outcome in words.

    Attributes
    ----------
    name, question
        The outcome, and what is asked of it.
    event_words
        What counts as the event.
    events_noun
        Events in the plural, as counted.
    competing_words
        What makes the event impossible ("" for nothing).
    time_zero
        What the months count from.
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
    times
        patient_id, entry_months (at risk after it; 0 for at risk from time zero on), months (from time zero to event,
        competing event or last contact), event, competing (booleans, never both), and entry and time: the months on one
        clock (`clocked`). A row a patient who has the outcome, with the index of ``cohort.patients``.
    left_out
        patient_id, reason: patients who do not have it.
    """

    times: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def late_entries(self) -> bool:
        """Whether any patient came under observation later than time zero."""
        return bool((self.times["entry_months"] > 0).any())


def observed(
    cohort: Cohort,
    end: pd.Series,
    *,
    event: pd.Series,
    competing: pd.Series | bool = False,
    start: pd.Series | float = 0.0,
    late: bool = True,
    timeless: str = NO_TIME,
) -> pd.DataFrame:
    """Return entry_months, months, event, competing and reason of every patient; a reason for having no outcome, or "".

    Parameters
    ----------
    end, start
        Months from transplantation to the end and to time zero; missing where there is none.
    event, competing
        How it ended.
    late
        Whether ``entry_months`` of the patients, where there is one, counts from transplantation as `end` does.
    timeless
        Why a patient without a time has none.
    """
    patients = cohort.patients
    entry = patients[ENTRY].astype(float).fillna(0) if late and ENTRY in patients else pd.Series(0.0, patients.index)
    times = pd.DataFrame(
        {
            "entry_months": (entry - start).clip(lower=0).fillna(0),
            "months": (end - start).astype(float),
            "event": event.astype(bool),
            "competing": competing,
        }
    )
    never = (times["entry_months"] > 0) & (times["months"] <= times["entry_months"] * (1 + SAME))
    reasons = ["", timeless, "it ends before time zero", "observed only after the outcome had ended"]
    code = np.select([times["months"].isna(), times["months"] < 0, never], [1, 2, 3], 0)
    return times.assign(reason=pd.Categorical.from_codes(code, reasons))
