"""Opening a registry that whoever runs the app has named."""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.markdown import plain
from analysis.registry.count import EngineError
from analysis.registry.folder import RegistryError
from pages.server import registries
from pages.state import opening

CHOSEN = "registry_chosen"
REFUSED = "registry_refused"  # why the registry that was asked for could not be opened


def show() -> None:
    """Offer the registries; without any, nothing is shown."""
    names = registries.names()
    if not names:
        return
    with st.form("registry", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        left.selectbox(
            "Or open a registry",
            names,
            key=CHOSEN,
            help="Its patients stay where they are: they are counted there, and not listed here.",
        )
        right.form_submit_button("Open the registry", key="open_registry", width="stretch", on_click=_open)
    if REFUSED in st.session_state:
        st.error(plain(st.session_state.pop(REFUSED)))


def _open() -> None:
    try:
        opening.open_cohort(registries.opened(st.session_state[CHOSEN]))
    except (RegistryError, EngineError) as error:
        st.session_state[REFUSED] = str(error)
