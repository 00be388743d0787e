"""One line on what the address asked for but this cohort or version does not have."""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.markdown import plain
from pages.state import ignored


def place() -> None:
    """Reserve the place of the line."""
    st.session_state["notice"] = st.empty()


def tell() -> None:
    """Fill the line, if anything was ignored, after the page has been drawn."""
    parameters = ignored.words()
    if parameters:
        words = ", ".join(f"{key} {' and '.join(texts)}".strip() for key, texts in parameters.items())
        line = f"Ignored in the address, as this cohort or version does not have it: {words}."
        st.session_state.pop("notice", st).caption(plain(line))
