"""Lists of published numbers: the one that comes with the program, and a user's own as a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import astuple, fields
from functools import cache
from pathlib import Path
from typing import Any

from analysis.centres.published_fact import DENOMINATORS, LUPUS, MSC, OUTCOMES, TREATMENTS, PublishedFact
from analysis.cohort.names import one_line

SHIPPED = Path(__file__).with_name("published.csv")
COLUMNS = tuple(each.name for each in fields(PublishedFact))
NEEDED = ("study", "outcome", "events", "patients")
MOST_ROWS, MOST_BYTES = 500, 500_000
LONGEST = 300  # characters of a text
LONGEST_NAME = 40  # characters of the name of a study
MOST_TOLD = 5  # reasons; a list with more of them has another layout
FORMULA = ("=", "+", "-", "@")  # the beginning of one
IDENTIFIER = re.compile(r"10\.\d{4,9}/\S+|\d{1,9}")
BETWEEN_CENTRES = ";"


class PublishedError(ValueError):
    """A list of published numbers cannot be used; the message says why, row by row as numbered in the file."""


@cache
def published_facts() -> tuple[PublishedFact, ...]:
    """Return the published numbers that come with the program, each read in the abstract or a table of its paper.

    Examples
    --------
    >>> first = published_facts()[0]
    >>> first.study, first.counted, first.defined
    ('Wang 2013', '23 of 83 assessed', 'complete remission, status at the yearly visit')
    """
    return read_published(SHIPPED.read_bytes())


def read_published(data: bytes) -> tuple[PublishedFact, ...]:
    r"""Return the published numbers of a CSV file.

    Parameters
    ----------
    data
        The file in UTF-8, with a row of headings: those of `PublishedFact`, of which study, outcome, events and
        patients are needed. Centres are parted by semicolons, and an empty cell is what the paper does not tell.

    Raises
    ------
    PublishedError
        If it is no such list, or rows contradict themselves: more events than patients, more patients than enrolled,
        an unknown outcome, or the same number twice.

    Examples
    --------
    >>> read_published(b"study,outcome,months,events,patients\nOwn reading 2020,relapse,12,3,20\n")[0].counted
    '3 of 20'
    >>> read_published(b"study,outcome,events,patients\nOwn reading 2020,relapse,30,20\n")
    Traceback (most recent call last):
    ...
    analysis.centres.published_list.PublishedError: Row 2: 30 events are more than 20 patients.
    """
    heads, rows = _cells(data)
    found: dict[PublishedFact, int] = {}
    reasons: list[str] = []
    for number, cells in rows[:MOST_ROWS]:
        try:
            _take(found, number, heads, cells)
        except PublishedError as reason:
            reasons.append(f"Row {number}: {reason}")
    if len(rows) > MOST_ROWS:
        reasons.append(f"The list has more than {MOST_ROWS} rows.")
    if reasons:
        more = [f"And {len(reasons) - MOST_TOLD} rows more."] if len(reasons) > MOST_TOLD else []
        raise PublishedError(" ".join([*reasons[:MOST_TOLD], *more]))
    if not found:
        raise PublishedError("The list has no row below its headings.")
    return tuple(found)


def _cells(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the headings, and the rows that are not empty with their numbers in the file."""
    if len(data) > MOST_BYTES:
        raise PublishedError(f"The file is larger than {MOST_BYTES // 1000} kB: a list of papers is smaller.")
    try:
        text = data.decode("utf-8-sig")
        first, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        raise PublishedError("The file is no CSV in UTF-8. Save it from a spreadsheet as “CSV UTF-8”.") from None
    heads = [head.strip() for head in first]
    _check_heads(heads)
    return heads, [(number, cells) for number, cells in enumerate(rows, start=2) if any(map(str.strip, cells))]


def _take(found: dict[PublishedFact, int], number: int, heads: list[str], cells: list[str]) -> None:
    """Add the number that a row tells to those of the rows before it."""
    if len(cells) != len(heads):
        raise PublishedError(f"{len(cells)} cells under {len(heads)} headings.")
    fact = fact_of(dict(zip(heads, cells, strict=True)))
    before = next((row for other, row in found.items() if other.asked == fact.asked), None)
    if before is not None:
        raise PublishedError(f"The same study, outcome, definition, denominator and time as in row {before}.")
    found[fact] = number


