"""One quiet line for what the address asked and nothing could answer."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.cohort.address import Words
from analysis.figures.common.markdown import plain


def begin() -> None:
    """At the start of a run nothing was ignored yet."""
    st.session_state["ignored"] = {}
    st.session_state.pop("notice", None)


def place() -> None:
    """Reserve the place of the line, and draw what was ignored so far."""
    st.session_state["notice"] = st.empty()
    _draw()


def ignored(words: Words) -> None:
    """Tell that these words of the address meant nothing; options are only found out when their page is drawn."""
    st.session_state["ignored"] |= words
    _draw()


def _draw() -> None:
    told: Words = st.session_state["ignored"]
    reserved: DeltaGenerator | None = st.session_state.get("notice")
    if reserved is not None and told:
        words = ", ".join(f"{key} {' and '.join(texts)}".strip() for key, texts in told.items())
        reserved.caption(plain(f"Ignored in the address, as this cohort or version does not have it: {words}."))
