"""How a page ends early."""

from __future__ import annotations


class NothingToShowError(Exception):
    """A page has nothing more to show; the message says why, or there is none if the page has said so itself.

    `st.stop` would end the whole run, before the filter panel that the user needs to change this.
    """
