"""The fold of those who lost a response on the Remission & relapse page."""

from __future__ import annotations

import streamlit as st

from analysis import who_lost_it
from analysis.figures.common.markdown import plain
from analysis.figures.states.lost_response import FAILED, NOTE, QUESTION, lost_line, lost_people, lost_table
from analysis.listings.people import one_patient
from pages.shown import figure, people
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import RESPONSE_COUNTED, remission_rule


def losses(view: session.View, chosen: Answers) -> None:
    """Draw who lost it, when, and on how much prednisone; a click opens the patient."""
    if view.no_rows:
        figure.folded("lost", QUESTION, f"A list of patients cannot be shown. {view.no_rows}")
        return
    found = session.estimate(
        who_lost_it, view.cohort, rule=remission_rule(chosen), response=chosen[RESPONSE_COUNTED], by=view.by
    )
    with figure.folded("lost", QUESTION, session.drawn(lost_line, found)) as place:
        if not place.open or found.table.empty:
            return
        if st.button("Which patients", key="lost_people"):
            people.show(view, lost_people(found))
        figure.choosable(
            view,
            "lost_table",
            "Each of them: months, and prednisone in mg/day (choose a number to see the patient)",
            session.drawn(lost_table, found),
            lambda row, _: one_patient(found.table["patient_id"].iloc[row]),
            long=FAILED,
        )
        st.caption(plain(NOTE))
