"""The slider below a figure over months: the month or visit that is read, moved by the arrow keys or a click too.

Figure and slider are a fragment: the rest of the page does not depend on the month, and is not drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor

import streamlit as st

from analysis import Cohort, follow_up
from pages.shown.control import KEPT
from pages.state import address, session
from pages.state.activity_options import ACTIVITY, READ_VISIT, WITHOUT_VISIT
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.survival_options import READ_AT

FIGURE = "figure_with_month"  # the fragment


@st.fragment(key=FIGURE)
def of_months(cohort: Cohort, chosen: Answers, draw: Callable[[Answers], None]) -> None:
    """Draw curves, and below them the slider of the month at which they are read.

    Parameters
    ----------
    cohort
        The whole cohort, whose longest follow-up is the end of the slider.
    chosen
        The other options.
    draw
        Draws the curves with all options.
    """
    longest = max(1, floor(session.estimate(follow_up, cohort).table["maximum"].max()))
    month = settled([READ_AT], cohort)[READ_AT]
    if month is not None and month > longest:
        month = st.session_state[READ_AT.key] = longest
    draw(chosen.having(READ_AT, month))
    st.slider(READ_AT.label, 0, longest, key=READ_AT.key, on_change=address.write_of_part, **KEPT)


@st.fragment(key=FIGURE)
def of_visits(cohort: Cohort, draw: Callable[[Answers], None]) -> None:
    """Draw a measure over time, and below it the slider of the scheduled visit at which it is read; as `of_months`."""
    answers = settled([*ACTIVITY.together, READ_VISIT], cohort)
    draw(answers)
    months = READ_VISIT.values_of(answers)
    st.select_slider(READ_VISIT.label, months, key=READ_VISIT.key, on_change=address.write_of_part, **KEPT)


def read_month(month: float) -> None:
    """Read curves at a month that was clicked; at none if they are read there already."""
    month = round(month)
    st.session_state[READ_AT.key] = 0 if month == st.session_state.get(READ_AT.key) else month
    _draw_anew()


def read_visit(month: float) -> None:
    """Read a measure at a visit that was clicked; at none if it is read there already."""
    visit = f"{month:g}"
    st.session_state[READ_VISIT.key] = WITHOUT_VISIT if visit == st.session_state.get(READ_VISIT.key) else visit
    _draw_anew()


def _draw_anew() -> None:
    """Draw figure and slider, and nothing else, after the callback of a click."""
    address.write_of_part()
    st.rerun(FIGURE)
