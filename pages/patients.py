"""The Patients page: the courses of all patients, and one patient in detail."""

import streamlit as st

from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.patient_tables import (
    patient_facts,
    patient_findings,
    patient_infusions,
    patient_treatments,
    patient_visits,
)
from analysis.figures.states.swimmer import swimmer_table
from pages.controls import page_options, patient_chooser
from pages.shown import behind, dots_over_time, figure, patient_figures, rows_on_request, take_home
from pages.state import patient as in_view
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.patients_options import LANES, MEASURES

view = session.view()
cohort = view.present
if not len(cohort):
    raise NothingToShowError(NO_PATIENTS)
if isinstance(cohort, RowsElsewhere):
    rows_on_request.offer(view, cohort)

patient = in_view.choose(cohort)
patient_chooser.show(cohort, patient)

left, right = figure.pair("patient")
with left:
    with st.container(horizontal=True, vertical_alignment="bottom", key="measures_of_patient"):
        measures = page_options.ask_one(MEASURES, view.whole)
        course = patient_figures.course(view, patient, measures)
        take_home.offer(view, course)
    figure.draw(course)
with right:
    figure.numbers("What is known", session.drawn(patient_facts, view.whole, patient))
taken = {"Treatments": view.whole.treatments, "Infusions": view.whole.infusions}
with figure.folded("visits", "Everything on record as tables") as place:
    if place.open:
        figure.listing(patient_visits(view.whole, patient), "Visits")
        for title, tabled in (("Treatments", patient_treatments), ("Infusions", patient_infusions)):
            if len(taken[title]):
                figure.listing(tabled(view.whole, patient), title)
findings = session.drawn(patient_findings, view.whole, patient)
if len(findings):
    figure.listing(findings, "What the checks found for this patient")

dots_over_time.show(view)
sort = page_options.ask_one(LANES, view.whole)
courses = patient_figures.courses(view, sort)
figure.pickable(view, courses, behind.PATIENT)
with figure.folded("swimmer_table", "The same as a table") as place:
    if place.open:
        figure.listing(swimmer_table(patient_figures.courses_result(view, sort)))
figure.how_made(view, {course.question: course.method, courses.question: courses.method})
