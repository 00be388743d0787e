"""Dates and words that mean none: 9999-12-31 or 1900-01-01, "alive" for a date of death, "ongoing" for an end."""

from __future__ import annotations

import re

from analysis.cohort.canonical_column import Column
from analysis.cohort.spellings import LISTED
from analysis.intake.flags import SAYS_NO, code
from analysis.intake.values import NOTHING, key

DATE = re.compile(
    r"(?P<year>\d{4})[-/. ]?(?P<one>\d{1,2})[-/. ]?(?P<other>\d{1,2})(?:[ T].*)?"
    r"|(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<last>\d{4})(?:[ T].*)?",
    re.ASCII,
)
LAST_YEAR = 2099  # nobody dies or is seen from this year on
BUDDHIST = range(2450, 2650)  # years of the calendar of Thailand, which are real dates
BEGINNINGS = {1900: {(1, 1), (0, 1)}, 1899: {(12, 31), (12, 30), (30, 12), (31, 12)}}  # of spreadsheets and databases
ENDS = ("stop_months", "stop_date")  # of a treatment
ONGOING = frozenset(map(key, LISTED["ongoing"]))
SIGNS = frozenset({"/", "\\", "//", "—", "–", "―", "*", "×", "x"})


def may_be_none(column: Column) -> bool:
    """Return whether a column can hold words that mean that there is no time: dates, and ends of treatments."""
    return column.kind == "date" or column.name in ENDS


def is_no_date(text: str, column: Column) -> bool:
    """Return whether a text in a column of dates, or of ends of treatments, means that there is none.

    Examples
    --------
    >>> from analysis.cohort.vocabulary import PATIENTS
    >>> column = PATIENTS["death_date"]
    >>> [is_no_date(text, column) for text in ("9999-12-31", "01/01/1900", "alive", "/", "2012-05-05")]
    [True, True, True, True, False]
    """
    if column.name == "death_date" and _is_word_of_life(text):
        return True
    if column.name in ENDS and key(text) in ONGOING:
        return True
    if column.kind != "date":
        return False
    found = DATE.fullmatch(text.strip())
    if not found:
        return False
    year = int(found["year"] or found["last"])
    days = int(found["one"] or found["first"]), int(found["other"] or found["second"])
    return (year >= LAST_YEAR and year not in BUDDHIST) or days in BEGINNINGS.get(year, ())


def _is_word_of_life(text: str) -> bool:
    word = text.strip().casefold()
    return word in SIGNS or word in NOTHING or code(text) in SAYS_NO
