"""The page list. It is imported before anything slow: see app.py."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def navigate() -> StreamlitPage:
    """Register the pages with Streamlit and return the one that is open."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title="Overview", default=True),
            st.Page("pages/cohort.py", title="Cohort"),
            st.Page("pages/survival.py", title="Survival"),
            st.Page("pages/response.py", title="Remission & relapse"),
            st.Page("pages/activity.py", title="Disease activity"),
            st.Page("pages/patients.py", title="Patients"),
        ],
        position="top",
    )
