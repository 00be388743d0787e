"""From one text of a file to one value, by kind of column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.canonical_column import Column
from analysis.cohort.column_words import limits_words
from analysis.cohort.measurement_limits import ABOVE, BELOW
from analysis.cohort.names import without_accents
from analysis.cohort.spellings import LISTED
from analysis.cohort.vocabulary import ORGANS
from analysis.intake import texts
from analysis.intake.dates import has_short_year, is_month_only, ordinal
from analysis.intake.east_asian_dates import is_year_alone
from analysis.intake.numerals import NUMBER, plain, unmarked
from analysis.intake.units import is_start, is_time, time_in

MISSING_WORDS = frozenset(("", *(word.casefold() for word in LISTED["missing"])))
# In a column of words they are an answer; in a column of numbers they are missing.
NOTHING = frozenset({"none", "nil", "not applicable"})
SHEET_ERRORS = frozenset({"#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"})
SAYS_NOTHING = MISSING_WORDS | SHEET_ERRORS
MISSING_CODES = frozenset({"-9", "-99", "-999", "-9999", "999", "9999"})
MISSING_CODES_ANYWHERE = frozenset({"-999", "-9999"})


@dataclass(frozen=True)
class Read:
    """The value of one text.

    Attributes
    ----------
    value
        The value; None if missing or unreadable.
    problem
        What is wrong with it, in words that follow the quoted text; "" if nothing is.
    note
        How it was read, in such words; "" if that is obvious.
    limit
        "<" or ">" if the value is a limit below or above which the true one lies; else "".
    """

    value: Any = None
    problem: str = ""
    note: str = ""
    limit: str = ""


Reader = Callable[[str], Read]
MISSING = Read()


def is_missing(text: str) -> bool:
    """Return whether a text means that nothing was recorded."""
    return text.strip().casefold() in SAYS_NOTHING


def _are_missing(distinct: list[str]) -> Flags:
    """Return what `is_missing` says of each text, in a fifth of the time."""
    plain = map(str.casefold, map(str.strip, distinct))
    return np.fromiter(map(SAYS_NOTHING.__contains__, plain), dtype=bool, count=len(distinct))


def where_missing(values: pd.Series) -> Flags:
    """Return whether nothing was recorded in each row of a column of texts."""
    return texts.flags(values, _are_missing)[values.array.codes]


def recorded(values: pd.Series) -> dict[str, int]:
    """Return the frequency of each text that says something; see `texts.counts`."""
    codes, distinct = texts.parts(values)
    each = np.bincount(codes, minlength=len(distinct))
    used = (each > 0) & ~texts.flags(values, _are_missing)
    return dict(zip(compress(distinct, used.tolist()), each[used].tolist(), strict=True))


def missing(text: str) -> Read:
    """Return the reading of a text that means missing, with a note unless it is blank."""
    if not text.strip():
        return MISSING
    error = text.strip().casefold() in SHEET_ERRORS
    return Read(note="is an error of the spreadsheet, and is read as not recorded" if error else NOT_RECORDED)


NOT_RECORDED = "is read as not recorded"


def is_number_free(text: str) -> bool:
    """Return whether a text in a column of numbers means that nothing was recorded or measured."""
    return is_missing(text) or text.strip().casefold() in NOTHING


def key(text: str) -> str:
    """Return the normal form, without blanks and case, by which spellings of a level are compared."""
    if text.isascii():
        return "".join(text.split()).casefold()
    wide = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in wide if not sign.isspace() and sign not in INVISIBLE).casefold()


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def number_reader(column: Column, unit: str | None = None, style: str | None = None) -> Reader:
    """Return a reader of numbers, which converts them to the column's unit and checks its range."""
    possible = column.beyond == "doubtful"

    def read(text: str) -> Read:
        if is_number_free(text):
            return missing(text)
        found = amount(text, column, unit, style)
        if found is None:
            return Read(problem="is not a number")
        value = found.value
        beyond = _beyond(value, column)
        if plain(text, style or "") in MISSING_CODES_ANYWHERE | (MISSING_CODES if beyond else frozenset()):
            return Read(note=NOT_RECORDED)
        if beyond and not possible:
            return Read(problem=f"is not possible: the range is {limits_words(column, unit or '')}")
        if value < 0 and column.low is not None and column.low >= 0:
            return Read(problem="is below zero")
        if abs(value) > 1e15:
            return Read(problem="is too large a number")
        if column.kind == "integer" and not value.is_integer():
            return Read(problem="is not a whole number")
        return Read(value, problem=beyond, note=found.note, limit=found.limit)

    return read


