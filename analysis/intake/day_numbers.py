"""Dates as plain numbers: days, seconds or milliseconds since day 0 of the program that wrote them."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection

# Format to its unit in days, its day 0, and the programs that use it.
SECOND = 1 / 86400
DAY_NUMBERS = {
    "excel": (1.0, datetime.date(1899, 12, 30), "Excel"),
    "excel 1904": (1.0, datetime.date(1904, 1, 1), "Excel with the 1904 date system"),
    "days since 1960": (1.0, datetime.date(1960, 1, 1), "Stata, SAS"),
    "days since 1970": (1.0, datetime.date(1970, 1, 1), "R"),
    "seconds since 1970": (SECOND, datetime.date(1970, 1, 1), "Unix, R"),
    "milliseconds since 1970": (SECOND / 1000, datetime.date(1970, 1, 1), "JavaScript, Java"),
    "seconds since 1960": (SECOND, datetime.date(1960, 1, 1), "SAS"),
    "milliseconds since 1960": (SECOND / 1000, datetime.date(1960, 1, 1), "Stata"),
    "seconds since 1582": (SECOND, datetime.date(1582, 10, 14), "SPSS"),
}
NUMBER = re.compile(r"\d{4,14}(\.\d*)?([eE]\+?\d{1,2})?", re.ASCII)
LIKELY = re.compile(r"([1-7]\d{4}|\d{9,13})(\.\d*)?", re.ASCII)  # a date of our time in some format
# Only formats in which every date lies between these are offered.
FIRST, LAST = datetime.date(1980, 1, 1), datetime.date(2060, 1, 1)


def is_day_number(text: str) -> bool:
    """Return whether a text may be the number of a day, second or millisecond."""
    return bool(LIKELY.fullmatch(text.strip()))


def numbered_day(text: str, format: str) -> int:
    """Return the date that a number stands for, as days since year 1.

    Raises
    ------
    ValueError
        If the text is not such a number.

    Examples
    --------
    >>> str(datetime.date.fromordinal(numbered_day("19923", "days since 1960")))
    '2014-07-19'
    """
    if not NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    unit, start, _ = DAY_NUMBERS[format]
    return start.toordinal() + math.floor(float(text) * unit + 1e-9)


def possible_formats(numbers: Collection[str]) -> dict[str, datetime.date]:
    """Return the formats in which all numbers are possible dates, each with the date of the first number.

    Examples
    --------
    >>> {name: str(day) for name, day in possible_formats(["19923", "20900"]).items()}
    {'days since 1960': '2014-07-19', 'days since 1970': '2024-07-19'}
    """
    found = {}
    for name in DAY_NUMBERS:
        days = [numbered_day(number, name) for number in numbers]
        if days and FIRST.toordinal() <= min(days) and max(days) <= LAST.toordinal():
            found[name] = datetime.date.fromordinal(days[0])
    return found


def written_by(format: str) -> str:
    """Return a format with the programs that use it, such as "days since 1960 (Stata, SAS)"."""
    by = DAY_NUMBERS[format][2]
    return f"day numbers of {by}" if format.startswith("excel") else f"{format} ({by})"
