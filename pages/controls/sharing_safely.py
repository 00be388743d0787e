"""Disclosure control on the Report page: what files may contain."""

from __future__ import annotations

import streamlit as st

from analysis.export.sharing import Sharing
from pages.shown.control import draw
from pages.state import sharing
from pages.state.report_options import DATES_AS_YEARS, LEAST, REPLACE_IDS

REMEMBERED = (
    "While small counts are hidden, the first file that leaves settles the patients, their groups and how their course "
    "is told; what could give away small counts together with it is then refused. This is remembered until the page is "
    "reloaded. Files of another tab, of another day or of somebody else, and files that left with all counts told, are "
    "not counted in: nothing is promised about them."
)


def ask() -> Sharing:
    """Draw the controls and return what they are set to."""
    answers = sharing.answers()
    st.markdown("#### Sharing safely")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        draw(LEAST, answers, width=200)
        draw(REPLACE_IDS, answers, width="content")
        draw(DATES_AS_YEARS, answers, width="content")
    if least := sharing.least():
        st.caption(f"Whoever runs this registry has counts below {least} hidden in every file.")
    allowed = sharing.present()
    if allowed.least:
        st.caption(REMEMBERED)
    return allowed
