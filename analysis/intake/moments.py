"""The time of a visit in a name: of a column ("SLEDAI 3 mo", "M3_SLEDAI"), a sheet ("Month 3") or a visit ("V2")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from analysis.cohort.spellings import LISTED, SPELLINGS
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
    hyphened
        Whether a hyphen stands straight before the number, as in M-3, which may be a minus; see `signed`.
    """

    number: float
    unit: str
    hyphened: bool = field(default=False, compare=False, repr=False)

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
    >>> moment_of("six months").months, moment_of("Week -4").number
    (6.0, -4.0)
    """
    plain = _plain(name)
    if not _may_hold_time(plain):
        return None
    plain = _in_digits(plain)
    found = _compiled(WHOLE).fullmatch(plain)
    return _moment(found, plain) if found else None


def signed(moments: Sequence[Moment]) -> list[Moment]:
    """Return the times of several names; a hyphen is a minus if another time, other than 0, has none.

    In M-3, M0 and M6 the first is three months before transplantation; in M-3, M-6 and M-12 the hyphen only joins.

    Examples
    --------
    >>> [moment.number for moment in signed([moment_of("M-3"), moment_of("M0"), moment_of("M6")])]
    [-3.0, 0.0, 6.0]
    >>> [moment.number for moment in signed([moment_of("M-3"), moment_of("M-6")])]
    [3.0, 6.0]
    """
    plainly = any(not moment.hyphened and moment.number > 0 for moment in moments)
    return [
        replace(moment, number=-moment.number, hyphened=False) if plainly and moment.hyphened else moment
        for moment in moments
    ]


@lru_cache(maxsize=50_000)
def split_name(name: str) -> tuple[str, Moment] | None:
    """Return what is measured and when, from a name such as "SLEDAI 3 mo (points)"; None without a time.

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
    if bracket and COUNT.fullmatch(bracket["inside"].casefold()):
        return split_name(bracket["before"])
    inside = moment_of(bracket["inside"]) if bracket else None
    if bracket and inside:
        return bracket["before"].strip(" _-:,"), inside
    unit = f" ({bracket['inside']})" if bracket else ""
    body = bracket["before"] if bracket else text
    plain = _plain(body)
    if not _may_hold_time(plain):
        return None
    plain = _in_digits(plain)
    if len(plain) != len(body):  # a number in words, or a sign that is several ones in its plain form
        body = plain
    found = [match for pattern in (AT_END, AT_START) if (match := _compiled(pattern).fullmatch(plain))]
    parts = []
    for match in found:
        begin, end = match.span("stem")
        parts.append((body[begin:end].strip(" _-:,./") + unit, _moment(match, plain)))
    # The number at the end of "M3 C3" is part of the name: a time with a unit comes first.
    return next((each for each in parts if each[1].unit), parts[0] if parts else None)


