"""Numbers in many notations: decimal points or commas, thousands separators, and marks such as "<"."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Possessive quantifiers (++) prevent backtracking, which would be quadratic in a cell of a hundred thousand digits.
NUMBER = re.compile(r"[+-]?(\d++(\.\d*+)?|\.\d++)([eE][+-]?\d++)?", re.ASCII)
NUMBER_FORMATS = ("decimal point", "decimal comma")
UNCLEAR = "unclear"

GAPS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")
COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
# A number with a mark: a detection limit, an asterisk, or high or low; brackets with numbers are not marks.
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
    """Return a number with a decimal point and without thousands separators; any other text is returned stripped.

    Parameters
    ----------
    text
        As in the file.
    style
        "decimal comma", or anything else for the decimal point.

    Examples
    --------
    >>> plain("1.234,5", "decimal comma"), plain("1,234.5"), plain("1 234")
    ('1234.5', '1234.5', '1234')
    """
    cleaned = GAPS.sub("", text.strip().replace("\u2212", "-"))
    if NUMBER.fullmatch(cleaned) and not (style == "decimal comma" and COMMA_GROUPS.fullmatch(cleaned)):
        return cleaned
    if style == "decimal comma":
        if COMMA.fullmatch(cleaned):
            return cleaned.replace(",", ".")
        return cleaned.replace(".", "").replace(",", ".") if COMMA_GROUPS.fullmatch(cleaned) else cleaned
    return cleaned.replace(",", "") if POINT_GROUPS.fullmatch(cleaned) else cleaned


def unmarked(text: str) -> tuple[str, str]:
    """Return the number, as written, and the mark in a text such as "<0.1" or "12 (high)"; else the text and "".

    Examples
    --------
    >>> unmarked("< 0.1"), unmarked("12 (high)"), unmarked("12")
    (('0.1', '<'), ('12', '(high)'), ('12', ''))
    """
    cleaned = text.strip()
    marked = MARKED.fullmatch(cleaned)
    if not marked or not (marked["before"] or marked["after"]):
        return cleaned, ""
    return marked["number"].strip(), marked["before"] or marked["after"]


def points_may_group(texts: Iterable[str], *, european: bool) -> bool:
    """Return whether all points in a column may be thousands separators, as in 1.234.

    Parameters
    ----------
    texts
        The values of the column.
    european
        Whether the file otherwise suggests decimal commas; if not, the column must also have a number of three digits.
    """
    cleaned = [unmarked(text)[0] for text in texts]
    points = [text for text in cleaned if "." in text]
    grouped = bool(points) and all(POINT_GROUP.fullmatch(text) for text in points)
    return grouped and (european or any(LONG_WHOLE.fullmatch(text) for text in cleaned))


def comma_style(texts: Iterable[str]) -> str:
    """Return the notation of decimals in a column: one of `NUMBER_FORMATS`, ``unclear``, or "" without commas."""
    commas = points = groups = 0
    for text in texts:
        if "," not in text:
            continue
        cleaned = GAPS.sub("", unmarked(text)[0])
        if ONE_GROUP.fullmatch(cleaned):
            groups += 1
        elif COMMA.fullmatch(cleaned) or COMMA_GROUPS.fullmatch(cleaned):
            commas += 1
        elif POINT_GROUPS.fullmatch(cleaned):
            points += 1
    if commas > points:
        return "decimal comma"
    if points:
        return "decimal point"
    return UNCLEAR if groups else ""
