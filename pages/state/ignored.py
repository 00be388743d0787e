"""Query parameters of the address that were ignored."""

from __future__ import annotations

import streamlit as st

from analysis.cohort.address import Words


def begin() -> None:
    """Clear the list at the start of a run."""
    st.session_state["ignored"] = {}


def add(words: Words) -> None:
    """Add parameters that were ignored; those of options are only known once their page is drawn."""
    st.session_state["ignored"] |= words


def words() -> Words:
    """Return the parameters ignored so far."""
    found: Words = st.session_state["ignored"]
    return found
