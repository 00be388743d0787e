"""Survival curves of papers: how one is given, what it was reconstructed to, and its counts as a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis.centres.published_curve import MOST_POINTS, PublishedCurve
from analysis.export.figure_files import File
from analysis.export.table_files import csv_bytes
from analysis.figures.common.markdown import plain
from analysis.figures.survival.paper_curves import at_risk_table, counts_table
from pages.shown import figure, take_home
from pages.state import paper_curves

NAME, POINTS, RISK_FILE, RISK, EVENTS, REASON = (
    f"paper_curve_{part}" for part in ("name", "points", "risk_file", "risk", "events", "reason")
)
ASSUMED = (
    "Reconstructed (Guyot et al. 2012): which patient was censored when is an assumption, so that every number from it "
    "is less sure than it looks. It is drawn behind the curve of this cohort, and is in no test."
)


def show() -> None:
    """Draw the curves that were given, and how another one is."""
    st.markdown("#### A published curve behind one's own")
    for place, curve in enumerate(paper_curves.own()):
        _given(place, curve)
    if paper_curves.own():
        figure.numbers("At risk, as published and as reconstructed", at_risk_table(paper_curves.own()))
        st.caption(ASSUMED)
    with st.popover("Add a curve", icon=":material/show_chart:"):
        _form()
    if reason := st.session_state.pop(REASON, ""):
        st.warning(plain(reason))


def _given(place: int, curve: PublishedCurve) -> None:
    found = curve.reconstructed
    st.markdown(f"**{plain(curve.name)}.** {plain(f'{found.method} {found.fit}')}")
    notes = [f"{curve.label}, counts of the curve, no rows of patients", found.method, found.fit]
    with st.container(horizontal=True, gap="small", key=f"paper_curve_{place}"):
        take_home.button(
            File(
                f"Counts of {curve.name} (CSV)",
                f"reconstructed_{place + 1}.csv",
                "text/csv",
                lambda: csv_bytes(counts_table(curve), notes),
            )
        )
        st.button("Remove", key=f"remove_curve_{place}", on_click=partial(paper_curves.remove, curve.name))


def _form() -> None:
    with st.form("paper_curve", border=False):
        st.text_input("Short name, such as Wang 2013", key=NAME)
        st.file_uploader(
            f"Points read off the curve: a CSV file of months and survival, one at each step, up to {MOST_POINTS}",
            key=POINTS,
        )
        st.text_input("Numbers at risk, as month: number", key=RISK, placeholder="0: 40, 12: 31, 24: 18")
        st.file_uploader("or a CSV file of months and at_risk", key=RISK_FILE)
        st.text_input("Total deaths (empty if not told)", key=EVENTS)
        st.form_submit_button("Draw it", on_click=_take)


def _take() -> None:
    state = st.session_state
    points, file = state.get(POINTS), state.get(RISK_FILE)
    if points is None:
        state[REASON] = "Points: give the CSV file of months and survival that were read off the curve."
        return
    at_risk = state[RISK] if file is None else file.getvalue()
    state[REASON] = paper_curves.add(state[NAME], points.getvalue(), at_risk, state[EVENTS])
    if not state[REASON]:
        state.update({NAME: "", RISK: "", EVENTS: ""})
