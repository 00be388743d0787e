"""How a page ends early."""

from __future__ import annotations


class NothingToShowError(Exception):
    """A page has nothing more to show; the message says why.

    `st.stop` would end the whole run, before the filter panel that the user needs to change this.
    """
