"""The page list. It imports nothing slow, because `app.py` needs it first."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES = {
    "pages/overview.py": "Overview",
    "pages/cohort.py": "Cohort",
    "pages/survival.py": "Survival",
    "pages/response.py": "Remission & relapse",
    "pages/activity.py": "Disease activity",
    "pages/patients.py": "Patients",
    "pages/report.py": "Report",
    "pages/centres.py": "Centres",
}
CENTRES = "pages/centres.py"  # linked on the Cohort and Report pages, and not in the row of pages


def in_address(page: str) -> str:
    """Return what names a page in an address: nothing for the first."""
    return "" if page == next(iter(PAGES)) else f"/{PurePosixPath(page).stem}"


def navigate() -> StreamlitPage:
    """Register the pages with Streamlit and return the open one; `header` draws their links."""
    pages = [st.Page(path, title=title, default=path == next(iter(PAGES))) for path, title in PAGES.items()]
    page = st.navigation(pages, position="hidden")
    st.session_state["page_open"] = next(path for path, title in PAGES.items() if title == page.title)
    return page


def open_page() -> str:
    """Return the file of the page that is open."""
    path: str = st.session_state["page_open"]
    return path
