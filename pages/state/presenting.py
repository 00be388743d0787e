"""Presenting: no controls, large type and lines, one line of context; saved views are the stops.

Pages stay the same; `looks` hides and magnifies by style.
"""

from __future__ import annotations

import streamlit as st

from analysis.cohort.address import Words

PRESENT = "present"
KEYS = frozenset({PRESENT})
ON = "on"


def on() -> bool:
    """Return whether the app is presented to an audience."""
    return bool(st.session_state.get("presenting", False))


def switch() -> None:
    """Start or end presenting."""
    st.session_state["presenting"] = not on()
    st.session_state["filters_shown"] = False


def filters_shown() -> bool:
    """Return whether the filter panel is visible while presenting."""
    return bool(st.session_state.get("filters_shown", False))


def switch_filters() -> None:
    """Show or hide the filter panel."""
    st.session_state["filters_shown"] = not filters_shown()


def words() -> Words:
    """Return whether it is presented, and with the panel, as query parameters."""
    return {PRESENT: [ON]} if on() else {}


def restore(found: Words) -> Words:
    """Restore it from the address; return the parameters that are invalid."""
    st.session_state["presenting"] = found.get(PRESENT) == [ON]
    return {PRESENT: found[PRESENT]} if PRESENT in found and not on() else {}
