"""What the address asked and nothing could answer."""

from __future__ import annotations

import streamlit as st

from analysis.cohort.address import Words


def begin() -> None:
    """At the start of a run nothing was ignored yet."""
    st.session_state["ignored"] = {}


def add(words: Words) -> None:
    """Remember that these words of the address meant nothing; options are only found out when their page is drawn."""
    st.session_state["ignored"] |= words


def words() -> Words:
    """Return what was ignored so far."""
    found: Words = st.session_state["ignored"]
    return found
