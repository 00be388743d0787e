"""Text that every kind of file can hold, and that reads in its own order."""

from __future__ import annotations

import re

# What XML 1.0 allows no document to hold (production 2, Char); it also ends the program that draws pictures.
_UNPRINTABLE = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
# Explicit directions (Unicode annex 9): one of them in a name turns the numbers after it round, 48 into 84.
_DIRECTION = "[\u202a-\u202e\u2066-\u2069]"
_REFUSED = re.compile(f"{_UNPRINTABLE}|{_DIRECTION}")


def printable(text: str) -> str:
    """Return text with a space for each letter that no file can hold, such as a null, or that turns what follows."""
    return _REFUSED.sub(" ", text)
