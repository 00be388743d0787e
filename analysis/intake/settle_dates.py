"""Formats of dates: settled from the values, or asked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from analysis.intake.dates import (
    SWAPPED,
    UNCLEAR,
    YEAR_LAST,
    date_format,
    is_date_like,
    may_be_swapped,
    ordinal,
    possible_orders,
    written,
)
from analysis.intake.day_numbers import DAY_NUMBERS, is_day_number, possible_formats, written_by
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report, shown
from analysis.intake.source import Answers, Source

FEW_NUMBERS = 3  # among other dates


def with_date_format(matched: Matched, name: str, seen: Sequence[str], answers: Answers, report: Report) -> Source:
    """Return the source of a column of dates with its format; the user is asked if the values leave it open.

    Parameters
    ----------
    matched
        The table.
    name
        The canonical name of the column.
    seen
        Its distinct texts.
    answers
        The answers so far; a format of numbers in one column of dates is used for all columns that it is possible for.
    report
        Receives the question or a note.
    """
    source = matched.sources[name]
    if source.format:
        return source
    numbers = _numbers(seen)
    if numbers:
        return _with_day_numbers(matched, name, numbers, answers, report)
    order = date_format(seen)
    if order == UNCLEAR:
        example = next(text for text in seen if YEAR_LAST.fullmatch(written(text)))
        orders = possible_orders(seen)
        *first, last = orders
        report.refuse(
            matched.place,
            f'is a date such as "{shown(example)}" written {", ".join(first)} or {last}?',
            column=source.column,
            value=example,
            question="format",
            choices=[*orders.items()],
        )
        return source
    made = may_be_swapped(seen) if order else ""
    if made:
        _ask_if_swapped(matched, source, order, made, report)
        return source
    if order:
        report.note(matched.place, f"its dates are read {order}; no other way fits them all.", column=source.column)
        return replace(source, format=order)
    return source


def _ask_if_swapped(matched: Matched, source: Source, order: str, made: str, report: Report) -> None:
    """Ask whether a spreadsheet swapped day and month where it made dates of texts."""
    swapped = next(each for each, of in SWAPPED.items() if of == order)
    days = [datetime.date.fromordinal(ordinal(made, each)) for each in (order, swapped)]
    right, other = (f"{day.day} {day:%B %Y}" for day in days)
    report.refuse(
        matched.place,
        f"some cells are dates, none of them after the 12th of a month, and the texts beside them have days after the "
        f"12th only. A spreadsheet may have swapped day and month where it made dates of texts. Is {shown(made)} the "
        f"{right} (no) or the {other} (swapped)?",
        column=source.column,
        value=made,
        question="format",
        choices=[(each, len(matched.cells)) for each in (order, swapped)],
    )


def is_open(seen: Sequence[str]) -> bool:
    """Return whether the values of a column of dates leave its format open."""
    return date_format(seen) == UNCLEAR or bool(possible_formats(_numbers(seen)))


def _numbers(seen: Sequence[str]) -> list[str]:
    """Return the numbers that may be dates.

    They are none if fewer than three stand among other dates, or beside dates such as 3.4.2014, whose format is open.
    """
    if date_format(seen):
        return []
    numbers = [text for text in seen if is_day_number(text) and not is_date_like(text)]
    few = 0 < len(numbers) < FEW_NUMBERS
    return [] if few and any(is_date_like(text) for text in seen) else numbers


def _with_day_numbers(matched: Matched, name: str, numbers: Sequence[str], answers: Answers, report: Report) -> Source:
    """Return the source with the format of its numbers, as answered for another column of dates, or ask for it."""
    source, held = matched.sources[name], frozenset(numbers)
    first = next((text for text in matched.cells[name] if text in held), numbers[0])
    possible = possible_formats([first, *numbers])
    known = [way for way in _answered(answers) if way in possible]
    if known:
        words = f"its dates are read as {written_by(known[0])}, like those of another column."
        report.note(matched.place, words, column=source.column)
        return replace(source, format=known[0])
    if possible and not _is_asked(report):
        ways = ", ".join(f'as "{way}" ({DAY_NUMBERS[way][2]}) it is {day}' for way, day in possible.items())
        report.refuse(
            matched.place,
            f"its dates are plain numbers. Which date is {shown(first)}? {ways[:1].upper()}{ways[1:]}.",
            column=source.column,
            value=first,
            question="format",
            choices=[(way, len(matched.cells)) for way in possible],
        )
    return source


def _answered(answers: Answers) -> list[str]:
    """Return the formats of numbers that were given for any column of dates."""
    sources = (source for columns in answers.columns.values() for source in columns.values() if source)
    return list(dict.fromkeys(source.format for source in sources if source.format in DAY_NUMBERS))


def _is_asked(report: Report) -> bool:
    """Return whether the numbers of another column of dates are asked about; its answer serves all."""
    return any(choice in DAY_NUMBERS for each in report.findings for choice, _ in each.choices)
