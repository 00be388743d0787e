"""Text from a file, escaped for Markdown."""

from __future__ import annotations

import re

from analysis.figures.common.number_words import unbroken
from analysis.figures.common.printable import printable

# Parentheses are escaped only after a bracket, or as in "1) ": screen readers read the backslashes of labels aloud.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+\-.!|~:$<>&]|(?<=\d)\))")
# What Streamlit replaces by icons, emoji, links, arrows and signs even if every mark is escaped.
_TURNED = re.compile(
    r":(?=[\w+-]+(?:/\w+)?:)"
    r"|:(?=//)|(?<=\bwww)(?=\.)|@(?=[\w-]+\.)"
    r"|(?<!\S)(?:<(?=(?:->|-|=)(?!\S))|-(?=[->](?!\S))|[>~](?==(?!\S)))",
    re.IGNORECASE,
)
_JOINED = "\u2060"  # word joiner, invisible
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # four blanks at the beginning would be code


def plain(text: object) -> str:
    """Return text with all Markdown escaped, so that it is shown as in the file."""
    one_line = _BLANKS.sub(" ", printable(str(text))).strip(" ")
    return _MARKDOWN.sub(r"\\\1", _TURNED.sub(rf"\g<0>{_JOINED}", one_line))


def sentence(text: str) -> str:
    r"""Return a sentence as `plain` does, with every number on one line with its percent sign, unit and limits.

    Examples
    --------
    >>> sentence("UC 95 % (80–99, 18 at risk").replace("\u00a0", "_")
    'UC 95_%_(80–99, 18 at risk'
    """
    return plain(unbroken(text))
