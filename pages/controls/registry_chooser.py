"""Opening a registry that whoever runs the app has named."""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.markdown import plain
from analysis.registry.count import EngineError
from analysis.registry.folder import RegistryError
from pages.server import registries
from pages.shown.progress import questions_told
from pages.state import opening


def show() -> None:
    """Offer the registries; without any, nothing is shown."""
    names = registries.names()
    if not names:
        return
    with st.form("registry", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        name = left.selectbox(
            "Or open a registry",
            names,
            help="Its patients stay where they are: they are counted there, and not listed here.",
        )
        asked = right.form_submit_button("Open the registry", width="stretch")
    if not asked:
        return
    try:
        with questions_told():
            cohort = registries.opened(name)
    except (RegistryError, EngineError) as error:
        st.error(plain(str(error)))
        return
    opening.open_cohort(cohort)
    st.rerun()
