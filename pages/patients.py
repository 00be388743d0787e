"""Every patient's course at a glance, and one patient at a time."""

import streamlit as st

from analysis.cohort.measures import numeric_measures
from analysis.cohort.vocabulary import column_label
from analysis.estimates.lanes import SORTS, lanes
from analysis.figures.patient import patient_chart, patient_description
from analysis.figures.patient_tables import patient_facts, patient_findings, patient_visits
from analysis.figures.readings import NO_PATIENTS
from analysis.figures.swimmer import swimmer_chart, swimmer_description
from pages.parts import figure, session

MOST_MEASURES = 4  # drawn at first

view = session.view()
cohort = view.cohort
if not len(cohort):
    st.warning(NO_PATIENTS)
    st.stop()

ids = list(cohort.patients["patient_id"])
patient = session.choose_patient(ids)
before, chooser, after = st.columns([1, 4, 1], vertical_alignment="bottom", gap="small")
before.button("Previous", on_click=session.step_patient, args=(ids, -1), disabled=patient == ids[0], width="stretch")
after.button("Next", on_click=session.step_patient, args=(ids, 1), disabled=patient == ids[-1], width="stretch")
chooser.selectbox("Patient", ids, key=session.PATIENT, help="Type to search by id, or click a lane below")

left, right = figure.pair("patient")
with left:
    measures = numeric_measures(cohort)
    shown = st.multiselect(
        "Measures",
        measures,
        default=measures[:MOST_MEASURES],
        format_func=column_label,
        key="patient_measures",
        persist_state="session",
    )
    st.altair_chart(
        patient_chart(cohort, patient, shown, dark=view.dark),
        key="patient_chart",
        theme=None,
        alt=patient_description(cohort, patient, shown),
        width="stretch",
    )
with right:
    figure.numbers("facts", "What is known", patient_facts(cohort, patient))
with st.expander("Every visit as a table"):
    figure.listing(patient_visits(cohort, patient))
findings = patient_findings(view.whole, patient)
if len(findings):
    figure.listing(findings, "What the checks found for this patient")

sort = st.segmented_control(
    "Lanes sorted", list(SORTS), format_func=SORTS.__getitem__, default="follow_up", required=True, key="lanes",
    **session.KEPT,
)  # fmt: skip
courses = session.estimate(lanes, cohort, sort=sort)
picked = figure.pickable(
    view,
    key="swimmer",
    question=courses.question,
    chart=swimmer_chart(courses, dark=view.dark),
    alt_text=swimmer_description(courses),
    reading="Click a lane to see that patient above.",
    method=courses.method,
)
session.follow_pick("swimmer", picked, ids)
