"""One quiet line for what the address asked and nothing could answer."""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.markdown import plain
from pages.state import ignored


def place() -> None:
    """Reserve the place of the line."""
    st.session_state["notice"] = st.empty()


def tell() -> None:
    """Draw the line in its place where anything was ignored, once the page was drawn that tells."""
    told = ignored.words()
    if told:
        words = ", ".join(f"{key} {' and '.join(texts)}".strip() for key, texts in told.items())
        line = f"Ignored in the address, as this cohort or version does not have it: {words}."
        st.session_state["notice"].caption(plain(line))
