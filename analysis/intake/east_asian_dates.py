"""Dates as written in China, Japan and Korea, with eras, rewritten as year-month-day."""

from __future__ import annotations

import re
import unicodedata

# Each era: its names, the year before its first, and its last year; that of the Republic of China has no end.
ERAS = (
    (("令和", "令", "R"), 2018, 99),
    (("平成", "平", "H"), 1988, 31),
    (("昭和", "昭", "S"), 1925, 64),
    (("大正", "大", "T"), 1911, 15),
    (("明治", "明", "M"), 1867, 45),
    (("民國", "民国"), 1911, 199),
)
BEFORE = {name: before for names, before, _ in ERAS for name in names}
LAST = {name: last for names, _, last in ERAS for name in names}
DIGITS = {"〇": "0", "零": "0", "○": "0"} | {sign: str(number) for number, sign in enumerate("一二三四五六七八九", 1)}
DIGIT = rf"[\d{''.join(DIGITS)}十]"
NUMBER, FEW = f"{DIGIT}+", f"{DIGIT}{{1,3}}"
TIME = r"(?:[ T]*(?:(?:午前|午後|上午|下午|오전|오후) ?)?\d{1,2} ?[:時时点點시].*)?"
YEAR_FIRST = re.compile(
    rf"(?P<era>{'|'.join(name for name in BEFORE if len(name) == 2)}|[令平昭大明]|[RHSTM](?=[.\d]))?[. ]?"
    rf"(?P<year>元|{NUMBER}) ?(?P<after>年|년|[-/.]) ?(?P<month>{NUMBER})"
    rf"(?: ?(?:月|월|[-/.]) ?(?:(?P<day>{NUMBER}) ?(?:日|号|號|일|\.)?)?)?{TIME}",
    re.IGNORECASE,
)
YEAR_ALONE = re.compile(
    rf"(?:{'|'.join(name for name in BEFORE if len(name) == 2)})?(?:元|{NUMBER}) ?(?:年|년)度?|(?:19|20)\d\d"
)
WEEKDAY_ANYWHERE = re.compile(
    r"(?:\([日月火水木金土一二三四五六天월화수목금토일]\)|(?:星期|周|週|礼拜|禮拜)[日一二三四五六天]"
    r"|[日月火水木金土]曜日?|[월화수목금토일]요일),?"
)
# A month between day and year, as in 19-7月-14.
MONTH_ANYWHERE = re.compile(rf"({FEW})(?:月|월)(?!\s?{FEW} ?[日号號일])")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_SIGN = "\u2e80"  # of the East Asian scripts


def year_first(text: str) -> str:
    """Return an East Asian date as year-month-day or year-month; in other texts only a month such as 7月 is rewritten.

    Examples
    --------
    >>> year_first("令和5年3月1日"), year_first("S45.3.1"), year_first("2014년 7월 19일(토)"), year_first("19-7月-2014")
    ('2023-3-1', '1970-3-1', '2014-7-19', '19-jul-2014')
    """
    cleaned = (
        " ".join(WEEKDAY_ANYWHERE.sub(" ", unicodedata.normalize("NFKC", text)).split())
        if is_east_asian(text)
        else text
    )
    found = YEAR_FIRST.fullmatch(cleaned)
    if not found:
        return (
            MONTH_ANYWHERE.sub(lambda month: _name_of(month[1]) or month[0], cleaned) if is_east_asian(text) else text
        )
    era = (found["era"] or "").upper()
    year, month, day = (_number(found[part] or "") for part in ("year", "month", "day"))
    if era and not 1 <= year <= LAST[era]:
        return text
    if not era and (year < 1000 or found["year"] == "元"):
        return text
    if len(era) == 1 and era.isascii() and not found["day"]:
        return text  # such as M3.1, which is hardly a date
    return f"{BEFORE.get(era, 0) + year:04}-{month}" + (f"-{day}" if found["day"] else "")


def is_year_alone(text: str) -> bool:
    """Return whether a text is a year without a month, such as 2014 or 平成30年."""
    return bool(YEAR_ALONE.fullmatch(unicodedata.normalize("NFKC", text.strip())))


def is_east_asian(text: str) -> bool:
    """Return whether a text has a sign of an East Asian script, or a digit or letter of full width."""
    return max(text, default="") >= FIRST_SIGN


def _name_of(month: str) -> str:
    number = _number(month)
    return MONTHS[number - 1] if 1 <= number <= 12 else ""


def _number(text: str) -> int:
    """Return a number in digits or in Chinese numerals, such as 十九 or 二〇一四; 0 of nothing."""
    if text == "元":
        return 1
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * (_number(tens) or 1) + _number(ones)
    plain = "".join(DIGITS.get(sign, sign) for sign in text)
    return int(plain) if plain else 0
