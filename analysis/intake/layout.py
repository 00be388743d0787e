"""Where a table begins and ends: titles above the header, headers of two rows, totals below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.intake.dates import YEAR_FIRST, YEAR_LAST
from analysis.intake.numerals import NUMBER
from analysis.intake.texts import blank

LOOKED_AT = 60  # rows in which a header is looked for
SHARE_OF_HEADER = 0.6  # A title fills fewer of the columns than this.
TOTAL_ROWS = 5  # as many are looked at from below
TOTAL = re.compile(
    r"(grand |sub)?(total|sums?|means?|averages?|medians?|count|n ?= ?\d+|summe|gesamt|mittelwert|somme|moyenne|totale"
    r"|media|suma|soma|合计|总计|平均)( .*|[:=].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """The names of the columns, and in which of the rows they stand.

    Attributes
    ----------
    names
        A name a column, "" where it has none.
    first, last
        Places of the first and last row of the header, from 0.
    notes
        What was noticed.
    """

    names: list[str]
    first: int
    last: int
    notes: tuple[str, ...] = ()


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """Return the header in the first rows of a table; None where nothing is in them."""
    filled = [sum(not blank(text) for text in row) for row in rows]
    used = [place for place, count in enumerate(filled) if count]
    if not used:
        return None
    first = used[0]
    needed = max(2.0, SHARE_OF_HEADER * max(filled))
    if filled[first] < needed:
        first = next((place for place in used if filled[place] >= needed and _words_only(rows[place])), first)
    width = max(len(row) for row in rows)
    above, header = _wide(rows[first - 1] if first else [], width), _wide(rows[first], width)
    below = _wide(rows[first + 1] if first + 1 < len(rows) else [], width)
    after = rows[first + 2] if first + 2 < len(rows) else []
    if sum(bool(name) for name in above) > 1 and _groups(above, header):
        return _joined(above, header, first - 1, used[0])
    if _continues(header, below, after):
        return _joined(header, below, first, used[0])
    return Header(_names(rows[first]), first, first, _titles(used[0], first))


def is_total(text: str) -> bool:
    """Return whether the first text of a row says that it sums up the others."""
    return bool(TOTAL.fullmatch(" ".join(text.split())))


def _words_only(row: Sequence[str]) -> bool:
    return not any(_value_like(text) for text in row)


def _value_like(text: str) -> bool:
    told = text.strip().replace(",", ".")
    return any(pattern.fullmatch(told) for pattern in (NUMBER, YEAR_FIRST, YEAR_LAST))


def _groups(above: Sequence[str], header: Sequence[str]) -> bool:
    """Return whether a row above a header tells apart columns that it does not."""
    named = [name for name in header if name]
    repeated = len(set(named)) < len(named)
    return repeated or any(group and not name for group, name in zip(above, header, strict=True))


def _continues(header: Sequence[str], below: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether a header has gaps that the row below fills with names, before the values begin."""
    gaps = [place for place, name in enumerate(header) if not name and any(header[:place])]
    fills = bool(gaps) and all(below[place] for place in gaps)
    return fills and _words_only(below) and any(_value_like(text) for text in after)


def _joined(upper: Sequence[str], lower: Sequence[str], first: int, top: int) -> Header:
    names = []
    group = ""
    for above, name in zip(upper, lower, strict=True):
        group = above or group
        alone = name and lower.count(name) == 1
        names.append(name if alone else " ".join(part for part in (group if name else above, name) if part))
    return Header(names, first, first + 1, (*_titles(top, first), "the header stands in two rows, which are joined."))


def _titles(top: int, first: int) -> tuple[str, ...]:
    return ("what stands above the header is not used.",) if first > top else ()


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*_names(row), *[""] * (width - len(row))]


def _names(row: Sequence[str]) -> list[str]:
    return [" ".join(name.split()) for name in row]
