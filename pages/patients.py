"""One patient at a time: what is known, every visit, and what the checks found."""

import streamlit as st

from analysis.figures.patient_tables import patient_facts, patient_findings, patient_visits
from analysis.figures.readings import NO_PATIENTS
from pages.parts import figure, session

view = session.view()
if not len(view.cohort):
    st.warning(NO_PATIENTS)
    st.stop()

ids = list(view.cohort.patients["patient_id"])
patient = session.choose_patient(ids)
before, chooser, after = st.columns([1, 4, 1], vertical_alignment="bottom", gap="small")
before.button("Previous", on_click=session.step_patient, args=(ids, -1), disabled=patient == ids[0], width="stretch")
after.button("Next", on_click=session.step_patient, args=(ids, 1), disabled=patient == ids[-1], width="stretch")
chooser.selectbox("Patient", ids, key=session.PATIENT, help="Type to search by id")

left, right = figure.pair("patient")
with left:
    figure.listing(patient_visits(view.cohort, patient), "Visits")
with right:
    figure.numbers("facts", "What is known", patient_facts(view.cohort, patient))
findings = patient_findings(view.whole, patient)
if len(findings):
    figure.listing(findings, "What the checks found for this patient")
