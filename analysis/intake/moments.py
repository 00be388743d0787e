"""The time of a visit in a name: of a column ("SLEDAI 3 mo", "M3_SLEDAI"), a sheet ("Month 3") or a visit ("V2")."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.cohort.spellings import LISTED
from analysis.cohort.times import DAYS_PER_MONTH
from analysis.intake.units import TIME_WORDS

MONTHS_IN = {"days": 1 / DAYS_PER_MONTH, "weeks": 7 / DAYS_PER_MONTH, "months": 1.0, "years": 12.0}
STARTS, FILLERS, NUMBERED = (LISTED[name] for name in ("first_visit", "beside_times", "numbered_visit"))
UNIT_OF = {unicodedata.normalize("NFC", word): unit for unit, words in TIME_WORDS.items() for word in words.in_cells}


@dataclass(frozen=True)
class Moment:
    """The time of a visit.

    Attributes
    ----------
    number
        The number in the name; 0 for the day of transplantation.
    unit
        "days", "weeks", "months" or "years"; "" if the name has a number only, such as ``sledai_3``; "visit" if the
        number counts visits, such as V2.
    """

    number: float
    unit: str

    @property
    def months(self) -> float | None:
        """Months since transplantation; None if the name alone does not tell them."""
        if self.unit in MONTHS_IN:
            return self.number * MONTHS_IN[self.unit]
        return None


def moment_of(name: str) -> Moment | None:
    """Return the time that a name consists of, such as "3 months", "M12", "baseline" or "V2"; else None.

    Examples
    --------
    >>> moment_of("12 months after transplantation").months, moment_of("基线").months, moment_of("V2").unit
    (12.0, 0.0, 'visit')
    """
    found = _compiled(WHOLE).fullmatch(_plain(name))
    return _moment(found) if found else None


@lru_cache(maxsize=50_000)
def split_name(name: str) -> tuple[str, Moment] | None:
    """Return what is measured and when, of a name such as "SLEDAI 3 mo (points)"; None without a time.

    A unit in brackets at the end stays with what is measured.

    Examples
    --------
    >>> split_name("Proteinuria 6 mo (g/24h)")
    ('Proteinuria (g/24h)', Moment(number=6.0, unit='months'))
    >>> split_name("M3_SLEDAI")[0], split_name("sledai_12"), split_name("sledai")
    ('SLEDAI', ('sledai', Moment(number=12.0, unit='')), None)
    """
    text = " ".join(name.split())
    bracket = BRACKET.fullmatch(text)
    inside = moment_of(bracket["inside"]) if bracket else None
    if bracket and inside:
        return bracket["before"].strip(" _-:,"), inside
    unit = f" ({bracket['inside']})" if bracket else ""
    body = bracket["before"] if bracket else text
    plain = _plain(body)
    if len(plain) != len(body):  # a sign that is several ones in its plain form
        body = plain
    for pattern in (AT_END, AT_START):
        found = _compiled(pattern).fullmatch(plain)
        if found:
            begin, end = found.span("stem")
            return body[begin:end].strip(" _-:,./") + unit, _moment(found)
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first used and not at import; of so many words it takes 10 ms."""
    return re.compile(pattern)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    # Accents of Latin letters go; what marks the sounds of Japanese and Korean stays.
    apart = unicodedata.normalize("NFKD", folded)
    plain = "".join(sign for sign in apart if not ("\u0300" <= sign <= "\u036f"))
    return unicodedata.normalize("NFC", plain)


def _moment(found: re.Match[str]) -> Moment:
    held = found.groupdict()
    if held["start"]:
        return Moment(0.0, "months")
    if held["number"]:
        return Moment(_number(held["number"]), UNIT_OF[held["unit"]])
    if held["number_after"]:
        return Moment(_number(held["number_after"]), UNIT_OF[held["unit_before"]])
    if held["visit"]:
        return Moment(_number(held["visit"]), "visit")
    return Moment(_number(held["bare"]), "")


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    """Return a pattern of words, the longest first; blanks in them may be any separators or none."""
    spelled = sorted({_plain(word) for word in words}, key=len, reverse=True)
    return "|".join(_bounded(word) for word in spelled)


def _bounded(word: str) -> str:
    # A word of letters that can be part of another word ends where no letter follows.
    pattern = r"[\s_\-]*".join(re.escape(part) for part in word.split())
    before = r"(?<![a-z])" if word[0].isascii() else ""
    after = r"(?![a-z])" if word[-1].isascii() else ""
    return f"{before}{pattern}{after}"


SEPARATOR = r"[\s_\-./,:;+]*"
NUMBER = r"\d+(?:[.,]\d+)?"
_FILLER = f"(?:(?:{_any_of(FILLERS)}){SEPARATOR})*"
_UNITS = _any_of([*UNIT_OF])
_TIME = (
    rf"(?:(?P<start>{_any_of(STARTS)})"
    rf"|(?<!\d)(?<!\d[.,])(?P<number>{NUMBER}){SEPARATOR}(?P<unit>{_UNITS})"
    rf"|(?P<unit_before>{_UNITS}){SEPARATOR}(?P<number_after>{NUMBER})(?!\d)"
    rf"|(?:{_any_of(NUMBERED)}){SEPARATOR}(?P<visit>\d+)(?!\d)(?:次|回|차)?"
    rf"|(?<!\d)(?<!\d[.,])(?P<bare>{NUMBER}))"
)
# A longer name holds no time; without a limit, trying every place of a long cell would take minutes.
SHORT = r"(?=.{1,120}\Z)"
WHOLE = rf"{SHORT}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}"
AT_END = rf"{SHORT}(?P<stem>.+?){SEPARATOR}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}"
AT_START = rf"{SHORT}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}(?P<stem>.*[^\W\d].*)"
BRACKET = re.compile(rf"{SHORT}(?P<before>.+?)\s*[(\[（【](?P<inside>[^()\[\]（）【】]+)[)\]）】]")
