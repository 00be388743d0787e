"""The patient in view, and the ways that lead to one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import address, options

PATIENT = "patient"


def open_patient(patient_id: str) -> None:
    """Go to the page of one patient; with the whole view in the address, Back leads to where the patient was chosen."""
    st.switch_page("pages/patients.py", query_params={**address.words(), PATIENT: patient_id})


def choose(ids: list[str]) -> str:
    """Return the patient in view: the one that was opened, or named in the address, else the first of these."""
    return str(st.session_state[options.choice(PATIENT, ids, ids[0])])


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
