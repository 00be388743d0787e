"""The address of the present view as a QR code on the stage, so that the audience can ask it themselves."""

from __future__ import annotations

from html import escape

import segno
import streamlit as st

from pages.server import reach
from pages.state import address, session

TOO_LONG = "The address of this view is too long for a QR code. Copy link has all of it."
OWN_FILE = "The link holds no data: whoever opens it is asked for the file."


def offer(page: str) -> None:
    """Draw the button; the code leads to the page where the stop on the stage stands, and not to the stage."""
    if st.button("QR code", key="qr_code", type="tertiary", shortcut="Q", help="For the audience to scan"):
        st.dialog("QR code of this view", width="large")(_show)(address.link(page))


def _show(link: str) -> None:
    why_not = reach.nothing_to_scan(link)
    if why_not:
        st.markdown(why_not)
        return
    try:
        drawn = picture(link)
    except segno.DataOverflowError:
        st.markdown(TOO_LONG)
        return
    if session.uploaded():
        st.caption(OWN_FILE)
    st.html(f'<img class="qr-code" src="{drawn}" alt="QR code of {escape(link)}">')


def picture(link: str) -> str:
    """Return the QR code of a link as an address that holds the picture itself.

    Examples
    --------
    >>> picture("https://lupus.lab.example/survival?source=UC")[:19]
    'data:image/svg+xml;'
    """
    # Few large squares are read from farther away than many small ones that could be repaired.
    return segno.make_qr(link, error="l").svg_data_uri(light="white", omitsize=True)
