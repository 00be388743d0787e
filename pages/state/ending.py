"""How a page ends early."""

from __future__ import annotations


class NothingToShowError(Exception):
    """A page has nothing more to show; the words say why.

    `st.stop` would end the whole run, and with it the filter panel that the way back leads through.
    """
