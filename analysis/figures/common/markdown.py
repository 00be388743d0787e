"""Text from a file, made safe for places where markdown is read."""

from __future__ import annotations

import re

from analysis.figures.common.printable import printable

# Parentheses mean something only after a bracket, or as in "1) ": labels are read aloud with their backslashes.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+\-.!|~:$<>&]|(?<=\d)\))")
# What Streamlit turns into icons and emoji, links, and arrows and signs even where every mark is escaped.
_TURNED = re.compile(
    r":(?=[\w+-]+(?:/\w+)?:)"
    r"|:(?=//)|(?<=\bwww)(?=\.)|@(?=[\w-]+\.)"
    r"|(?<!\S)(?:<(?=(?:->|-|=)(?!\S))|-(?=[->](?!\S))|[>~](?==(?!\S)))",
    re.IGNORECASE,
)
_JOINED = "\u2060"  # a word joiner: nothing is seen of it
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # four blanks at the beginning would be code


def plain(text: object) -> str:
    """Return the text with every markdown mark escaped, so that it shows as it stands in the file."""
    one_line = _BLANKS.sub(" ", printable(str(text))).strip(" ")
    return _MARKDOWN.sub(r"\\\1", _TURNED.sub(rf"\g<0>{_JOINED}", one_line))
