"""Numbers such as 99 that may mean that nothing was recorded; the user is asked if they are possible values too."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.cohort.canonical_column import Column
from analysis.intake.flags import code
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report, shown
from analysis.intake.numerals import NUMBER
from analysis.intake.source import CODES, Source

CODES_OF_MISSING = ("77", "88", "98", "99", "777", "888", "998", "999", "9999")
FEWEST = 2  # rows with the code; one alone may be a value
FEWEST_OTHERS = 3  # and no fewer than the code: what most rows hold is a value
FAR = 1.5  # times the largest other value


def codes_of_missing(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the codes that recur and are far above all other numbers, each with its number of rows.

    Examples
    --------
    >>> codes_of_missing({"15": 6, "4": 4, "99": 2}), codes_of_missing({"60": 6, "85": 4, "99": 2})
    ({'99': 2}, {})
    """
    numbers: dict[str, int] = {}
    for text, count in counts.items():
        if NUMBER.fullmatch(code(text)):
            numbers[code(text)] = numbers.get(code(text), 0) + count
    found = {each: numbers[each] for each in CODES_OF_MISSING if numbers.get(each, 0) >= FEWEST}
    others = [float(each) for each in numbers if each not in found]
    known = sum(count for each, count in numbers.items() if each not in found)
    return {
        each: count
        for each, count in found.items()
        if known >= max(FEWEST_OTHERS, count) and float(each) >= FAR * max(others)
    }


def ask_for_missing_codes(
    matched: Matched, column: Column, source: Source, counts: Mapping[str, int], report: Report
) -> None:
    """Ask whether numbers such as 99 are values of a column or mean that nothing was recorded.

    A number outside the range of the column is no value, and needs no question.
    """
    high = float("inf") if column.high is None else column.high
    told = set(map(code, source.codes or {}))
    factor = column.units.get(source.unit or "", 1.0)
    found = {each: count for each, count in codes_of_missing(counts).items() if float(each) * factor <= high}
    if not found or set(found) <= told:
        return
    listed = " and ".join(f'"{shown(each)}" ({count:,})' for each, count in found.items())
    report.refuse(
        matched.place,
        f"{listed} is far above all other values. Is it a value, or does it mean that nothing was recorded?",
        column=source.column,
        question=CODES,
        choices=[*found.items()],
    )
