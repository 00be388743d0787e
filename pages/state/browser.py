"""The theme that the browser shows."""

from __future__ import annotations

import streamlit as st


def dark() -> bool:
    """Return whether the dark theme is shown."""
    return st.context.theme.type == "dark"
