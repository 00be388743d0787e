"""The parts of a typed text: words, texts in quotes, numbers, ranges, days and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = r"\d+(?:\.\d+)?"
# Limits in words, as signs; they stand before a number.
IN_WORDS = (
    (rf"\b(?:between|from)\s+({NUMBER})\s+(?:and|to)\s+({NUMBER})\b", r"\1-\2"),
    (r"\b(?:under|below|less than|younger than|before)\s+(?=\d)", "<"),
    (r"\b(?:over|above|more than|older than|after)\s+(?=\d)", ">"),
    (r"\b(?:at least|from|since)\s+(?=\d)", ">="),
    (r"\b(?:at most|up to|until)\s+(?=\d)", "<="),
    ("≤", "<="),
    ("≥", ">="),
    ("[−–—]", "-"),
    ("[“”„]", '"'),
)
PARTS = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|(?P<day>\d{4}-\d{2}-\d{2})(?![\w.])"
    rf"|(?P<range>(?P<low>{NUMBER})\s*(?:-|\.\.|to\b)\s*(?P<high>{NUMBER}))(?!\w|[.,]\d)"
    r"|(?P<sign><=|>=|<|>|=|:)"
    rf"|(?P<number>{NUMBER})(?!\w|[.,]\d)"
    r'|(?P<minus>-)(?=[\w"<>])'
    r'|(?P<word>(?:\d+,)*[^\s,;"<>=:]+)'
)


@dataclass(frozen=True)
class Token:
    """A part of a text: its kind, how it was typed, and the ends of a range."""

    kind: str
    text: str
    low: str = ""
    high: str = ""

    @property
    def is_name(self) -> bool:
        """Whether it can be part of a name."""
        return self.kind in ("word", "quoted")

    @property
    def word(self) -> str:
        """The text in lower case."""
        return self.text.casefold()


def tokens(text: str) -> list[Token]:
    """Return the parts of a typed text.

    Examples
    --------
    >>> [(each.kind, each.text) for each in tokens("-skin, under 30")]
    [('minus', '-'), ('word', 'skin'), ('sign', '<'), ('number', '30')]
    """
    for words, sign in IN_WORDS:
        text = re.sub(words, sign, text, flags=re.IGNORECASE)
    return list(_parts(text))


def _parts(text: str) -> Iterator[Token]:
    for found in PARTS.finditer(text):
        kind = found.lastgroup or ""
        kind = "range" if found["range"] else kind
        yield Token(kind, found[kind], found["low"] or "", found["high"] or "")