def fact_of(cells: Mapping[str, str]) -> PublishedFact:
    """Return the published number that texts tell, by column; a column that is not there is empty.

    Raises
    ------
    PublishedError
        If a text cannot be what its column means, or contradicts another.
    """
    text = {name: one_line(cells.get(name, "")) for name in COLUMNS}
    for name, cell in text.items():
        longest = LONGEST_NAME if name == "study" else LONGEST
        if len(cell) > longest:
            raise PublishedError(f"{name} has more than {longest} characters.")
        if cell.startswith(FORMULA):
            raise PublishedError(f"{name} “{cell[:LONGEST_NAME]}” would be a formula in a spreadsheet.")
    missing = [name for name in NEEDED if not text[name]]
    if missing:
        raise PublishedError(f"Without {' and '.join(missing)}.")
    numbers: dict[str, Any] = {name: _whole(name, text[name]) for name in ("events", "patients")}
    numbers |= {name: _whole(name, text[name]) for name in ("first_year", "last_year", "enrolled") if text[name]}
    told = {
        **text,
        **dict.fromkeys(("first_year", "last_year", "enrolled"), None),
        **numbers,
        "months": _months(text["months"]) if text["months"] else None,
        "outcome": _one_of("outcome", text["outcome"], OUTCOMES),
        "denominator": _one_of("denominator", text["denominator"], DENOMINATORS),
        "treatment": _one_of("treatment", text["treatment"] or MSC, TREATMENTS),
        "population": text["population"] or LUPUS,
        "centres": tuple(filter(None, map(str.strip, text["centres"].split(BETWEEN_CENTRES)))),
    }
    fact = PublishedFact(**told)
    _check(fact)
    return fact


def published_csv(facts: tuple[PublishedFact, ...]) -> bytes:
    """Return published numbers as the CSV file that `read_published` reads.

    Examples
    --------
    >>> read_published(published_csv(published_facts())) == published_facts()
    True
    """
    file = io.StringIO(newline="")
    write = csv.writer(file, lineterminator="\n")
    write.writerow(COLUMNS)
    write.writerows([_cell(value) for value in astuple(fact)] for fact in facts)
    return file.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"{BETWEEN_CENTRES} ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_heads(heads: list[str]) -> None:
    missing = [name for name in NEEDED if name not in heads]
    if missing:
        raise PublishedError(f"There is no column {' and no '.join(missing)}. The columns are {', '.join(COLUMNS)}.")
    unknown = [head for head in heads if head not in COLUMNS]
    if unknown:
        names = ", ".join(f"“{one_line(head)[:LONGEST_NAME]}”" for head in unknown[:MOST_TOLD])
        raise PublishedError(f"Unknown columns: {names}. The columns are {', '.join(COLUMNS)}.")
    if len(set(heads)) < len(heads):
        raise PublishedError("Two columns have the same heading.")


def _check(fact: PublishedFact) -> None:
    """Raise a PublishedError if a number contradicts another."""
    if not fact.patients:
        raise PublishedError("0 patients.")
    if fact.events > fact.patients:
        raise PublishedError(f"{fact.events} events are more than {fact.patients} patients.")
    if fact.enrolled is not None and fact.patients > fact.enrolled:
        raise PublishedError(f"{fact.patients} patients are more than the {fact.enrolled} enrolled.")
    first, last = fact.first_year, fact.last_year
    for year in (first, last):
        if year is not None and not 1950 <= year <= 2100:
            raise PublishedError(f"{year} is no year of enrolment.")
    if first is not None and last is not None and first > last:
        raise PublishedError(f"Enrolment from {first} to {last}.")
    if fact.identifier and not IDENTIFIER.fullmatch(fact.identifier):
        raise PublishedError(f"identifier “{fact.identifier}” is neither a DOI such as 10.1186/ar4520 nor a number.")


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise PublishedError(f"{name} “{text}” is no whole number.")
    return int(text)


def _months(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text):
        raise PublishedError(f"months “{text}” is no number of months from 0 to 999.")
    return float(text)


def _one_of(name: str, text: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """Return a known word, however its letters are written."""
    by_letters = {word.casefold(): word for word in known}
    if text.casefold() not in by_letters:
        raise PublishedError(f"{name} “{text}” is not known; known are {', '.join(filter(None, known))}.")
    return by_letters[text.casefold()]
