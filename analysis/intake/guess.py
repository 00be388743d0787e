"""Which column of a file is which canonical column, from its name and its values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import TABLES
from analysis.intake import texts
from analysis.intake.dates import SERIAL, is_date_like
from analysis.intake.flags import could_be_flag, says_yes_or_no
from analysis.intake.numerals import NUMBER, UNCLEAR, comma_style, plain
from analysis.intake.units import LENGTHS, TIME_WORDS, is_time
from analysis.intake.values import amount, is_missing, key, spelling_of

MOST_TEXTS = 2000  # Distinct texts that are looked at: more would not change the guess.
READABLE = 0.6
CALENDAR_YEARS = (1900, 2100)


@dataclass(frozen=True)
class Guess:
    """A column of the file that is probably a canonical one, and why.

    Attributes
    ----------
    column
        The column of the file.
    reason
        In words.
    certain
        Whether its name is the canonical one.
    loose
        Whether its name could mean many things.
    others
        Columns that fit as well.
    """

    column: str
    reason: str
    certain: bool = False
    loose: bool = False
    others: tuple[str, ...] = ()


def guess(
    cells: pd.DataFrame, table: str, name: str, taken: Collection[str], *, only: Collection[str] | None = None
) -> Guess | None:
    """Return which column is a canonical one; None where no name and values both fit.

    Parameters
    ----------
    cells
        The table as it stands in the file.
    table, name
        The canonical column.
    taken
        Columns that stand for something else.
    only
        The columns to choose from, where not all.
    """
    column = TABLES[table][name]
    free = [each for each in map(str, cells.columns) if each not in taken and (only is None or each in only)]
    if name in free:
        return Guess(name, "its name", certain=True)
    alike = tuple(each for each in free if normalised(each) == name)
    if alike:
        return Guess(alike[0], "its name", certain=True, others=alike[1:])
    for loose, names in ((False, column.synonyms), (True, column.loose)):
        fitting = [each for each in _in_order(free, names, column) if fits(cells[each], column)]
        if loose and table == "patients" and name == "patient_id":
            # A running number that starts anew is no id.
            fitting = [each for each in fitting if max(texts.counts(cells[each]).values()) == 1]
        if fitting:
            reason = f"its name is used for this, and it holds {_in_words(column)}"
            return Guess(fitting[0], reason, loose=loose, others=tuple(fitting[1:]))
    return None


def two_ends(cells: pd.DataFrame, taken: Collection[str], death: Guess | None) -> dict[str, Guess]:
    """Return the columns of the time to death and to last contact, where the first holds the dead only.

    Its blanks are the living, whom a follow-up read from this column alone would lose.

    Parameters
    ----------
    cells
        The table as it stands in the file.
    taken
        Columns that stand for something else.
    death
        The column that was named for the time to death; None to guess it.
    """
    whole = guess(cells, "patients", "follow_up_months", taken)
    found = death or guess(cells, "patients", "death_months", taken)
    if found is None or (whole is not None and whole.certain):
        return {}
    if not found.certain and not texts.where(cells[found.column], is_missing).any():
        return {}
    rest = [*taken, found.column]
    others = (guess(cells, "patients", name, rest) for name in ("last_contact_months", "follow_up_months"))
    contact = next((each for each in others if each is not None), None)
    return {"death_months": found} | ({"last_contact_months": contact} if contact else {})


def halves(cells: pd.DataFrame, found: Guess) -> tuple[str, ...]:
    """Return two columns that could both be one where each is blank in the rows that the other holds; else nothing."""
    if len(found.others) != 1:
        return ()
    pair = (found.column, *found.others)
    first, second = (texts.where(cells[name], is_missing) for name in pair)
    return pair if first.any() and second.any() and not (~first & ~second).any() else ()


def fits(values: pd.Series, column: Column) -> bool:
    """Return whether the values of a column can be those of a canonical one."""
    told = {text: count for text, count in texts.counts(values).items() if not is_missing(text)}
    if not told or (is_time(column) and _are_calendar_years(told)):
        return False
    if column.kind == "boolean":
        # What means died can be asked; any other flag must speak for itself.
        return could_be_flag(told) if column.name == "died" else says_yes_or_no(told)
    if column.name == "follow_up_months" and {text.strip() for text in told} == {"0", "1"}:
        return False  # a flag, such as "OS" beside "OS.time"
    seen = list(told)[:MOST_TEXTS]
    return readable(seen, column) >= READABLE * len(seen) if column.kind != "category" else _fits_levels(told, column)


def _are_calendar_years(told: Collection[str]) -> bool:
    """Return whether all values of a column are years such as 2014, which are dates and never a length of time."""
    first, last = CALENDAR_YEARS
    return all(len(text.strip()) == 4 and text.strip().isdecimal() and first <= int(text) <= last for text in told)


def readable(seen: Collection[str], column: Column) -> int:
    """Return how many of some texts can be read as values of a column."""
    if column.kind in ("number", "integer"):
        style = comma_style(seen)
        decimals = "decimal comma" if style == UNCLEAR else style
        return sum(amount(text, column, None, decimals) is not None for text in seen)
    if column.kind == "date":
        return sum(is_date_like(text) or bool(SERIAL.fullmatch(text.strip())) for text in seen)
    if column.kind == "category" and column.levels and not column.others:
        known = spelling_of(column)
        return sum(key(text) in known for text in seen)
    if column.kind == "boolean":
        return sum(says_yes_or_no({text: 1}) for text in seen)
    if column.name == "event" or column.kind == "set":
        return sum(not NUMBER.fullmatch(plain(text)) and not says_yes_or_no({text: 1}) for text in seen)
    return len(seen)


def unit_in(name: str, column: Column) -> str:
    """Return the unit that a column's name holds, or ""."""
    return _without_unit(name, column, _unit_endings(column))[1]


