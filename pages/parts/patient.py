"""The patient in view, and the ways that lead to one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import address, options
from pages.parts.words import plain

PATIENT = "patient"
MOST_LISTED = 2000  # a longer list is slow to send, and nobody reads it


def open_patient(patient_id: str) -> None:
    """Go to the page of one patient; with the whole view in the address, Back leads to where the patient was chosen."""
    st.switch_page("pages/patients.py", query_params={**address.words(), PATIENT: patient_id})


def choose(ids: list[str]) -> str:
    """Return the patient in view: the one that was opened, or named in the address, else the first of these."""
    known = ids if len(ids) <= MOST_LISTED else set(ids)
    asked = st.session_state.get(PATIENT)
    st.session_state["unknown_patient"] = "" if asked is None or asked in known else asked
    return str(st.session_state[options.one_of_many(PATIENT, known, ids[0])])


def chooser(ids: list[str]) -> None:
    """Draw the control that chooses a patient: a list to search, or of very many patients a number to type."""
    if len(ids) <= MOST_LISTED:
        st.selectbox("Patient", ids, key=PATIENT, **options.KEPT, help="Type to search by id, or click a lane below")
        return
    st.text_input("Patient", key=PATIENT, **options.KEPT, help=f"Type one of {len(ids):,} ids, or click a lane below")
    unknown = st.session_state["unknown_patient"]
    if unknown:
        st.caption(plain(f"{unknown} is not among these patients; the first of them is shown."))


def step(ids: list[str], step: int) -> None:
    """Go to the patient before or after the one in view."""
    place = ids.index(st.session_state[PATIENT]) + step
    st.session_state[PATIENT] = ids[min(max(place, 0), len(ids) - 1)]


def open_pick(figure: str, picked: list[dict[str, Any]], ids: list[str]) -> None:
    """Go to the page of the patient that was newly clicked in a figure."""
    newest = _newly_picked(figure, picked, ids)
    if newest:
        open_patient(newest)


def _newly_picked(figure: str, picked: list[dict[str, Any]], ids: list[str]) -> str:
    """Return the patient clicked last, once: one that stays picked does not hold the page."""
    newest = str(picked[-1]["patient_id"]) if picked else ""
    if newest == st.session_state.get(f"followed_{figure}", ""):
        return ""
    st.session_state[f"followed_{figure}"] = newest
    return newest if newest in ids else ""
