"""The slider below curves: the month that is read, moved by the arrow keys too."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import TypeVar

import streamlit as st

from analysis import Cohort
from pages.shown.control import KEPT
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.survival_options import READ_AT

Drawn = TypeVar("Drawn")


def beside(cohort: Cohort, chosen: Answers, draw: Callable[[Answers], Drawn]) -> Drawn:
    """Draw curves, and below them the slider of the month at which they are read.

    Parameters
    ----------
    cohort
        The whole cohort, whose longest follow-up is the end of the slider.
    chosen
        The other options.
    draw
        Draws the curves with all options, and returns what was drawn.
    """
    longest = max(1, floor(cohort.values("follow_up_months").max()))
    month = settled([READ_AT], cohort)[READ_AT]
    if month is not None and month > longest:
        month = st.session_state[READ_AT.key] = longest
    found = draw(chosen.having(READ_AT, month))
    st.slider(READ_AT.label, 0, longest, key=READ_AT.key, **KEPT)
    return found
