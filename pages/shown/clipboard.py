"""What a click copies, made and answered in the browser alone: the link to the present view, or a table."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

KEY = "copy_link"
HTML = '<button type="button">Copy link</button><span role="status"></span>'
CSS = """
button { font: inherit; font-size: .85rem; color: var(--st-text-color); background: none; border: 0; padding: .25rem;
         cursor: pointer; white-space: nowrap; }
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
SCRIPT = Path(__file__).with_name("clipboard.js").read_text(encoding="utf-8")

_button = st.components.v2.component(KEY, html=HTML, css=CSS, js=SCRIPT)


def show() -> None:
    """Draw the button that copies the link, and answer those of all tables.

    The address holds filters, groups and options of the view, never data.
    """
    _button(key=KEY, width="content", height="content")
