"""The control that chooses a patient, and the buttons to the previous and next one."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort
from analysis.figures.common.markdown import plain
from pages.shown.control import KEPT
from pages.state import patient
from pages.state.patients_options import PATIENT

MOST_LISTED = 2000  # a longer list is slow to send and not read


def show(cohort: Cohort, in_view: str) -> None:
    """Draw the choice of the patient between the buttons to the previous and next one."""
    previous, following = patient.neighbours(cohort, in_view)
    before, middle, after = st.columns([1, 4, 1], vertical_alignment="bottom", gap="small")
    before.button("Previous", on_click=patient.go_to, args=(previous,), disabled=in_view == previous, width="stretch")
    after.button("Next", on_click=patient.go_to, args=(following,), disabled=in_view == following, width="stretch")
    with middle:
        _chooser(cohort)


def _chooser(cohort: Cohort) -> None:
    """Draw a list to search in, or for very many patients a box to type a patient number."""
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
