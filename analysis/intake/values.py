"""One text from a file to one value, by kind of column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cohort.model import DAYS_PER_MONTH
from analysis.cohort.vocabulary import ORGANS, Column

# "none" and "no" are answers, not missing values.
MISSING_WORDS = frozenset(
    {
        *("", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nat", "null", "unknown", "unk", "missing", "nd"),
        *("not known", "not recorded", "not available", "not done", "?", "-", "--", "."),
    }
)
MISSING_CODES = frozenset({"-9", "-99", "-999", "-9999", "999", "9999"})
MISSING_CODES_ANYWHERE = frozenset({"-999", "-9999"})

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T].*)?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)
EXCEL_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()

MONTHS_PER_UNIT = {"days": 1 / DAYS_PER_MONTH, "weeks": 7 / DAYS_PER_MONTH, "months": 1.0, "years": 12.0}
DATE_FORMATS = ("day first", "month first", "excel")


@dataclass(frozen=True)
class Read:
    """What one text stands for.

    Attributes
    ----------
    value
        The value; None when missing or unreadable.
    problem
        What is wrong with it, in words that go on from the quoted text; "" when nothing is.
    note
        How it was read where that is not plain, in such words; "" when it is.
    """

    value: Any = None
    problem: str = ""
    note: str = ""


Reader = Callable[[str], Read]
MISSING = Read()


def is_missing(text: str) -> bool:
    """Return whether a text says that nothing was recorded."""
    return text.strip().casefold() in MISSING_WORDS


def key(text: str) -> str:
    """Return a text without blanks and case, by which spellings of one level are compared."""
    return "".join(text.split()).casefold()


def number_reader(column: Column, unit: str | None = None) -> Reader:
    """Return a reader of numbers, converted to the column's unit and compared with its limits."""
    factor = 1.0
    if unit:
        factor = MONTHS_PER_UNIT[unit] / MONTHS_PER_UNIT.get(column.unit, 1.0)

    def read(text: str) -> Read:
        if is_missing(text):
            return MISSING
        told = text.strip()
        if not NUMBER.fullmatch(told):
            return Read(problem="is not a number")
        value = float(told) * factor + 0.0  # minus zero becomes zero
        beyond = _beyond(value, column)
        if told in MISSING_CODES_ANYWHERE | (MISSING_CODES if beyond else frozenset()):
            return Read(note="is read as not recorded")
        if value < 0 and column.low is not None and column.low >= 0:
            return Read(problem="is below zero")
        if abs(value) > 1e15:
            return Read(problem="is too large a number")
        if column.kind == "integer" and not value.is_integer():
            return Read(problem="is not a whole number")
        return Read(value, problem=beyond)

    return read


def _beyond(value: float, column: Column) -> str:
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    if low <= value <= high:
        return ""
    limits = f"{low:g} to {high:g} {column.unit}".rstrip()
    return f"lies outside the plausible range, {limits}"


def date_reader(format: str | None) -> Reader:
    """Return a reader of dates as days since year 1; year-month-day is always understood."""

    def read(text: str) -> Read:
        if is_missing(text):
            return MISSING
        try:
            return Read(float(_ordinal(text.strip(), format)))
        except (ValueError, OverflowError):
            return Read(problem="is not a date" + (f" ({format})" if format else " (year-month-day)"))

    return read


def _ordinal(text: str, format: str | None) -> int:
    iso = YEAR_FIRST.fullmatch(text)
    if iso:
        return datetime.date(int(iso[1]), int(iso[3]), int(iso[4])).toordinal()
    if format == "excel":
        return EXCEL_DAY_ZERO + int(float(text))
    if format in DATE_FORMATS:
        parts = YEAR_LAST.fullmatch(text)
        if not parts:
            raise ValueError(text)
        first, second = int(parts[1]), int(parts[3])
        day, month = (first, second) if format == "day first" else (second, first)
        return datetime.date(int(parts[4]), month, day).toordinal()
    if format is None:
        raise ValueError(text)
    return datetime.datetime.strptime(text, format).toordinal()


def organs_reader() -> Reader:
    """Return a reader of organ sets, divided by ``;``, ``,`` or ``|``; "none" is the empty set."""

    def read(text: str) -> Read:
        if is_missing(text):
            return MISSING
        parts = [" ".join(part.split()).casefold() for part in re.split(r"[;,|]", text)]
        held = frozenset(part for part in parts if part)
        if held == {"none"}:
            return Read(frozenset[str]())
        if "none" in held or any(is_missing(part) for part in held):
            return Read(problem="names organs together with none or unknown")
        unusual = sorted(held.difference(ORGANS))
        note = f"names {', '.join(unusual)}, which is not among the usual organ domains, and is kept" if unusual else ""
        return Read(held, note=note)

    return read


def category_reader(column: Column, counts: Mapping[str, int]) -> Reader:
    """Return a reader of levels; spellings that differ by case or blanks are one level.

    Parameters
    ----------
    column
        The column; one of its `levels` is the spelling used where there is one, else the most frequent.
    counts
        How often each text occurs.
    """
    spelling = {key(level): level for level in column.levels}
    closed = bool(column.levels) and not column.others
    if not closed:
        for text in sorted(counts, key=lambda text: (-counts[text], text)):
            spelling.setdefault(key(text), " ".join(text.split()))

    def read(text: str) -> Read:
        if is_missing(text):
            return MISSING
        level = spelling.get(key(text))
        if level is None:
            return Read(problem=f"is not one of {', '.join(column.levels)}")
        return Read(level, note="" if text == level else f'is read as "{level}"')

    return read


def text_reader() -> Reader:
    """Return a reader of free text."""
    return lambda text: MISSING if is_missing(text) else Read(" ".join(text.split()))
