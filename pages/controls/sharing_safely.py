"""What may leave the house, as it is asked on the Report page."""

from __future__ import annotations

import streamlit as st

from analysis.export.sharing import Sharing
from pages.state import options, sharing
from pages.state.options import KEPT

REMEMBERED = (
    "While small counts are hidden, the first file that leaves settles the patients, their groups and how their course "
    "is told; what could give away small counts together with it is then refused. This is remembered until the page is "
    "reloaded. Files of another tab, of another day or of somebody else, and files that left with all counts told, are "
    "not counted in: nothing is promised about them."
)


def ask() -> Sharing:
    """Draw the controls and return what they say."""
    st.markdown("#### Sharing safely")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            "Small counts", sharing.THRESHOLDS, key=sharing.least_key(), width=200,
            format_func=lambda least: f"hide those below {least}" if least else "tell all",
            help="With each hidden count go its share, its interval and what would give it away; curves have fewer, "
            "larger steps. Figures of single patients are then left out.", **KEPT,
        )  # fmt: skip
        st.toggle("Replace patient numbers", key=options.switch("share_ids"), width="content", **KEPT)
        st.toggle("Dates as years", key=options.switch("share_years"), width="content", **KEPT)
    told = sharing.present()
    if told.least:
        st.caption(REMEMBERED)
    return told
