"""The control that chooses a patient, and the ways to the one before and the one after."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort
from analysis.figures.common.markdown import plain
from pages.shown.control import KEPT
from pages.state import patient
from pages.state.patients_options import PATIENT

MOST_LISTED = 2000  # a longer list is slow to send, and nobody reads it


def show(cohort: Cohort, in_view: str) -> None:
    """Draw the patient in view between the ways to its neighbours."""
    previous, following = patient.neighbours(cohort, in_view)
    before, middle, after = st.columns([1, 4, 1], vertical_alignment="bottom", gap="small")
    before.button("Previous", on_click=patient.go_to, args=(previous,), disabled=in_view == previous, width="stretch")
    after.button("Next", on_click=patient.go_to, args=(following,), disabled=in_view == following, width="stretch")
    with middle:
        _chooser(cohort)


def _chooser(cohort: Cohort) -> None:
    """Draw the control that chooses a patient: a list to search, or of very many patients a number to type."""
    if len(cohort) <= MOST_LISTED:
        st.selectbox(
            PATIENT.label, list(cohort.values("patient_id")), key=PATIENT.key, **KEPT,
            help="Type to search by id, or click a lane below",
        )  # fmt: skip
        return
    st.text_input(
        PATIENT.label, key=PATIENT.key, **KEPT, help=f"Type one of {len(cohort):,} ids, or click a lane below"
    )
    unknown = st.session_state["unknown_patient"]
    if unknown:
        st.caption(plain(f"{unknown} is not among these patients; the first of them is shown."))
