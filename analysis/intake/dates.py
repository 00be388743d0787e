"""Dates in many notations, parsed as days since year 1."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

DATE_FORMATS = ("day first", "month first", "excel")
UNCLEAR = "unclear"
MIDDLE = 15  # The day assumed for a date without one; the error is at most half a month.
CENTURY = 70  # Two-digit years from here on are in the 20th century.

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T].*)?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?", re.ASCII)
COMPACT = re.compile(r"(19[5-9]\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])", re.ASCII)
YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
DAY_NAME_YEAR = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|er|re)?[-/. ]*([^\W\d_]{3,})\.?,?[-/. ]*(\d{4}|\d{2})(?:[ :T].*)?"
)
NAME_DAY_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})")
NAME_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{4})")
SERIAL = re.compile(r"[1-7]\d{4}(\.\d+)?", re.ASCII)
EXCEL_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()

# The beginnings of month names in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
MONTH_NAMES = {
    beginning: number
    for number, beginnings in enumerate(
        (
            *("jan ene gen jän sty", "feb fév fev lut", "mar mär mae mrz mrt maa", "apr avr abr kwi"),
            *("may mai mag mei maj", "jun juin giu cze", "jul juil lug lip", "aug aoû aou ago sie"),
            *("sep set wrz", "oct okt ott out paź paz", "nov lis", "dec dez déc dic des gru"),
        ),
        start=1,
    )
    for beginning in beginnings.split()
}
# The beginnings of the names of weekdays in these languages; names of two letters are whole ones.
WEEKDAY_NAMES = (
    "mo di mi do fr sa so ma wo vr za zo lu me je ve ju vi pn wt śr cz pt nd "
    "mon tue wed thu fri sat sun die mit don fre sam son lun mar mer jeu ven dim mié mie jue vie "
    "sáb sab dom gio maa din woe vri zat zon seg ter qua qui sex pon wto śro sro czw pią pia sob nie"
)
WEEKDAYS = frozenset(WEEKDAY_NAMES.split())
WEEKDAY = re.compile(r"([^\W\d_]{2,})(?:-feira)?\.?,?\s+(?=\S)")
WEEKDAY_BEHIND = re.compile(
    r"(\([日月火水木金土一二三四五六天]\)|(星期|周|週)[日一二三四五六天]|[日月火水木金土]曜日?)$"
)
OF = re.compile(r"(?<=[\s\d.º])(?:(?:del|de|of)\s+|d['’]\s*)(?=[^\W_])|(?<=\d)[ºª°](?=\s)", re.IGNORECASE)


def written(text: str) -> str:
    """Return a date without its weekday, and without "de" or "of" between its parts."""
    cleaned = text.strip()
    if cleaned[-1:].isdigit() and cleaned[:1].isdigit() and cleaned.isascii() and len(cleaned) <= 10:
        return cleaned  # a shortcut for nearly all dates
    cleaned = " ".join(OF.sub(" ", WEEKDAY_BEHIND.sub("", cleaned)).split())
    day = WEEKDAY.match(cleaned)
    named = day is not None and (day[1].casefold() if len(day[1]) == 2 else day[1].casefold()[:3]) in WEEKDAYS
    return cleaned[day.end() :] if day and named and _has_day(cleaned[day.end() :]) else cleaned


def _has_day(cleaned: str) -> bool:
    """Return whether a text has the form of a date, even of a day that does not exist."""
    try:
        return _plain(cleaned) is not None or bool(YEAR_LAST.fullmatch(cleaned))
    except ValueError:
        return True


def ordinal(text: str, format: str | None) -> int:
    """Return a date as days since year 1; unambiguous notations are read in any format.

    Parameters
    ----------
    text
        The date.
    format
        One of `DATE_FORMATS`, as in ``strptime``, or None for unambiguous notations only.

    Raises
    ------
    ValueError
        If it is not a date.

    Examples
    --------
    >>> import datetime
    >>> str(datetime.date.fromordinal(ordinal("3 de mayo de 2021", None)))
    '2021-05-03'
    >>> ordinal("05/03/2021", "day first") == ordinal("5 March 2021", None)
    True
    """
    cleaned = written(text)
    plain = _plain(cleaned)
    if plain is not None:
        return plain
    if format == "excel":
        return EXCEL_DAY_ZERO + int(float(cleaned))
    numeric = YEAR_LAST.fullmatch(cleaned)
    if format in ("day first", "month first") and numeric:
        first, second = int(numeric[1]), int(numeric[3])
        day, month = (first, second) if format == "day first" else (second, first)
        return _day(_year(numeric[4]), month, day)
    if format is None or format in DATE_FORMATS:
        raise ValueError(text)
    return datetime.datetime.strptime(cleaned, format).toordinal()


def date_format(texts: Iterable[str]) -> str:
    """Return the format of a column of dates: one of `DATE_FORMATS`, ``unclear``, or "" if all are unambiguous."""
    day_first = month_first = either = serials = others = 0
    for text in texts:
        cleaned = written(text)
        parts = YEAR_LAST.fullmatch(cleaned)
        if SERIAL.fullmatch(cleaned):
            serials += 1
        elif not parts or _plain(cleaned) is not None:
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
    """Return whether a text is a date in any notation except the day number of a spreadsheet."""
    cleaned = written(text)
    try:
        return _plain(cleaned) is not None or bool(YEAR_LAST.fullmatch(cleaned))
    except ValueError:
        return False


def is_month_only(text: str) -> bool:
    """Return whether a date has no day of the month."""
    return any(pattern.fullmatch(written(text)) for pattern in (YEAR_MONTH, MONTH_YEAR, NAME_YEAR))


def has_short_year(text: str) -> bool:
    """Return whether a date has a two-digit year."""
    parts = YEAR_LAST.fullmatch(written(text))
    return bool(parts) and len(str(parts and parts[4])) == 2


def _plain(cleaned: str) -> int | None:
    """Return the day of an unambiguous date; None for any other text."""
    if match := YEAR_FIRST.fullmatch(cleaned):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := COMPACT.fullmatch(cleaned):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := CHINESE.fullmatch(cleaned):
        return _day(int(match[1]), int(match[2]), int(match[3] or MIDDLE))
    if match := YEAR_MONTH.fullmatch(cleaned):
        return _day(int(match[1]), int(match[2]), MIDDLE)
    if match := MONTH_YEAR.fullmatch(cleaned):
        return _day(int(match[2]), int(match[1]), MIDDLE)
    if (match := DAY_NAME_YEAR.fullmatch(cleaned)) and _month(match[2]):
        return _day(_year(match[3]), _month(match[2]), int(match[1]))
    if (match := NAME_DAY_YEAR.fullmatch(cleaned)) and _month(match[1]):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    if (match := NAME_YEAR.fullmatch(cleaned)) and _month(match[1]):
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
    cleaned = name.casefold()
    return MONTH_NAMES.get(cleaned[:4]) or MONTH_NAMES.get(cleaned[:3]) or 0
