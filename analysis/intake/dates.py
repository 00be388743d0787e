"""Dates in many notations, parsed as days since year 1."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from analysis.intake.day_numbers import DAY_NUMBERS, numbered_day
from analysis.intake.east_asian_dates import year_first

ORDERS = ("day first", "month first", "year first")  # of day, month and year
# A spreadsheet of another country makes dates, with day and month swapped, of the texts that can be one.
SWAPPED = {f"{order}, but swapped in cells of dates": order for order in ORDERS[:2]}
LAST_MONTH = 12
DATE_FORMATS = (*ORDERS, *SWAPPED, *DAY_NUMBERS)
UNCLEAR = "unclear"
MIDDLE = 15  # The day assumed for a date without one; the error is at most half a month.
NEARLY_ALL = 0.9
LONGEST = 80  # characters of a date
CENTURY = 70  # Two-digit years from here on are in the 20th century.

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T].*)?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
COMPACT = re.compile(r"(19[5-9]\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])", re.ASCII)
YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
DAY_NAME_YEAR = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|er|re)?[-/. ]*([^\W\d_]{3,})\.?,?[-/. ]*(\d{4}|\d{2})(?:[ :T].*)?"
)
NAME_DAY_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})")
NAME_YEAR = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{4})")
YEAR_NAME_DAY = re.compile(r"(\d{4})[-/. ]+([^\W\d_]{3,})\.?[-/. ]+(\d{1,2})")

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
WEEKDAY = re.compile(r"([^\W\d_]{2,})(?:-feira)?(?:\.?,\s*|\.?\s+)(?=\S)")
WEEKDAY_BEHIND = re.compile(r"[\s,]\(?([^\W\d_]{2,})(?:-feira)?\.?\)?$")
ARTICLE = re.compile(r"^(?:le|el|den|am|il|op|on|em|vom|au)\s+(?=\w)", re.IGNORECASE)
OF = re.compile(r"(?<=[\s\d.º])(?:(?:del|de|of)\s+|d['’]\s*)(?=[^\W_])|(?<=\d)[ºª°](?=\s)", re.IGNORECASE)


def written(text: str) -> str:
    """Return a date without its weekday, and without "de" or "of" between its parts."""
    cleaned = text.strip()
    if cleaned[-1:].isdigit() and cleaned[:1].isdigit() and cleaned.isascii() and len(cleaned) <= 10:
        return cleaned  # a shortcut for nearly all dates
    if len(cleaned) > LONGEST:
        return cleaned
    cleaned = year_first(unicodedata.normalize("NFC", cleaned))
    cleaned = ARTICLE.sub("", " ".join(OF.sub(" ", cleaned).split()))
    day = WEEKDAY.match(cleaned)
    if day and _is_weekday(day[1]) and _has_day(ARTICLE.sub("", cleaned[day.end() :])):
        cleaned = ARTICLE.sub("", cleaned[day.end() :])
    day = WEEKDAY_BEHIND.search(cleaned)
    if day and _is_weekday(day[1]) and _has_day(cleaned[: day.start()].rstrip(" ,")):
        cleaned = cleaned[: day.start()].rstrip(" ,")
    return cleaned


def _is_weekday(word: str) -> bool:
    folded = word.casefold()
    return (folded if len(folded) == 2 else folded[:3]) in WEEKDAYS


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
    if format in SWAPPED:
        return _unswapped(cleaned, SWAPPED[format])
    plain = _plain(cleaned)
    if plain is not None:
        return plain
    if format in DAY_NUMBERS:
        return numbered_day(cleaned, format)
    numeric = YEAR_LAST.fullmatch(cleaned)
    if format in ORDERS and numeric:
        return _in_order(numeric, format)
    if format is None or format in DATE_FORMATS:
        raise ValueError(text)
    return datetime.datetime.strptime(cleaned, format).toordinal()


def _unswapped(cleaned: str, order: str) -> int:
    """Return the day of a date that a spreadsheet made with day and month swapped, or of a text that stayed."""
    made = YEAR_FIRST.fullmatch(cleaned)
    if made and int(made[4]) <= LAST_MONTH:
        return _day(int(made[1]), int(made[4]), int(made[3]))
    return ordinal(cleaned, order)


def date_format(texts: Iterable[str]) -> str:
    """Return the order of a column of dates: one of `ORDERS`, ``unclear``, or "" if all are unambiguous."""
    found = [YEAR_LAST.fullmatch(written(text)) for text in texts]
    dates = [each for each in found if each and _plain(each[0]) is None]
    pairs = [(int(each[1]), int(each[3])) for each in dates]
    day_first = sum(first > 12 >= second for first, second in pairs)
    month_first = sum(second > 12 >= first for first, second in pairs)
    either = sum(first <= 12 and second <= 12 and first != second for first, second in pairs)
    of_year_first = _order_of_short_years(dates) if any(len(each[4]) == 2 for each in dates) else ""
    if of_year_first:
        return of_year_first
    if (day_first and month_first) or (either and not (day_first or month_first)):
        return UNCLEAR
    if month_first:
        return "month first"
    return "day first" if day_first else ""


def may_be_swapped(texts: Iterable[str]) -> str:
    """Return the first date that a spreadsheet may have made with day and month swapped; "" if there is none.

    Texts such as 25/03/2010 stayed, because there is no month 25, and all others became dates up to the 12th.
    """
    dates = [written(text) for text in texts]
    made = [each for each in map(YEAR_FIRST.fullmatch, dates) if each]
    stayed = [each for each in map(YEAR_LAST.fullmatch, dates) if each]
    if not stayed or any(int(each[1]) <= LAST_MONTH and int(each[3]) <= LAST_MONTH for each in stayed):
        return ""
    if any(int(each[4]) > LAST_MONTH for each in made):
        return ""
    return next((each[0] for each in made if int(each[3]) != int(each[4])), "")


def possible_orders(texts: Iterable[str]) -> dict[str, int]:
    """Return the orders that may be those of a column of dates, each with the number of dates that it makes."""
    found = [YEAR_LAST.fullmatch(written(text)) for text in texts]
    counts = _counts_by_order([each for each in found if each])
    return {order: count for order, count in counts.items() if count and (order in ORDERS[:2] or _contends(counts))}


def _order_of_short_years(dates: Sequence[re.Match[str]]) -> str:
    """Return "year first" or ``unclear`` for dates such as 14/7/19; "" if the year is certainly the last part."""
    counts = _counts_by_order(dates)
    if not _contends(counts):
        return ""
    return UNCLEAR if max(counts[order] for order in ORDERS[:2]) >= NEARLY_ALL * counts["year first"] else "year first"


def _contends(counts: Mapping[str, int]) -> bool:
    """Return whether the year may come first, as nearly as many dates are possible then."""
    return counts["year first"] >= NEARLY_ALL * max(counts.values()) > 0


def _counts_by_order(dates: Iterable[re.Match[str]]) -> dict[str, int]:
    """Return the number of dates that are real in each order, and not in the future."""
    latest, held = today().toordinal(), [*dates]
    return {order: sum(_is_past(each, order, latest) for each in held) for order in ORDERS}


def today() -> datetime.date:
    """Return the present date, after which nobody was seen."""
    return datetime.date.today()


def _is_past(date: re.Match[str], order: str, latest: int) -> bool:
    try:
        return _in_order(date, order) <= latest
    except ValueError:
        return False


def _in_order(date: re.Match[str], order: str) -> int:
    first, second = int(date[1]), int(date[3])
    if order == "year first":
        if len(date[4]) > 2:
            raise ValueError(date[0])
        return _day(_year(f"{first:02}"), second, int(date[4]))
    return _day(_year(date[4]), second, first) if order == "day first" else _day(_year(date[4]), first, second)


def is_date_like(text: str) -> bool:
    """Return whether a text is a date in any notation; the number of a day is none."""
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
    if match := YEAR_MONTH.fullmatch(cleaned):
        return _day(int(match[1]), int(match[2]), MIDDLE)
    if match := MONTH_YEAR.fullmatch(cleaned):
        return _day(int(match[2]), int(match[1]), MIDDLE)
    if (match := DAY_NAME_YEAR.fullmatch(cleaned)) and _month(match[2]):
        return _day(_year(match[3]), _month(match[2]), int(match[1]))
    if (match := NAME_DAY_YEAR.fullmatch(cleaned)) and _month(match[1]):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    if (match := YEAR_NAME_DAY.fullmatch(cleaned)) and _month(match[2]):
        return _day(int(match[1]), _month(match[2]), int(match[3]))
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
