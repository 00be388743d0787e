"""What a chart shows moves from where it was to where it is after a click; moved in the browser."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

KEY = "motion"
FOLDER = Path(__file__).parent
SCRIPT = "".join(FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("motion_of_paths.js", "motion.js"))

_motion = st.components.v2.component(KEY, js=SCRIPT)


def show() -> None:
    """Let the charts of the page move, unless the system asks for reduced motion."""
    _motion(key=KEY, height="content")
