"""Units, in names of columns and in cells."""

from __future__ import annotations

import re

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED, SPELLINGS
from analysis.cohort.vocabulary import PATIENTS, VISITS

TIME_WORDS = SPELLINGS.time
# A heading that is only one of these is a length of time; "year" would be a date, and "years" mostly an age.
LENGTHS = frozenset(word for words in TIME_WORDS.values() for word in words.alone)
UNITS = frozenset(
    unit.casefold().replace(" ", "")
    for table in (PATIENTS, VISITS)
    for column in table.values()
    for unit in (column.unit, *column.units)
    if unit
)
STARTS = frozenset(map(normalised, LISTED["first_visit"]))
PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?(?:\s*,?\s*(?:and|und|et|y|e)?\s*(?=\d)|$)")


def is_time(column: Column) -> bool:
    """Return whether the values of a column are lengths of time."""
    return "days" in column.units


def is_start(text: str, column: Column) -> bool:
    """Return whether a text is a word for the day of transplantation, such as "Baseline", in a column of visits."""
    return column.name == "months" and normalised(text) in STARTS


def is_unit(text: str) -> bool:
    """Return whether a text is a unit of time or of a laboratory value."""
    cleaned = "".join(text.split()).casefold().strip("()[]").replace("μ", "µ")
    return cleaned in UNITS or any(normalised(cleaned) in words.heading for words in TIME_WORDS.values())


def unit_of(word: str) -> str:
    """Return the unit of time that a word behind a number in a cell means, such as "y" or "개월"; "" if none."""
    name = normalised(word)
    return next((unit for unit, words in TIME_WORDS.items() if name in words.in_cells), "")


def time_in(text: str, column: Column) -> float | None:
    """Return the length of time in a text such as "34.2 months" or "2y 3m", in the unit of the column; else None.

    Examples
    --------
    >>> time_in("2y 3m", PATIENTS["follow_up_months"])
    27.0
    """
    cleaned, place, total = text.strip().casefold(), 0, 0.0
    while place < len(cleaned):
        part = PART.match(cleaned, place)
        unit = unit_of(part[2]) if part else ""
        if not part or not unit:
            return None
        total += float(part[1].replace(",", ".")) * column.units.get(unit, 1.0)
        place = part.end()
    return total if cleaned else None
