"""Saving the session to a small file, and continuing from one."""

from __future__ import annotations

import streamlit as st

from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from pages.shown import take_home
from pages.state import session_file


def save_button() -> None:
    """Draw the button that saves the session."""
    data = session_file.to_file()
    take_home.button(File("Session (JSON)", "session.json", "application/json", lambda: data))


def show() -> None:
    """Draw the control that loads a saved session and, once loaded, the button that continues it."""
    st.markdown("#### Go on with a saved session")
    st.file_uploader(
        "A session that was saved here: what was asked, saved views, and how the files were read; never data",
        key="session_file", on_change=_load,
    )  # fmt: skip
    found: session_file.SavedSession | str | None = st.session_state.get("loaded_session")
    if isinstance(found, str):
        st.warning(plain(found))
    elif found:
        files = ", ".join(found.files)
        note = f"It was saved with the file {files}; the link asks for it if it is not open." if files else ""
        st.markdown(plain(f"The session is loaded. {note}"))
        st.page_link("pages/overview.py", label="Go to what was in view", query_params=found.asked)


def _load() -> None:
    """Read the dropped session file: the answers for its data files, and the link to its last view."""
    file = st.session_state["session_file"]
    st.session_state.pop("loaded_session", None)
    if file is not None:
        st.session_state["loaded_session"] = session_file.from_file(file.getvalue())
