"""Text that every kind of file can hold."""

from __future__ import annotations

import re

# What XML 1.0 allows no document to hold (production 2, Char); it also ends the program that draws pictures.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return text with a space for each letter that no file can hold, such as a null."""
    return _UNPRINTABLE.sub(" ", text)
