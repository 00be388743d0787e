"""Text from a file, made safe for places where Streamlit reads markdown."""

from __future__ import annotations

import re

# Parentheses mean something only after a bracket, or as in "1) ": labels are read aloud with their backslashes.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+\-.!|~:$<>&]|(?<=\d)\))")


def plain(text: object) -> str:
    """Return the text with every markdown mark escaped, so that it shows as it stands in the file."""
    return _MARKDOWN.sub(r"\\\1", str(text).replace("\n", " "))
