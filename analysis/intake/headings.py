"""The words of a heading: which canonical column it names, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.intake.flags import code, says
from analysis.intake.heading_codes import PLAIN, codes_in
from analysis.intake.units import LENGTHS, TIME_WORDS, is_time

# "durée d'évolution (mois)": the d does not mean days.
ELIDED = re.compile(r"\b[dl]['’´]", re.IGNORECASE)
BRACKET = re.compile(r"[(（\[](?P<inside>[^()（）\[\]]*)[)）\]]\s*$")
ANSWERS = re.compile(r"\s*(\d\s*/\s*\d|[^\W\d_]+\s*/\s*[^\W\d_]+)\s*")
CODE = re.compile(r"(\d+)\s*[=:：＝]\s*([^\d,;/，；、]+)")
BRACKETS = re.compile(r"[()（）\[\]]")
Endings = dict[str, list[tuple[list[str], str]]]
FILLING = frozenset(map(normalised, LISTED["filling"]))
# Chinese, Japanese and Korean write words without blanks between them.
WITHOUT_BLANKS = "\u1100"
SIGNS = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
BESIDE = frozenset(map(normalised, LISTED["beside_names"]))
FILLING_ENDS = sorted((word for word in FILLING if word[0] >= WITHOUT_BLANKS), key=len, reverse=True)
TIMES_ENDS = sorted(
    ((word, unit) for unit, words in TIME_WORDS.items() for word in words.no_blank), key=lambda each: -len(each[0])
)


def in_order(headings: Collection[str], names: Collection[str], column: Column) -> list[str]:
    """Return the headings that match a name of a column, the best matches first, and then in the order of the names.

    A unit of the column in a heading is ignored. Exact matches come first, then those that ignore words like "of" and
    "level", and last those with the words in another order, or with words beside the name.

    Parameters
    ----------
    headings
        The headings of a file.
    names
        Names of the column, normalised.
    column
        The column, for its units and the words beside its names.

    Examples
    --------
    >>> from analysis.cohort.vocabulary import VISITS
    >>> in_order(["SLEDAI max", "Sum of SLEDAI points", "SLEDAI评分"], VISITS["sledai"].synonyms, VISITS["sledai"])
    ['SLEDAI评分', 'Sum of SLEDAI points']
    """
    names_of = _names_of(tuple(names), column)
    compared = indexed(tuple(headings)).that_may_be(names_of)
    found = [(*rank, each) for each in compared if (rank := _rank(each, names_of)) is not None]
    return [each for *_, each in sorted(found, key=lambda item: item[:2])]


@dataclass(frozen=True, eq=False)
class Headings:
    """The headings of a table, indexed by their words, so that a name is compared with few of thousands.

    Attributes
    ----------
    headings
        In the order of the table.
    plain
        Normalised heading to its headings.
    holding
        Word to the positions of the headings with it; "" to those of headings that are only a unit of time. Of scripts
        without blanks each character is a word.
    """

    headings: tuple[str, ...]
    plain: dict[str, list[str]]
    holding: dict[str, list[int]]

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the headings, as a set: two sets are compared by the words of the smaller one."""
        return frozenset(self.holding)

    def that_may_be(self, names: Names) -> list[str]:
        """Return the headings with a word that begins a name of a column; no others can match."""
        found = {place for begin in names.beginnings & self.words for place in self.holding[begin]}
        return [self.headings[place] for place in sorted(found)]


@lru_cache(maxsize=32)
def indexed(headings: tuple[str, ...]) -> Headings:
    """Return the headings of a table by their words."""
    plain: dict[str, list[str]] = {}
    holding: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        name = normalised(heading)
        plain.setdefault(name, []).append(heading)
        words = {*name.split("_"), *normalised(ELIDED.sub(" ", heading)).split("_")}
        for word in {part for each in words for part in ([each] if each.isascii() else SIGNS.findall(each))}:
            holding.setdefault(word, []).append(place)
        if not _without_time(name)[0]:
            holding.setdefault("", []).append(place)
    return Headings(headings, plain, holding)


@dataclass(frozen=True, eq=False)
class Names:
    """The names of a column, for comparing headings with them.

    Attributes
    ----------
    column
        The column.
    endings
        What a heading may end with to name one of its units.
    exact, told, mixed
        The position of each name, by its form without blanks, its telling words, and these in alphabetical order.
    """

    column: Column
    endings: Endings
    exact: dict[str, int]
    told: dict[str, int]
    mixed: dict[str, int]

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """All beginnings of the names, of any length; a heading that can match has one of them as a word."""
        names = {*self.exact, *self.told, *self.mixed}
        return frozenset(name[:end] for name in names for end in range(bool(name), len(name) + 1))


