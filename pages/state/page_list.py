"""The page list. It imports nothing slow, because `app.py` needs it first."""

from __future__ import annotations

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
}


def navigate() -> StreamlitPage:
    """Register the pages with Streamlit and return the open one; `header` draws their links."""
    pages = [st.Page(path, title=title, default=path == next(iter(PAGES))) for path, title in PAGES.items()]
    return st.navigation(pages, position="hidden")
