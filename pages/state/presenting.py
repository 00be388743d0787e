"""Presenting: no controls, large type and lines, one line of context; saved views are the stops.

The page is the same; what is hidden and how large it is drawn is a matter of style (`looks`).
"""

from __future__ import annotations

import streamlit as st

from analysis.cohort.address import Words

PRESENT = "present"
KEYS = frozenset({PRESENT})
ON = "on"


def on() -> bool:
    """Return whether the app is shown to an audience."""
    return bool(st.session_state.get("presenting", False))


def switch() -> None:
    """Begin or end presenting."""
    st.session_state["presenting"] = not on()
    st.session_state["filters_shown"] = False


def filters_shown() -> bool:
    """Return whether the filter panel is in view although the app is shown to an audience."""
    return bool(st.session_state.get("filters_shown", False))


def switch_filters() -> None:
    """Show or hide the filter panel."""
    st.session_state["filters_shown"] = not filters_shown()


def words() -> Words:
    """Return the words of the address."""
    return {PRESENT: [ON]} if on() else {}


def restore(found: Words) -> Words:
    """Take it from the address; return what means nothing."""
    st.session_state["presenting"] = found.get(PRESENT) == [ON]
    return {PRESENT: found[PRESENT]} if PRESENT in found and not on() else {}
