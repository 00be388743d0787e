"""What the browser of this session shows."""

from __future__ import annotations

import streamlit as st


def dark() -> bool:
    """Return whether it shows the dark theme."""
    return st.context.theme.type == "dark"
