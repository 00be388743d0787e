"""The comparison: none, by a column, by the size of a number, or by one organ."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort, Filters, option_counts
from analysis.cohort.measures import characteristics, numeric_characteristics
from analysis.cohort.vocabulary import column_label, column_unit, mid_sentence
from pages.parts import session

CUT_WORDS = {
    session.MEDIAN: "at the median",
    session.TERTILES: "in thirds",
    session.TYPED: "at chosen values",
}


def options(cohort: Cohort) -> list[str]:
    """Return what this cohort can be compared by."""
    numbers = [f"{session.NUMBER}{name}" for name in numeric_characteristics(cohort)]
    organs: list[str] = []
    if "organs" in cohort.patients:
        organs = [f"{session.ORGAN}{organ}" for organ in option_counts(cohort, Filters(), "organs")["value"]]
    return ["", *characteristics(cohort), *numbers, *organs]


def show(cohort: Cohort) -> None:
    """Draw the control, and where a number is compared how it is cut."""
    st.selectbox("Compare", options(cohort), key="compare", format_func=_words)
    chosen = st.session_state["compare"]
    if not chosen.startswith(session.NUMBER):
        return
    st.segmented_control(
        "Cut", list(CUT_WORDS), key="cut", format_func=CUT_WORDS.__getitem__, required=True, default=session.MEDIAN
    )
    if st.session_state["cut"] == session.TYPED:
        unit = column_unit(chosen.removeprefix(session.NUMBER))
        st.text_input(
            f"Cut at{f' ({unit})' if unit else ''}",
            key="cut_points",
            placeholder="such as 30 or 30, 45",
            help="Choose values before looking at the outcome: a searched cut point finds a difference by chance.",
        )
        if not session.cut_points():
            st.caption("Write one or more numbers, divided by commas.")


def _words(chosen: str) -> str:
    if not chosen:
        return "No comparison"
    if chosen.startswith(session.ORGAN):
        return f"{chosen.removeprefix(session.ORGAN).capitalize()} involvement, yes or no"
    if chosen.startswith(session.NUMBER):
        return f"By {mid_sentence(column_label(chosen.removeprefix(session.NUMBER)))}, cut"
    return f"By {mid_sentence(column_label(chosen))}"