def _may_hold_time(plain: str) -> bool:
    """Return whether a name holds a digit, a number in words or a word for the first visit; quick, unlike patterns."""
    if any(sign.isdigit() for sign in plain[:LONGEST]):
        return True
    return not FIRST_WORDS.isdisjoint(LATIN.findall(plain)) or any(word in plain for word in WITHOUT_BLANKS)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first used, not at import; with so many words it takes 10 ms."""
    return re.compile(pattern)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    # Latin letters lose their accents; Japanese and Korean letters keep their marks.
    apart = unicodedata.normalize("NFKD", folded)
    plain = "".join(sign for sign in apart if not ("\u0300" <= sign <= "\u036f"))
    return unicodedata.normalize("NFC", plain)


def _in_digits(plain: str) -> str:
    """Return a name with numbers in words before a unit of time as digits."""
    if len(plain) > LONGEST:
        return plain
    return _compiled(WORDED).sub(lambda found: f"{NUMBER_OF[found['word']]} {found['unit']}", plain)


def _moment(found: re.Match[str], plain: str) -> Moment:
    held = found.groupdict()
    if held["start"]:
        return Moment(0.0, "months")
    if held["number"]:
        return Moment(_number(held["number"]), UNIT_OF[held["unit"]])
    if held["number_after"]:
        hyphened = plain[found.start("number_after") - 1] == "-"
        return Moment(_number(held["number_after"]), UNIT_OF[held["unit_before"]], hyphened)
    if held["visit"]:
        return Moment(_number(held["visit"]), "visit")
    counted = _compiled(COUNTING).fullmatch(plain[: found.start("bare")])
    return Moment(_number(held["bare"]), "visit" if counted else "")


def _number(text: str) -> float:
    return float(re.sub("[-–−]", "-", text).replace(",", "."))


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    """Return a pattern of words, the longest first; blanks in them may be any separators or none."""
    spelled = sorted({_plain(word) for word in words}, key=len, reverse=True)
    return "|".join(_bounded(word) for word in spelled)


def _bounded(word: str) -> str:
    # A word of letters that can be part of another word ends where no letter follows.
    pattern = r"[\s_\-'’]*".join(re.escape(part) for part in word.split())
    before = r"(?<![a-z])" if word[0].isascii() else ""
    after = r"(?![a-z])" if word[-1].isascii() else ""
    return f"{before}{pattern}{after}"


# A hyphen behind a blank and before a number is a minus.
SEPARATOR = r"(?:[\s_./,:;+'’]|(?<=\S)-|-(?!\d))*"
NUMBER = r"[-–−]?\d+(?:[.,]\d+)?"
NUMBER_OF = {_plain(word): number for word, number in SPELLINGS.numbers.items()}
ORDINAL = r"(?:st|nd|rd|th|er|ere|eme|°|º|ª)?"
_FILLER = f"(?:(?:{_any_of(FILLERS)}){SEPARATOR})*"
_UNITS = _any_of([*UNIT_OF])
_TIME = (
    rf"(?:(?P<start>{_any_of(STARTS)})"
    rf"|(?<!\d)(?<!\d[.,])(?P<number>{NUMBER}){ORDINAL}{SEPARATOR}(?P<unit>{_UNITS})"
    rf"|(?P<unit_before>{_UNITS}){SEPARATOR}(?P<number_after>{NUMBER})(?!\d)"
    rf"|(?:{_any_of(NUMBERED)}){SEPARATOR}(?P<visit>\d+)(?!\d)(?:次|回|차)?"
    rf"|(?<!\d)(?<!\d[.,])(?P<bare>{NUMBER}))"
)
# A longer name holds no time; without a limit, trying every place of a long cell would take minutes.
LONGEST = 120
SHORT = rf"(?=.{{1,{LONGEST}}}\Z)"
_ARM = r"(?:[_\s]arm[_\s]?\d+[a-z]?)?"  # which REDCap puts behind the name of a visit
WHOLE = rf"{SHORT}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}{_ARM}"
AT_END = rf"{SHORT}(?P<stem>.+?){SEPARATOR}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}{_ARM}"
AT_START = rf"{SHORT}{_FILLER}{_TIME}{SEPARATOR}{_FILLER}(?P<stem>.*[^\W\d].*)"
COUNTING = rf"{SHORT}(?:.*{SEPARATOR})?(?:{_any_of(NUMBERED)}){SEPARATOR}"  # "visit" before a number
WORDED = rf"(?P<word>{_any_of([*NUMBER_OF])})[\s_\-]*(?P<unit>(?:{_UNITS}))"
LATIN = re.compile("[a-z]+")
_WORDS = [_plain(word) for word in (*STARTS, *SPELLINGS.numbers)]
FIRST_WORDS = frozenset(LATIN.findall(word)[0] for word in _WORDS if LATIN.match(word))
WITHOUT_BLANKS = tuple(word for word in _WORDS if not LATIN.match(word))
COUNT = re.compile(r"n\s?=\s?\d{1,9}")
BRACKET = re.compile(rf"{SHORT}(?P<before>.+?)\s*[(\[（【](?P<inside>[^()\[\]（）【】]+)[)\]）】]")
