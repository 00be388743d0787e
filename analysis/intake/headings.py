"""The words of a heading: which canonical column it names, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.intake.units import LENGTHS, TIME_WORDS, is_time

# "durée d'évolution (mois)": the d is no day.
ELIDED = re.compile(r"\b[dl]['’´]", re.IGNORECASE)
CODES = re.compile(r"[(（\[]\s*(\d\s*/\s*\d|[^\W\d_]+\s*/\s*[^\W\d_]+)\s*[)）\]]\s*$")
BRACKETS = re.compile(r"[()（）\[\]]")
Endings = dict[str, list[tuple[list[str], str]]]
FILLING = frozenset(map(normalised, LISTED["filling"]))
# Chinese, Japanese and Korean write words without blanks between them.
WITHOUT_BLANKS = "\u1100"
FILLING_ENDS = sorted((word for word in FILLING if word[0] >= WITHOUT_BLANKS), key=len, reverse=True)
TIMES_ENDS = sorted(
    ((word, unit) for unit, words in TIME_WORDS.items() for word in words.no_blank), key=lambda each: -len(each[0])
)


def in_order(headings: Iterable[str], names: Collection[str], column: Column) -> list[str]:
    """Return the headings that are one of some names of a column, in the order of these names.

    A unit of the column in a heading is ignored. Headings that are such a name only without words like "of" and
    "level" come last.

    Parameters
    ----------
    headings
        The headings of a file.
    names
        Names of the column, normalised.
    column
        The column, for its units.

    Examples
    --------
    >>> from analysis.cohort.vocabulary import VISITS
    >>> in_order(["SLEDAI max", "SLEDAI评分"], VISITS["sledai"].synonyms, VISITS["sledai"])
    ['SLEDAI评分']
    """
    exact, told = _places(tuple(names))
    endings = unit_endings(column)
    found = [(*place, each) for each in headings if (place := _place(each, exact, told, column, endings)) is not None]
    return [each for *_, each in sorted(found, key=lambda item: item[:2])]


@lru_cache(maxsize=500)
def _places(names: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the place of each name, as it is without blanks, and as its telling words."""
    exact = {name.replace("_", ""): number for number, name in reversed(list(enumerate(names)))}
    told = {short: number for number, name in reversed(list(enumerate(names))) if (short := telling(name))}
    return exact, told


def _place(
    heading: str, exact: dict[str, int], told: dict[str, int], column: Column, endings: Endings
) -> tuple[int, int] | None:
    """Return the rank of a heading among the names of a column, an exact name first; None if it is none of them."""
    text = CODES.sub("", heading) if column.kind in ("boolean", "category") else heading
    whole = normalised(text)
    without, unit = _without_unit(text, column, endings)
    bare = without.replace("_", "")
    if whole and whole.replace("_", "") in exact:
        return 0, exact[whole.replace("_", "")]
    if unit and bare in exact and (bare or column.name == "months" or whole in LENGTHS):
        return 0, exact[bare]
    for each in (text, without) if unit else (text,):
        if (short := telling(each)) and short in told:
            return 1, told[short]
    both = [telling(part) for part in BRACKETS.split(text) if part.strip()] if BRACKETS.search(text) else []
    return (1, told[both[0]]) if len(both) > 1 and all(part in told for part in both) else None


@lru_cache(maxsize=50_000)
def telling(name: str) -> str:
    """Return a name without blanks and without the words that do not tell which column it is, such as "of".

    Examples
    --------
    >>> telling("Date of the last visit"), telling("血清肌酐水平")
    ('datelastvisit', '肌酐')
    """
    short = "".join(word for word in normalised(ELIDED.sub(" ", name)).split("_") if word not in FILLING)
    if short.isascii():
        return short
    place = 0
    while place < len(FILLING_ENDS):
        word = FILLING_ENDS[place]
        cut = short.removesuffix(word).removeprefix(word)
        place = 0 if cut and cut != short else place + 1
        short = cut or short
    return short


def named_alike(heading: str, column: Column) -> bool:
    """Return whether a heading is one of the names of a canonical column, loose ones aside."""
    return normalised(heading) == column.name or bool(in_order([heading], (column.name, *column.synonyms), column))


def unit_named(word: str, column: Column) -> str:
    """Return the unit of a column that a word such as "mg/dl" stands for, or ""."""
    name = normalised(word)
    units = [unit for unit in (column.unit, *column.units) if unit]
    return next((u for u in units if name in {normalised(each) for each in (u, *column.unit_words.get(u, ()))}), "")


def unit_in(heading: str, column: Column) -> str:
    """Return the unit in a heading of a column, or ""."""
    return _without_unit(heading, column, unit_endings(column))[1]


def _without_unit(heading: str, column: Column, endings: Endings) -> tuple[str, str]:
    """Return a heading without the unit of a column, and this unit, or ""."""
    name = normalised(ELIDED.sub(" ", heading))
    if is_time(column) or column.unit == "years":
        return _without_time(name)
    words = name.split("_")
    for parts, unit in endings.get(words[-1], ()):
        if words[-len(parts) :] == parts and len(words) > len(parts):
            return "_".join(words[: -len(parts)]), unit
    for end in endings if not name.isascii() else ():
        parts, unit = endings[end][-1]
        if end >= WITHOUT_BLANKS and len(parts) == 1 and name.endswith(end) and name != end:
            return name.removesuffix(end), unit
    return name, ""


def _without_time(name: str) -> tuple[str, str]:
    """Return a name without its unit of time, and this unit; a name with two units has none."""
    words = name.split("_")
    units = [unit for unit, spelled in TIME_WORDS.items() if not spelled.heading.isdisjoint(words)]
    if len(units) == 1:
        return "_".join(word for word in words if word not in TIME_WORDS[units[0]].heading), units[0]
    for end, unit in TIMES_ENDS if not units else ():
        if name.endswith(end):
            return name.removesuffix(end).strip("_"), unit
    return name, ""


def unit_endings(column: Column) -> Endings:
    """Return the endings of a heading that name a unit of a column, by their last word, the longest first."""
    units = [unit for unit in (*column.units, column.unit) if unit]
    written = [(word, unit) for unit in units for word in (unit, *column.unit_words.get(unit, ()))]
    endings: Endings = {}
    for parts, unit in sorted(
        ((normalised(word).split("_"), unit) for word, unit in written), key=lambda e: -len(e[0])
    ):
        endings.setdefault(parts[-1], []).append((parts, unit))
    return endings