# Words for a value below the detection limit, and for a dose of zero.
NOTHING_THERE = frozenset(word.casefold() for word in LISTED["nothing_there"])
STRIP_GRADE = re.compile(r"[1-4]\s*\+")  # of a urine test strip; it is not an amount
LIMITS = {
    **dict.fromkeys(("<", "<=", "=<", "≤", "≦"), BELOW),
    **dict.fromkeys((">", ">=", "=>", "≥", "≧", "+"), ABOVE),
}
LIMIT_NOTES = {
    BELOW: "is a limit of measurement; it is used as the value",
    ABOVE: "says at least this much; it is used as the value",
}
INEXACT = frozenset({"~", "≈"})


class Amount(NamedTuple):
    """A number in the unit of its column, how it was read if that is not obvious, and whether it is a limit."""

    value: float
    note: str = ""
    limit: str = ""


def amount(text: str, column: Column, unit: str | None = None, style: str | None = None) -> Amount | None:
    """Return the number in a text, in the column's unit; None if the text is not a number."""
    factor = column.units[unit] if unit and unit != column.unit else 1.0
    cleaned = plain(text, style or "")
    if NUMBER.fullmatch(cleaned):
        return Amount(float(cleaned) * factor + 0.0)  # minus zero becomes zero
    bare, mark = unmarked(text)
    cleaned = plain(bare, style or "")
    if mark and NUMBER.fullmatch(cleaned) and not (column.test_strip and STRIP_GRADE.fullmatch(text.strip())):
        return Amount(float(cleaned) * factor + 0.0, _mark_note(mark), LIMITS.get(mark, ""))
    if is_time(column):
        if is_start(text, column):
            return Amount(0.0, "is read as 0, the day of transplantation")
        time = time_in(text, column)
        return None if time is None else Amount(time, OWN_UNIT)
    if text.strip().casefold() in NOTHING_THERE and column.low == 0 and column.unit != "points":
        return Amount(0.0, "is read as 0")
    return _with_own_unit(text, column, style)


OWN_UNIT = "names its unit, which is used"


def _mark_note(mark: str) -> str:
    if mark in LIMITS:
        return LIMIT_NOTES[LIMITS[mark]]
    return "is not exact; its number is used" if mark in INEXACT else "is read without its mark"


def _with_own_unit(text: str, column: Column, style: str | None) -> Amount | None:
    """Return the number in a cell with a unit of the column, such as "1.2 g/24h"."""
    parts = UNIT_BEHIND.fullmatch(text.strip())
    factors = {_key_of_unit(unit): factor for unit, factor in {**column.units, column.unit: 1.0}.items() if unit}
    if not parts or _key_of_unit(parts[2]) not in factors:
        return None
    cleaned = plain(parts[1], style or "")
    value = float(cleaned) * factors[_key_of_unit(parts[2])] if NUMBER.fullmatch(cleaned) else None
    return None if value is None else Amount(value, OWN_UNIT)


UNIT_BEHIND = re.compile(r"([+-]?[\d.,]+)\s*([^\d\s].*)")


def _key_of_unit(unit: str) -> str:
    return "".join(unit.split()).casefold().replace("μ", "µ")


def _beyond(value: float, column: Column) -> str:
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    if low <= value <= high:
        return ""
    return f"lies outside the plausible range, {limits_words(column)}"


def date_reader(format: str | None) -> Reader:
    """Return a reader of dates as days since year 1; unambiguous notations are read in any format."""

    def read(text: str) -> Read:
        if is_missing(text):
            return missing(text)
        try:
            day = float(ordinal(text, format))
        except (ValueError, OverflowError):
            if is_year_alone(text):
                return Read(problem="is a year without a month, which is no date")
            return Read(problem="is not a date" + (f" ({format})" if format else " (year-month-day)"))
        if is_month_only(text):
            return Read(day, note="has no day; the middle of the month is taken")
        return Read(day, note="has a year of two digits, from 1970 to 2069" if has_short_year(text) else "")

    return read


