"""Time-to-event definitions: from when, until when, and what counts as the event."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.states import first_relapse, has_relapses
from analysis.cohort.times import SAME

OVERALL_SURVIVAL = "overall_survival"
RELAPSE_FREE_SURVIVAL = "relapse_free_survival"
ENDPOINTS = (OVERALL_SURVIVAL, RELAPSE_FREE_SURVIVAL)


@dataclass(frozen=True)
class Endpoint:
    """A time-to-event outcome of each patient.

    Attributes
    ----------
    times
        patient_id, months (from transplantation to event or last contact), event (boolean); one row a patient,
        indexed like ``cohort.patients``.
    name, question, event_words
        In words: the outcome, what is asked of it, what counts as an event.
    """

    times: pd.DataFrame
    name: str
    question: str
    event_words: str


def endpoint_times(cohort: Cohort, endpoint: str) -> Endpoint:
    """Return each patient's time and event for an endpoint.

    Raises
    ------
    ValueError
        If the endpoint is unknown, or the cohort has no column it needs.
    """
    if endpoint == OVERALL_SURVIVAL:
        return _overall_survival(cohort)
    if endpoint == RELAPSE_FREE_SURVIVAL:
        return _relapse_free_survival(cohort)
    raise ValueError(f"Unknown endpoint {endpoint!r}; known are {', '.join(ENDPOINTS)}.")


def _overall_survival(cohort: Cohort) -> Endpoint:
    patients = cohort.patients
    times = pd.DataFrame(
        {
            "patient_id": patients["patient_id"],
            "months": patients["follow_up_months"],
            "event": patients["died"],
        }
    )
    return Endpoint(times, "Overall survival", "How many are alive over time?", "death from any cause")


def _relapse_free_survival(cohort: Cohort) -> Endpoint:
    if not has_relapses(cohort):
        raise ValueError("Relapse-free survival needs relapse_months of the patients or relapse of the visits.")
    patients = cohort.patients
    followed = patients["follow_up_months"]
    relapse = first_relapse(cohort)
    relapsed = relapse <= followed * (1 + SAME)
    times = pd.DataFrame(
        {
            "patient_id": patients["patient_id"],
            "months": relapse.where(relapsed, followed),
            "event": relapsed | patients["died"],
        }
    )
    return Endpoint(times, "Relapse-free survival", "How many are alive without relapse over time?", "relapse or death")
