"""Text without the characters that some file formats cannot contain or that reverse the text after them."""

from __future__ import annotations

import re

# Characters that XML 1.0 excludes (production 2, Char); they also crash the converter of pictures.
_UNPRINTABLE = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
# Explicit directional formatting (Unicode Annex 9): in a name it would reverse the numbers after it, 48 into 84.
_DIRECTION = "[\u202a-\u202e\u2066-\u2069]"
_REFUSED = re.compile(f"{_UNPRINTABLE}|{_DIRECTION}")


def printable(text: str) -> str:
    """Return text with a space for each character that is not allowed in files or changes the direction of text."""
    return _REFUSED.sub(" ", text)
