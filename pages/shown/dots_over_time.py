"""Every patient as a dot, moved through the months by hand or by play."""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.markdown import plain
from analysis.figures.states.dots import MOST_DOTS, TOO_MANY
from analysis.listings.month_dots import last_month
from pages.shown import behind, figure, patient_figures, take_home
from pages.shown.control import KEPT
from pages.state import options
from pages.state.patients_options import MONTH_OF_DOTS
from pages.state.session import View

MONTH_SECONDS = 0.5  # that a month lasts when played
PLAYING = "dots_playing"


def show(view: View) -> None:
    """Draw the dots with their month, or say why there are none."""
    if len(view.whole) > MOST_DOTS:
        figure.absent("How is everybody over time?", TOO_MANY)
        return
    playing = bool(st.session_state.get(PLAYING, False))
    st.fragment(_dots, run_every=MONTH_SECONDS if playing else None)(view)


def _dots(view: View) -> None:
    last = last_month(view.whole)
    month = min(options.settled([MONTH_OF_DOTS], view.whole)[MONTH_OF_DOTS], last)
    if st.session_state.get(PLAYING):
        month = min(month + 1, last)
    st.session_state[MONTH_OF_DOTS.key] = month
    shown = patient_figures.dots_at(view, month)
    with st.container(horizontal=True, vertical_alignment="center", key="title_of_dots"):
        st.markdown(f"### {plain(shown.question)}", width="stretch")
        take_home.offer(view, shown)
    if last:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="month_of_dots_row"):
            _play(month, last)
            st.slider(MONTH_OF_DOTS.label, 0, last, key=MONTH_OF_DOTS.key, **KEPT)
    figure.draw_pickable(view, shown, behind.PATIENT)


def _play(month: int, last: int) -> None:
    """Draw the button that plays the months from here, or from the start, to the end."""
    playing = bool(st.session_state.get(PLAYING))
    if st.button("Pause" if playing else "Play", key="play_dots"):
        st.session_state[PLAYING] = not playing
        if month == last:
            st.session_state[MONTH_OF_DOTS.key] = 0
        st.rerun()
    if playing and month == last:
        st.session_state[PLAYING] = False
        st.rerun()