@lru_cache(maxsize=500)
def _names_of(names: tuple[str, ...], column: Column) -> Names:
    backwards = list(enumerate(names))[::-1]  # of equal names the first stays
    return Names(
        column,
        unit_endings(column),
        {name.replace("_", ""): number for number, name in backwards},
        {short: number for number, name in backwards if (short := "".join(telling(name)))},
        {short: number for number, name in backwards if (short := _mixed(telling(name)))},
    )


@lru_cache(maxsize=200_000)
def _rank(heading: str, names: Names) -> tuple[int, int] | None:
    """Return the rank of a heading among the names of a column, an exact name first; None if it is none of them."""
    column = names.column
    text = _without_codes(heading) if column.kind in ("boolean", "category") else heading
    whole = normalised(text)
    without, unit = _without_unit(text, column, names.endings)
    bare = without.replace("_", "")
    if whole and whole.replace("_", "") in names.exact:
        return 0, names.exact[whole.replace("_", "")]
    if unit and bare in names.exact and (bare or column.name == "months" or whole in LENGTHS):
        return 0, names.exact[bare]
    for each in (text, without) if unit else (text,):
        words = telling(each)
        if words and (short := "".join(words)) in names.told:
            return 1, names.told[short]
        for left in (words, _without_beside(words, column)):
            number = names.mixed.get(_mixed(left), names.told.get("".join(left)))
            if left and number is not None:
                return 2, number
    return _both_ways(text, names)


def _both_ways(text: str, names: Names) -> tuple[int, int] | None:
    """Return the rank of a heading that repeats itself in brackets, such as "年龄 (Age)"."""
    parts = _said_twice(text)
    return (2, names.told[parts[0]]) if len(parts) > 1 and all(part in names.told for part in parts) else None


@lru_cache(maxsize=50_000)
def _said_twice(text: str) -> list[str]:
    return ["".join(telling(part)) for part in BRACKETS.split(text) if part.strip()]


def _mixed(words: Sequence[str]) -> str:
    return "".join(sorted(words))


def _without_codes(heading: str) -> str:
    """Return the heading of a flag or category without its codes and answers, as in "Died (1=yes, 0=no)"."""
    name, codes = codes_in(heading)
    bracket = BRACKET.search(heading)
    if codes or not bracket:
        return name
    pairs = CODE.findall(bracket["inside"])
    plain = bool(pairs) and all(_means(*pair) for pair in pairs)
    return heading[: bracket.start()] if plain or ANSWERS.fullmatch(bracket["inside"]) else heading


def _means(value: str, word: str) -> bool:
    return says(code(word)) in PLAIN.get(value, ())


@lru_cache(maxsize=50_000)
def telling(name: str) -> tuple[str, ...]:
    """Return the words of a name without those that do not tell which column it is, such as "of".

    Examples
    --------
    >>> telling("Date of the last visit"), telling("血清肌酐水平")
    (('date', 'last', 'visit'), ('肌酐',))
    """
    words = tuple(word for word in normalised(ELIDED.sub(" ", name)).split("_") if word and word not in FILLING)
    joined = "".join(words)
    return words if joined.isascii() else _cut(joined, FILLING_ENDS)


def _without_beside(words: Sequence[str], column: Column) -> Sequence[str]:
    """Return the telling words of a heading without those that are allowed beside a name of the column."""
    beside = column.beside | BESIDE
    left = [word for word in words if word not in beside]
    if not left or "".join(left).isascii():
        return left
    return _cut("".join(left), sorted(beside, key=len, reverse=True))


def _cut(name: str, ends: Sequence[str]) -> tuple[str, ...]:
    """Return a name without some words at its ends, in a script without blanks between words."""
    place = 0
    while place < len(ends):
        end = ends[place]
        cut = name.removesuffix(end).removeprefix(end)
        # A word of letters ends where no letter follows: no "sle" in "sledai评分".
        apart = not end.isascii() or (name.startswith(end) and name[len(end) :][:1] >= WITHOUT_BLANKS)
        place = 0 if cut and cut != name and apart else place + 1
        name = cut if cut and apart else name
    return (name,)


def named_alike(heading: str, column: Column) -> bool:
    """Return whether a heading is one of the names of a canonical column, other than an ambiguous one."""
    names = _names_of((column.name, *column.synonyms), column)
    return normalised(heading) == column.name or _rank(heading, names) is not None


def those_alike(headings: Collection[str], columns: Iterable[Column]) -> set[str]:
    """Return the headings that are a name of one of these canonical columns; see `named_alike`."""
    found: set[str] = set()
    for column in columns:
        found.update(in_order(headings, (column.name, *column.synonyms), column))
        found.update(indexed(tuple(headings)).plain.get(column.name, ()))
    return found


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


@lru_cache(maxsize=50_000)
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
