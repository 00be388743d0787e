"""Dates as people write them, as days since year 1."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

DATE_FORMATS = ("day first", "month first", "excel")
UNCLEAR = "unclear"
MIDDLE = 15  # A date that is known to the month lies in its middle, half a month off at most.
CENTURY = 70  # Two-digit years from here on are of the last century.

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T].*)?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?", re.ASCII)
COMPACT = re.compile(r"(19[5-9]\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])", re.ASCII)
YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
DAY_NAME_YEAR = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?[-/. ]*([^\W\d_]{3,})\.?,?[-/. ]*(\d{4}|\d{2})(?:[ :T].*)?")
NAME_DAY_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})")
NAME_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{4})")
SERIAL = re.compile(r"[1-7]\d{4}(\.\d+)?", re.ASCII)
EXCEL_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()

# The beginnings of month names in English, German, French, Spanish, Italian and Portuguese.
MONTH_NAMES = {
    beginning: number
    for number, beginnings in enumerate(
        (
            *("jan ene gen jän", "feb fév fev", "mar mär mrz", "apr avr abr", "may mai mag", "jun juin giu"),
            *("jul juil lug", "aug aoû aou ago", "sep set", "oct okt ott out", "nov", "dec dez déc dic"),
        ),
        start=1,
    )
    for beginning in beginnings.split()
}


def ordinal(text: str, format: str | None) -> int:
    """Return a date as days since year 1; forms that mean one day only are always understood.

    Raises
    ------
    ValueError
        If it is not a date.
    """
    told = text.strip()
    plain = _plain(told)
    if plain is not None:
        return plain
    if format == "excel":
        return EXCEL_DAY_ZERO + int(float(told))
    numeric = YEAR_LAST.fullmatch(told)
    if format in ("day first", "month first") and numeric:
        first, second = int(numeric[1]), int(numeric[3])
        day, month = (first, second) if format == "day first" else (second, first)
        return _day(_year(numeric[4]), month, day)
    if format is None or format in DATE_FORMATS:
        raise ValueError(text)
    return datetime.datetime.strptime(told, format).toordinal()


def date_format(texts: Iterable[str]) -> str:
    """Return how a column writes its dates where that needs saying: one of `DATE_FORMATS`, ``unclear``, or ""."""
    day_first = month_first = either = serials = others = 0
    for text in texts:
        told = text.strip()
        parts = YEAR_LAST.fullmatch(told)
        if SERIAL.fullmatch(told):
            serials += 1
        elif not parts or _plain(told) is not None:
            others += 1
        else:
            first, second = int(parts[1]), int(parts[3])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
            either += first <= 12 and second <= 12 and first != second
    if serials and not (others or day_first or month_first or either):
        return "excel"
    if (day_first and month_first) or (either and not (day_first or month_first)):
        return UNCLEAR
    if month_first:
        return "month first"
    return "day first" if day_first else ""


def is_date_like(text: str) -> bool:
    """Return whether a text looks like a date in any form, but for the plain numbers of a spreadsheet."""
    told = text.strip()
    try:
        return _plain(told) is not None or bool(YEAR_LAST.fullmatch(told))
    except ValueError:
        return False


def is_month_only(text: str) -> bool:
    """Return whether a date is known to the month only."""
    return any(pattern.fullmatch(text.strip()) for pattern in (YEAR_MONTH, MONTH_YEAR, NAME_YEAR))


def has_short_year(text: str) -> bool:
    """Return whether a date gives two digits of its year."""
    parts = YEAR_LAST.fullmatch(text.strip())
    return bool(parts) and len(str(parts and parts[4])) == 2


def _plain(told: str) -> int | None:
    """Return the day of a date that can be read one way only; None for all other texts."""
    if match := YEAR_FIRST.fullmatch(told):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := COMPACT.fullmatch(told):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := CHINESE.fullmatch(told):
        return _day(int(match[1]), int(match[2]), int(match[3] or MIDDLE))
    if match := YEAR_MONTH.fullmatch(told):
        return _day(int(match[1]), int(match[2]), MIDDLE)
    if match := MONTH_YEAR.fullmatch(told):
        return _day(int(match[2]), int(match[1]), MIDDLE)
    if (match := DAY_NAME_YEAR.fullmatch(told)) and _month(match[2]):
        return _day(_year(match[3]), _month(match[2]), int(match[1]))
    if (match := NAME_DAY_YEAR.fullmatch(told)) and _month(match[1]):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    if (match := NAME_YEAR.fullmatch(told)) and _month(match[1]):
        return _day(int(match[2]), _month(match[1]), MIDDLE)
    return None


def _day(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal()


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= CENTURY else 2000)


def _month(name: str) -> int:
    told = name.casefold()
    return MONTH_NAMES.get(told[:4]) or MONTH_NAMES.get(told[:3]) or 0
