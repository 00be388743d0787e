"""The page list, the page's looks, and the cure for Streamlit's old page mode."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

TITLE = "MSC in lupus"

# Content stays readable on wide screens, and the strip with n stays in view while the page scrolls.
STYLE = """
<style>
.stMainBlockContainer { max-width: 1290px; padding: 3.6rem 2rem 3rem; }
.st-key-strip { position: sticky; top: 3.4rem; z-index: 90; padding: .35rem 0 .3rem;
                background: var(--st-background-color, Canvas); border-bottom: 1px solid rgba(128,128,128,.25); }
.st-key-strip p { font-variant-numeric: tabular-nums; }
.st-key-strip .stButton button { min-height: 1.7rem; padding: 0 .7rem; border-radius: 1rem; font-size: .85rem; }
h1, h2, h3 { letter-spacing: 0; }
[data-testid="stMain"] h3 { font-size: 1.3rem; font-weight: 600; padding: .4rem 0 .1rem; }
[data-testid="stMain"] h4 { font-size: 1.02rem; font-weight: 600; padding: .2rem 0 0; }
.stDataFrame, .stTable, table { font-variant-numeric: tabular-nums; }
[class*="st-key-numbers"] th, [class*="st-key-numbers"] td { padding: .22rem .45rem; font-size: .88rem; }
[class*="st-key-numbers"] td, [class*="st-key-numbers"] th.col_heading { text-align: right !important; }
[class*="st-key-headline"] [data-testid="stMetricValue"] { font-size: 1.75rem; }
</style>
"""


def navigate() -> StreamlitPage:
    """Register the pages with Streamlit and return the one that is open."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title="Overview", default=True),
            st.Page("pages/cohort.py", title="Cohort"),
            st.Page("pages/survival.py", title="Survival"),
            st.Page("pages/response.py", title="Remission & relapse"),
            st.Page("pages/activity.py", title="Disease activity"),
        ],
        position="top",
    )


def dress() -> None:
    """Set the window title, the width and the type of every page."""
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state="expanded")
    st.html(STYLE)
