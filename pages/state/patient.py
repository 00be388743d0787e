"""The patient in view, and how to open one."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort
from pages.state import address, options
from pages.state.patients_options import PATIENT


def open_patient(patient_id: str) -> None:
    """Go to the page of one patient; Back leads to where the patient was chosen, as the address has the view."""
    st.switch_page("pages/patients.py", query_params={**address.words(), PATIENT.key: patient_id})


def choose(cohort: Cohort) -> str:
    """Return the patient in view: the one opened or named in the address, else the first of the cohort."""
    asked = st.session_state.get(PATIENT.key)
    st.session_state["unknown_patient"] = "" if asked is None or cohort.place_of(asked) is not None else asked
    return options.settled([PATIENT], cohort)[PATIENT]


def neighbours(cohort: Cohort, patient_id: str) -> tuple[str, str]:
    """Return the previous and next patient; at either end of the cohort, the same patient."""
    place, ids = cohort.place_of(patient_id) or 0, cohort.values("patient_id")
    return ids[max(place - 1, 0)], ids[min(place + 1, len(ids) - 1)]


def go_to(patient_id: str) -> None:
    """Set the patient in view."""
    st.session_state[PATIENT.key] = patient_id
