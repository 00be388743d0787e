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
class Endpoint:
    """A time-to-event outcome of each patient.

    Attributes
    ----------
    times
        patient_id, entry_months (at risk after it; 0 for at risk from time zero on), months (from time zero to event,
        competing event or last contact), event, competing (booleans, never both); a row a patient who has the outcome,
        with the index of ``cohort.patients``.
    left_out
        patient_id, reason: patients who do not have it.
    name, question
        The outcome, and what is asked of it.
    event_words, competing_words
        What counts as the event, and what makes it impossible ("" for nothing).
    events_noun
        Events in the plural, as counted.
    time_zero
        What the months count from.
    """

    times: pd.DataFrame
    left_out: pd.DataFrame
    name: str
    question: str
    event_words: str
    events_noun: str = "events"
    competing_words: str = ""
    time_zero: str = TRANSPLANTATION

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
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the times of those who have the outcome, and who does not with the reason.

    Parameters
    ----------
    end, start
        Months from transplantation to the end and to time zero; missing where there is none.
    event, competing
        How it ended.
    late
        Whether ``entry_months`` of the patients, where there is one, counts from transplantation as `end` does.
    """
    patients = cohort.patients
    entry = patients[ENTRY].astype(float).fillna(0) if late and ENTRY in patients else pd.Series(0.0, patients.index)
    times = pd.DataFrame(
        {
            "patient_id": patients["patient_id"],
            "entry_months": (entry - start).clip(lower=0).fillna(0),
            "months": (end - start).astype(float),
            "event": event.astype(bool),
            "competing": competing,
        }
    )
    never = (times["entry_months"] > 0) & (times["months"] <= times["entry_months"] * (1 + SAME))
    reason = pd.Series(
        np.select(
            [times["months"].isna(), times["months"] < 0, never],
            [NO_TIME, "it ends before time zero", "observed only after the outcome had ended"],
            "",
        ),
        index=patients.index,
    )
    left_out = pd.DataFrame({"patient_id": times["patient_id"], "reason": reason})[reason != ""]
    return times[reason == ""], left_out.reset_index(drop=True)
