"""Numbers as people write them: decimal points or commas, and marks between thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
NUMBER_FORMATS = ("decimal point", "decimal comma")
UNCLEAR = "unclear"

GAPS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")
COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def plain(text: str, style: str = "") -> str:
    """Return a number as a computer writes it; a text that is none comes back as it is.

    Parameters
    ----------
    text
        As in the file.
    style
        "decimal comma" where a comma stands before the decimals; anything else is the decimal point.
    """
    told = GAPS.sub("", text.strip().replace("\u2212", "-"))
    if NUMBER.fullmatch(told) and not (style == "decimal comma" and COMMA_GROUPS.fullmatch(told)):
        return told
    if style == "decimal comma":
        if COMMA.fullmatch(told):
            return told.replace(",", ".")
        return told.replace(".", "").replace(",", ".") if COMMA_GROUPS.fullmatch(told) else told
    return told.replace(",", "") if POINT_GROUPS.fullmatch(told) else told


def comma_style(texts: Iterable[str]) -> str:
    """Return how a column writes its decimals: one of `NUMBER_FORMATS`, ``unclear``, or "" where no comma is used."""
    commas = points = groups = 0
    for text in texts:
        if "," not in text:
            continue
        told = GAPS.sub("", text.strip())
        if ONE_GROUP.fullmatch(told):
            groups += 1
        elif COMMA.fullmatch(told) or COMMA_GROUPS.fullmatch(told):
            commas += 1
        elif POINT_GROUPS.fullmatch(told):
            points += 1
    if commas > points:
        return "decimal comma"
    if points:
        return "decimal point"
    return UNCLEAR if groups else ""
