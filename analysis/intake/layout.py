"""The layout of a table: titles above the header, headers of two rows, totals below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.intake.dates import YEAR_FIRST, YEAR_LAST
from analysis.intake.numerals import NUMBER
from analysis.intake.texts import blank
from analysis.intake.units import is_unit

LOOKED_AT = 60  # rows in which a header is looked for
SHARE_OF_HEADER = 0.6  # A title fills a smaller share of the columns.
CODES = re.compile(r"\(?(0\s*/\s*1|1\s*/\s*0|[yjn]\s*/\s*[yjn]|yes\s*/\s*no|ja\s*/\s*nein)\)?", re.IGNORECASE)
VISIT = re.compile(
    r"pre|post|base|baseline|bl|basal|start|vor|nach|(m|mo|months?|w|wk|weeks?|d|days?|y|yr|years?|v|visit|t|monat)"
    r"[-_ ]?\d+|\d+[-_ ]?(m|mo|months?|w|wk|weeks?|d|days?|y|yr|years?|monate)?",
    re.IGNORECASE,
)
TOTAL_ROWS = 5  # last rows that are examined for totals
TOTAL = re.compile(
    r"(grand |sub)?(total|sums?|means?|averages?|medians?|count|n ?= ?\d+|summe|gesamt|mittelwert|somme|moyenne|totale"
    r"|media|suma|soma|合计|总计|平均)( .*|[:=].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes
    ----------
    names
        One name per column; "" if it has none.
    first, last
        Positions of the first and last row of the header, from 0.
    notes
        Notes for the user.
    """

    names: list[str]
    first: int
    last: int
    notes: tuple[str, ...] = ()


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """Return the header in the first rows of a table; None if they are all empty."""
    filled = [sum(not blank(text) for text in row) for row in rows]
    used = [place for place, count in enumerate(filled) if count]
    if not used:
        return None
    top, used = used[0], _without_comments(rows, used)
    first = used[0]
    needed = max(2.0, SHARE_OF_HEADER * max(filled[place] for place in used))
    if filled[first] < needed:
        first = next((place for place in used if filled[place] >= needed and _words_only(rows[place])), first)
    width = max(len(row) for row in rows)
    above, header = _wide(rows[first - 1] if first and first > used[0] else [], width), _wide(rows[first], width)
    below = _wide(rows[first + 1] if first + 1 < len(rows) else [], width)
    after = rows[first + 2] if first + 2 < len(rows) else []
    if sum(bool(name) for name in above) > 1 and _groups(above, header):
        return _joined(above, header, first - 1, top)
    if _continues(header, below, after) or _are_units(header, below, after):
        return _joined(header, below, first, top)
    return Header(_names(rows[first]), first, first, _titles(top, first))


def _without_comments(rows: Sequence[Sequence[str]], used: list[int]) -> list[int]:
    """Return the positions of filled rows without two or more leading comment rows (#) above a row of names."""
    marked = [rows[place][0].lstrip().startswith("#") for place in used]
    count = marked.index(False) if False in marked else 0
    return used[count:] if count > 1 and _words_only(rows[used[count]]) else used


def is_total(text: str) -> bool:
    """Return whether the first cell of a row labels it as a summary, such as "Total" or "Mean"."""
    return bool(TOTAL.fullmatch(" ".join(text.split())))


def _words_only(row: Sequence[str]) -> bool:
    return not any(_value_like(text) for text in row)


def _value_like(text: str) -> bool:
    cleaned = text.strip().replace(",", ".")
    return any(pattern.fullmatch(cleaned) for pattern in (NUMBER, YEAR_FIRST, YEAR_LAST))


def _groups(above: Sequence[str], header: Sequence[str]) -> bool:
    """Return whether a row above a header distinguishes columns with equal or empty names."""
    named = [name for name in header if name]
    repeated = len(set(named)) < len(named)
    return repeated or any(group and not name for group, name in zip(above, header, strict=True))


def _continues(header: Sequence[str], below: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether the row below a header fills its gaps with names, and values follow."""
    gaps = [place for place, name in enumerate(header) if not name and any(header[:place])]
    fills = bool(gaps) and all(below[place] for place in gaps)
    return fills and _words_only(below) and any(_value_like(text) for text in after)


def _are_units(header: Sequence[str], below: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether the row below a header consists of units and codes, and values follow."""
    filled = [text for text in below if text]
    named = all(name for name, unit in zip(header, below, strict=True) if unit)
    units = [text for text in filled if is_unit(text)]
    return (
        named
        and len(filled) > 1
        and any(len(unit) > 1 for unit in units)
        and all(is_unit(text) or CODES.fullmatch(text) for text in filled)
        and any(_value_like(text) for text in after)
    )


def _joined(upper: Sequence[str], lower: Sequence[str], first: int, top: int) -> Header:
    names = []
    group = ""
    standing = Counter(lower)
    for above, name in zip(upper, lower, strict=True):
        group = above or group
        # A unique name needs no group, unless it is only a unit, a visit or a code.
        alone = name and standing[name] == 1 and not any((is_unit(name), VISIT.fullmatch(name), CODES.fullmatch(name)))
        below = "" if CODES.fullmatch(name) else name
        # A unit is put in brackets, so that it is not read as part of a time: "SLEDAI M0 (points)".
        below = f"({below})" if group and is_unit(below) and not VISIT.fullmatch(below) and below[:1] != "(" else below
        names.append(name if alone else " ".join(part for part in (group if name else above, below) if part))
    return Header(names, first, first + 1, (*_titles(top, first), "the header stands in two rows, which are joined."))


def _titles(top: int, first: int) -> tuple[str, ...]:
    return ("what stands above the header is not used.",) if first > top else ()


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*_names(row), *[""] * (width - len(row))]


def _names(row: Sequence[str]) -> list[str]:
    return [" ".join(name.split()) for name in row]
