"""Matching of a file's columns to canonical columns by name and values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.vocabulary import TABLES
from analysis.intake import texts
from analysis.intake.codes import could_be_coded
from analysis.intake.dates import is_date_like
from analysis.intake.day_numbers import is_day_number
from analysis.intake.flags import could_be_flag, says_yes_or_no
from analysis.intake.headings import in_order, indexed
from analysis.intake.no_dates import is_no_date, may_be_none
from analysis.intake.numerals import NUMBER, UNCLEAR, comma_style, plain
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.relapse_dates import dates_in
from analysis.intake.units import is_time
from analysis.intake.values import (
    NO_ORGAN,
    amount,
    key,
    level_of,
    organs_in,
    recorded,
    spelling_of,
    where_missing,
)

MOST_TEXTS = 2000  # Distinct texts that are examined; more would not change the guess.
READABLE = 0.6
CALENDAR_YEARS = (1900, 2100)


@dataclass(frozen=True)
class Guess:
    """The column of a file that probably is a canonical one.

    Attributes
    ----------
    column
        The column of the file.
    reason
        Why, in words.
    certain
        Whether its name is the canonical one.
    loose
        Whether its name is ambiguous.
    others
        Columns that fit equally well.
    """

    column: str
    reason: str
    certain: bool = False
    loose: bool = False
    others: tuple[str, ...] = ()


def guess(
    cells: pd.DataFrame, table: str, name: str, taken: Collection[str], *, only: Collection[str] | None = None
) -> Guess | None:
    """Return the column of a file that is a canonical one; None if none fits by both name and values.

    Parameters
    ----------
    cells
        The table as text.
    table, name
        The canonical column.
    taken
        Columns that are already matched.
    only
        The columns to choose from; None for all.
    """
    column = TABLES[table][name]
    headings = tuple(map(str, cells.columns))

    def free(found: Iterable[str]) -> list[str]:
        return [each for each in found if each not in taken and (only is None or each in only)]

    alike = free(indexed(headings).plain.get(name, ()))
    if name in alike:
        return Guess(name, "its name", certain=True)
    if alike:
        return Guess(alike[0], "its name", certain=True, others=tuple(alike[1:]))
    for loose, names in ((False, (name, *column.synonyms)), (True, column.loose)):
        named = free(in_order(headings, names, column))
        fitting = [each for each in named if fits(cells[each], column, coded=not loose)]
        if loose and table == "patients" and name == "patient_id":
            # A running number that restarts is not an id.
            fitting = [each for each in fitting if max(texts.counts(cells[each]).values()) == 1]
        if fitting:
            reason = f"its name is used for this, and it holds {_in_words(column)}"
            return Guess(fitting[0], reason, loose=loose, others=tuple(fitting[1:]))
    return None


def two_ends(cells: pd.DataFrame, taken: Collection[str], death: Guess | None) -> dict[str, Guess]:
    """Return the columns of time to death and to last contact, if the first is filled only for deaths.

    Its blanks are patients alive, who would be lost if it were read as the follow-up.

    Parameters
    ----------
    cells
        The table as text.
    taken
        Columns that are already matched.
    death
        The column that the user named for the time to death; None to guess it.
    """
    whole = guess(cells, "patients", "follow_up_months", taken)
    found = death or guess(cells, "patients", "death_months", taken)
    if found is None or (whole is not None and whole.certain):
        return {}
    if not found.certain and not where_missing(cells[found.column]).any():
        return {}
    rest = [*taken, found.column]
    others = (guess(cells, "patients", name, rest) for name in ("last_contact_months", "follow_up_months"))
    contact = next((each for each in others if each is not None), None)
    return {"death_months": found} | ({"last_contact_months": contact} if contact else {})


def halves(cells: pd.DataFrame, found: Guess) -> tuple[str, ...]:
    """Return the two candidates for a column if they complement each other, with gaps in different rows; else ()."""
    if len(found.others) != 1:
        return ()
    pair = (found.column, *found.others)
    first, second = (where_missing(cells[name]) for name in pair)
    return pair if first.any() and second.any() and not (~first & ~second).any() else ()


def fits(values: pd.Series, column: Column, *, coded: bool = False) -> bool:
    """Return whether the values of a column are plausible for a canonical one.

    Those of a category known by its name can be `coded`: the user is asked what each means.
    """
    if column.kind == "text" and column.name != "event":  # as ids, of which there are many
        return not where_missing(values).all()
    filled = recorded(values)
    if may_be_none(column):
        filled = {text: count for text, count in filled.items() if not is_no_date(text, column)}
    if not filled or (is_time(column) and _are_calendar_years(filled)):
        return False
    if coded and could_be_coded(filled, column):
        return True
    if column.kind == "boolean":
        # For died the user is asked; any other flag must have known words for yes and no.
        return could_be_flag(filled) if column.name == "died" else says_yes_or_no(filled)
    if column.name == "follow_up_months" and {text.strip() for text in filled} == {"0", "1"}:
        return False  # a flag, such as "OS" beside "OS.time"
    seen = list(filled)[:MOST_TEXTS]
    return readable(seen, column) >= READABLE * len(seen) if column.kind != "category" else _fits_levels(filled, column)


def _are_calendar_years(filled: Collection[str]) -> bool:
    """Return whether all values are calendar years such as 2014, which are not lengths of time."""
    first, last = CALENDAR_YEARS
    return all(len(text.strip()) == 4 and text.strip().isdecimal() and first <= int(text) <= last for text in filled)


def readable(seen: Collection[str], column: Column) -> int:
    """Return the number of texts that can be read as values of a column."""
    if column.kind in ("number", "integer"):
        style = comma_style(seen)
        decimals = "decimal comma" if style == UNCLEAR else style
        return sum(amount(text, column, None, decimals) is not None for text in seen)
    if column.name == RELAPSE_DATE:
        return sum(all(is_date_like(part) or is_day_number(part) for part in dates_in(text)) for text in seen)
    if column.kind == "date":
        return sum(is_date_like(text) or is_day_number(text) for text in seen)
    if column.kind == "category" and column.levels and not column.others:
        known = spelling_of(column)
        return sum(level_of(text, known) is not None for text in seen)
    if column.kind == "boolean":
        return sum(says_yes_or_no({text: 1}) for text in seen)
    if column.kind == "set":
        known = spelling_of(column)
        return sum(key(text) in NO_ORGAN or any(level_of(part, known) for part in organs_in(text)) for text in seen)
    if column.name == "event":
        return sum(not NUMBER.fullmatch(plain(text)) and not says_yes_or_no({text: 1}) for text in seen)
    return len(seen)


def _fits_levels(filled: Mapping[str, int], column: Column) -> bool:
    """Return whether values are plausible levels: at least half are known, or without fixed levels they recur."""
    if column.levels:
        known = spelling_of(column)
        return sum(level_of(text, known) is not None for text in filled) * 2 >= len(filled) or (
            column.name == "sex"
            and (says_yes_or_no(filled) or (len(filled) <= 3 and all(len(text.strip()) <= 2 for text in filled)))
        )
    return len(filled) <= max(20, sum(filled.values()) // 2)


def _in_words(column: Column) -> str:
    return {
        "number": "numbers",
        "integer": "whole numbers",
        "boolean": "a few codes",
        "date": "dates",
        "category": "words that come back",
        "set": "words",
        "text": "texts",
    }[column.kind]
