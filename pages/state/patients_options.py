"""The options of the Patients page."""

from __future__ import annotations

from analysis.cohort.column_words import column_label
from analysis.cohort.measures import numeric_measures
from analysis.listings.lanes import SORTS, Sort
from pages.state import session
from pages.state.option import Answers, Choice, Lookup, Number, PageOptions, Several

MOST_MEASURES = 4  # drawn by default


def _measures(answers: Answers) -> list[str]:
    return session.estimate(numeric_measures, answers.cohort)


PATIENT = Lookup(
    "patient",
    "Patient",
    default=lambda answers: answers.cohort.values("patient_id")[0],
    known=lambda answers, patient_id: answers.cohort.place_of(patient_id) is not None,
)
MEASURES = Several[tuple[str, ...]](
    "patient_measures",
    "Measures",
    values=_measures,
    words=column_label,
    default=lambda answers: _measures(answers)[:MOST_MEASURES],
    means=tuple,
)
LANES = Choice[Sort]("lanes", "Lanes sorted", values=SORTS, words=SORTS.__getitem__, drawn="row")

MONTH_OF_DOTS = Number[int]("month_of_dots", "Month", default=12, low=0, high=1200)

PATIENTS = PageOptions("patients", apart=(PATIENT, MEASURES, LANES, MONTH_OF_DOTS))
