"""Numbers as people write them: decimal points or commas, and marks between thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Digits are never given back (++): a cell of a hundred thousand of them would else be tried from each of them again.
NUMBER = re.compile(r"[+-]?(\d++(\.\d*+)?|\.\d++)([eE][+-]?\d++)?", re.ASCII)
NUMBER_FORMATS = ("decimal point", "decimal comma")
UNCLEAR = "unclear"

GAPS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")
COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
# A number with a mark: a limit of measurement, an asterisk, or whether it is high; brackets with numbers are no mark.
MARKED = re.compile(
    r"(?P<before><=|>=|=<|=>|[<>≤≥≦≧~≈*↑↓]|[HL](?=\s))?\s*+"
    r"(?P<number>[+-]?[\d.,][\d.,'’\u00a0\u202f ]*+(?:[eE][+-]?\d++)?)\s*+"
    r"(?P<after>\*+|[†‡#!?↑↓+]|\([^()\d]*\)|\[[^\[\]\d]*\]|[HL]{1,2}|high|low|hi|lo|hoch|niedrig|alto|bajo)?",
    re.IGNORECASE,
)
POINT_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
LONG_WHOLE = re.compile(r"[+-]?[1-9]\d{2}")
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


def unmarked(text: str) -> tuple[str, str]:
    """Return the number in a text such as "<0.1" or "12 (high)", as written, and its mark; else the text and ""."""
    told = text.strip()
    marked = MARKED.fullmatch(told)
    if not marked or not (marked["before"] or marked["after"]):
        return told, ""
    return marked["number"].strip(), marked["before"] or marked["after"]


def points_may_group(texts: Iterable[str], *, european: bool) -> bool:
    """Return whether points in whole numbers may stand between thousands, as in 1.234: in how all of them are written.

    Parameters
    ----------
    texts
        The values of a column.
    european
        Whether the file is one in which that is usual; else only whole numbers of three digits beside them tell.
    """
    told = [unmarked(text)[0] for text in texts]
    points = [text for text in told if "." in text]
    grouped = bool(points) and all(POINT_GROUP.fullmatch(text) for text in points)
    return grouped and (european or any(LONG_WHOLE.fullmatch(text) for text in told))


def comma_style(texts: Iterable[str]) -> str:
    """Return how a column writes its decimals: one of `NUMBER_FORMATS`, ``unclear``, or "" where no comma is used."""
    commas = points = groups = 0
    for text in texts:
        if "," not in text:
            continue
        told = GAPS.sub("", unmarked(text)[0])
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