def organs_in(text: str) -> list[str]:
    """Return the words of a set of organs, separated by ``;``, ``,``, ``|``, ``/``, ``+`` or a line break."""
    parts = (" ".join(part.split()) for part in re.split(r"[;,|/+、，；・\n]", text))
    return [part for part in parts if part]


def organs_reader(column: Column) -> Reader:
    """Return a reader of sets of organs, separated by ``;``, ``,``, ``|``, ``/`` or ``+``; "none" is the empty set."""
    known = spelling_of(column) | {key(organ): organ for organ in ORGANS}

    def read(text: str) -> Read:
        if is_missing(text):
            return missing(text)
        parts = organs_in(text)
        if not parts:
            return MISSING
        if key(text) in NO_ORGAN:
            return Read(frozenset[str](), note="" if text == "none" else "is read as no organ involved")
        if any(key(part) in NO_ORGAN or is_missing(part) for part in parts):
            return Read(problem="names organs together with none or unknown")
        held = frozenset(level_of(part, known) or part.casefold() for part in parts)
        if all(part.casefold() in held for part in parts) and held <= set(ORGANS):
            return Read(held)
        unusual = sorted(held.difference(ORGANS))
        if unusual:
            words = f"names {', '.join(unusual)}, which is not among the usual organ domains, and is kept"
            return Read(held, note=words)
        return Read(held, note=f"is read as {', '.join(sorted(held))}")

    return read


KEPT = "is kept as a value of its own and is not missing"
NO_ORGAN = frozenset(map(key, LISTED["no_organ"]))


def spelling_of(column: Column) -> dict[str, str]:
    """Return the level of each known word, by the word's `key`."""
    words = tuple((word, level) for level, words in column.spellings.items() for word in words)
    return _by_key(words) | {key(level): level for level in column.levels}


@lru_cache(maxsize=256)  # the words are those of the vocabulary
def _by_key(words: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {key(without_accents(word)): level for word, level in words} | {key(word): level for word, level in words}


def level_of(text: str, spelling: Mapping[str, str]) -> str | None:
    """Return the level that a text spells, with or without its accents; None if it is none of them.

    Words in brackets have to name the same level, or none, as in "BM-MSC (allogeneic)".
    """
    found = _spelled(text, spelling)
    if found or len(text) > LONGEST_LEVEL:
        return found
    parts = [_telling(part) for part in BRACKETED.split(text)]
    levels = {_spelled(part, spelling) for part in parts if part}
    return levels.pop() if len(levels) == 1 else None


def _spelled(text: str, spelling: Mapping[str, str]) -> str | None:
    return spelling.get(key(text)) or spelling.get(key(without_accents(text)))


def _telling(text: str) -> str:
    return " ".join(word for word in text.split() if key(word.strip(",;")) not in BESIDE_LEVELS)


BRACKETED = re.compile(r"[()\[\]]")
BESIDE_LEVELS = frozenset(map(key, LISTED["beside_levels"]))
LONGEST_LEVEL = 100  # letters


def category_reader(column: Column, counts: Mapping[str, int]) -> Reader:
    """Return a reader of levels; spellings that differ only by case or blanks are one level.

    Parameters
    ----------
    column
        The column. The spelling used is that of its `levels`, or else the most frequent one.
    counts
        Frequency of each text.
    """
    spelling = spelling_of(column)
    closed = bool(column.levels) and not column.others
    if column.name == "sex" and {"h", "m"} <= set(map(key, counts)):
        spelling["m"] = "female"  # hombre and mujer, homem and mulher
    if not closed:
        for text in sorted(counts, key=lambda text: (-counts[text], text)):
            spelling.setdefault(key(text), level_of(text, spelling) or " ".join(text.split()))

    def read(text: str) -> Read:
        if is_missing(text):
            return missing(text)
        level = level_of(text, spelling)
        if level is None:
            return Read(problem=f"is not one of {', '.join(column.levels)}")
        if not closed and text.strip().casefold() in NOTHING:
            return Read(level, note=KEPT)
        return Read(level, note="" if text == level else f'is read as "{level}"')

    return read


def text_reader() -> Reader:
    """Return a reader of free text."""

    def read(text: str) -> Read:
        if is_missing(text):
            return missing(text)
        return Read(" ".join(text.split()), note=KEPT if text.strip().casefold() in NOTHING else "")

    return read
