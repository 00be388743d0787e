"""A table pasted as text, from a spreadsheet or a screen."""

from __future__ import annotations

import streamlit as st

from pages.state import incoming

KEY = "pasted"


def show() -> None:
    """Draw the text box, folded.

    It is a form: without one, leaving the box draws the page anew, and a click on the button meanwhile can be lost.
    """
    with st.expander("Or paste a table"), st.form("paste", border=False):
        st.text_area(
            "Cells copied from a spreadsheet or a screen, with the names of the columns in the first row",
            key=KEY,
            height=160,
        )
        st.form_submit_button("Read the pasted table", key="read_pasted", on_click=_take)


def _take() -> None:
    incoming.take_pasted(st.session_state[KEY])
    st.session_state[KEY] = ""