def _fits_levels(told: Mapping[str, int], column: Column) -> bool:
    """Return whether a category is one: known words, or at least words that come back."""
    if column.levels:
        known = spelling_of(column)
        return sum(key(text) in known for text in told) * 2 >= len(told) or (
            column.name == "sex"
            and (says_yes_or_no(told) or (len(told) <= 3 and all(len(text.strip()) <= 2 for text in told)))
        )
    return len(told) <= max(20, sum(told.values()) // 2)


def _in_order(free: Collection[str], names: Collection[str], column: Column) -> list[str]:
    """Return the columns with one of some names, the most telling name first; units in a name do not count."""
    place = {name.replace("_", ""): number for number, name in reversed(list(enumerate(names)))}
    endings = _unit_endings(column)
    found = []
    for each in free:
        whole = normalised(each).replace("_", "")
        without, unit = _without_unit(each, column, endings)
        bare = without.replace("_", "")
        if whole and whole in place:
            found.append((place[whole], each))
        elif unit and bare in place and (bare or column.name == "months" or normalised(each) in LENGTHS):
            found.append((place[bare], each))
    return [each for _, each in sorted(found, key=lambda item: item[0])]


def _without_unit(name: str, column: Column, endings: Sequence[tuple[list[str], str]]) -> tuple[str, str]:
    words = normalised(name).split("_")
    if "days" in column.units or column.unit == "years":
        for unit, spelled in TIME_WORDS.items():
            if any(word in spelled for word in words):
                return "_".join(word for word in words if word not in spelled), unit
    for end, unit in endings:
        if words[-len(end) :] == end and len(words) > len(end):
            return "_".join(words[: -len(end)]), unit
    return normalised(name), ""


def _unit_endings(column: Column) -> list[tuple[list[str], str]]:
    """Return how a heading can end with a unit of a column, the longest ending first."""
    units = [unit for unit in (*column.units, column.unit) if unit]
    written = [(word, unit) for unit in units for word in (unit, *column.unit_words.get(unit, ()))]
    return sorted(((normalised(word).split("_"), unit) for word, unit in written), key=lambda each: -len(each[0]))


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
