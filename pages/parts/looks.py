"""The looks of every page: title, width, type, and the strip that stays in view."""

from __future__ import annotations

import streamlit as st

from analysis.figures.theme import palette

TITLE = "MSC in lupus"

# Content stays readable on wide screens, and the strip with n stays in view while the page scrolls.
STYLE = """
<style>
.stMainBlockContainer { max-width: 1290px; padding: .5rem 2rem 3rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-strip) { position: sticky; top: 0; z-index: 90; }
.st-key-pages { margin: 0 3.5rem 0 -.6rem; }
.stApp:has([data-testid="stExpandSidebarButton"]) .st-key-pages { margin-left: 2rem; }
[data-testid="stHeader"] { background: transparent; }
[data-testid="stHeader"], [data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] button, [data-testid="stHeader"] button * { pointer-events: auto; }
.st-key-pages a { padding: .25rem .6rem; }
.st-key-strip { padding: .35rem 0 .3rem;
                background: BACKGROUND; border-bottom: 1px solid rgba(128,128,128,.25); }
.st-key-strip p { font-variant-numeric: tabular-nums; font-size: .92rem; }
.st-key-strip .stButton button { min-height: 1.7rem; padding: 0 .7rem; border-radius: 1rem; font-size: .85rem; }
h1, h2, h3 { letter-spacing: 0; }
[data-testid="stMain"] h3 { font-size: 1.3rem; font-weight: 600; padding: .4rem 0 .1rem; }
[data-testid="stMain"] h4 { font-size: 1.02rem; font-weight: 600; padding: .2rem 0 0; }
[class*="st-key-numbers"] th[scope="row"] { min-width: 3.6rem; }
.stDataFrame, .stTable, table { font-variant-numeric: tabular-nums; }
[class*="st-key-numbers"] th, [class*="st-key-numbers"] td { padding: .22rem .45rem; font-size: .88rem; }
[class*="st-key-numbers"] td, [class*="st-key-numbers"] th.col_heading { text-align: right !important; }
[class*="st-key-pair"] [data-testid="stColumn"]:first-child { flex: 2 1 440px; min-width: 440px; }
[class*="st-key-pair"] [data-testid="stColumn"]:last-child { flex: 1 1 300px; min-width: 300px; }
[class*="st-key-halves"] [data-testid="stColumn"] { flex: 1 1 440px; min-width: 440px; }
.st-key-strip_estimands [data-testid="stColumn"] { flex: 1 1 200px; min-width: 200px; }
.st-key-glance [data-testid="stColumn"] { flex: 1 1 300px; min-width: 300px; }
[class*="st-key-headline"] [data-testid="stMetricValue"] { font-size: 1.75rem; }
</style>
"""


def dress() -> None:
    """Set the window title, the width and the type of every page."""
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state="expanded")
    st.html(STYLE.replace("BACKGROUND", palette(dark()).background))


def dark() -> bool:
    """Return whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"
