"""What a word can mean in a cohort: its columns and their values, by name, synonym in any known language, or prefix."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis.cohort.column_words import column_label, known_column, mid_sentence
from analysis.cohort.filter_columns import values_found
from analysis.cohort.measures import CHOICE, SETS, filterable, values_held
from analysis.cohort.model import Cohort
from analysis.cohort.names import normalised
from analysis.cohort.per_patient import cached
from analysis.cohort.spellings import ALIVE, DEAD, NO, YES
from analysis.cohort.vocabulary import PATIENTS
from analysis.cohort.wording import value_text

T = TypeVar("T")
LONGEST = 5  # words in one name
SHORTEST_PREFIX = 2  # letters; one letter begins too many words
NEEDS_QUOTES = re.compile(r'[\s,;"<>=:]|^-')
NO_NAME = frozenset({"", "yes", "no"})  # as words by themselves, they name no value


@dataclass(frozen=True)
class Meaning:
    """A value of a column, as what a word can mean."""

    column: str
    value: object

    def typed(self) -> str:
        """Return what names this value and no other: "organs:renal"."""
        return f"{quoted(self.column)}:{self.value_typed()}"

    def own_names(self) -> tuple[str, ...]:
        """Return its names on the screen: the value, what it stands for, and for yes the name of its column."""
        known = PATIENTS.get(self.column)
        value = value_text(self.value)
        return value, known.level_labels.get(value, "") if known else "", column_label(self.column)

    def value_typed(self) -> str:
        """Return the value as it is typed behind its column."""
        return quoted(value_text(self.value))


@dataclass(frozen=True)
class Lexicon:
    """The words of a cohort.

    Attributes
    ----------
    kinds
        The columns that can be filtered by, and how; see `analysis.cohort.measures.filterable`.
    held
        The values in each column of values or sets.
    values
        Normalised words to the values that they name exactly.
    columns
        Normalised words to the columns that they name exactly.
    """

    kinds: Mapping[str, str]
    held: Mapping[str, Sequence[object]]
    values: Mapping[str, tuple[Meaning, ...]]
    columns: Mapping[str, tuple[str, ...]]

    def exactly(self, text: str) -> tuple[Meaning, ...]:
        """Return the values that a text names exactly."""
        return self.values.get(normalised(text), ())

    def begun(self, text: str) -> tuple[Meaning, ...]:
        """Return the values of which a text is the first letters of a name, or a word of one.

        A part of a synonym alone names no value: few people know the synonyms of other languages.
        """
        asked = normalised(text)
        found = _once(each for key, held in self.values.items() if _is_part(asked, key) for each in held)
        own = any(_is_part(asked, normalised(name)) for each in found for name in each.own_names())
        return found if own or len(found) > 1 else ()

    def of_column(self, name: str, text: str) -> tuple[Meaning, ...]:
        """Return the values of one column that a text names, exactly or else by first letters."""
        asked = normalised(text)
        called = [each for each in self.all_of(name) if normalised(value_text(each.value)) == asked]
        exact = [each for each in self.exactly(text) if each.column == name]
        return _once([*called, *exact]) or tuple(each for each in self.begun(text) if each.column == name)

    def all_of(self, name: str) -> tuple[Meaning, ...]:
        """Return the values of one column."""
        return tuple(Meaning(name, value) for value in self.held.get(name, ()))

    def columns_named(self, text: str) -> tuple[str, ...]:
        """Return the columns that a text names exactly, or else those of which it is a part of a name.

        A part of a synonym alone names no column: a "dose" in general is not the dose of prednisone.
        """
        asked = normalised(text)
        if exact := self.columns.get(asked, ()):
            return exact
        parts = _once(name for key, names in self.columns.items() if _is_part(asked, key) for name in names)
        own = any(_is_part(asked, normalised(each)) for name in parts for each in (name, column_label(name)))
        return parts if own or len(parts) > 1 else ()


@cached
def lexicon(cohort: Cohort) -> Lexicon:
    """Return the words of a cohort."""
    kinds = filterable(cohort)
    held = {
        name: tuple(values_held(values_found(cohort, name), kind))
        for name, kind in kinds.items()
        if kind in (CHOICE, SETS)
    }
    values: defaultdict[str, list[Meaning]] = defaultdict(list)
    columns: defaultdict[str, list[str]] = defaultdict(list)
    for name in kinds:
        for word in _names(name):
            columns[word].append(name)
    for name, present in held.items():
        for word, value in _words_of_values(name, present, columns):
            values[word].append(Meaning(name, value))
    return Lexicon(
        kinds,
        held,
        {word: _once(each) for word, each in values.items()},
        {word: _once(each) for word, each in columns.items()},
    )


@cached
def suggestions(cohort: Cohort) -> dict[str, Meaning]:
    """Return what can be typed for each value, the shortest text that means this value alone; of yes and no, yes."""
    words = lexicon(cohort)
    return {
        _shortest(words, each): each
        for name, held in words.held.items()
        for flag in [_flag(held)]
        for each in words.all_of(name)
        if flag is None or flag[0] is None or each.value == flag[0]
    }


@cached
def limit_suggestions(cohort: Cohort) -> dict[str, str]:
    """Return what can be typed before a number for each column that has limits: "age>"."""
    words = lexicon(cohort)
    found = {}
    for name in words.kinds:
        if name not in words.held:
            known = known_column(name)
            label = mid_sentence(known.label if known else column_label(name))
            found[f"{quoted(label if words.columns_named(label) == (name,) else name)}>"] = name
    return found


def unit_factor(name: str, word: str) -> float | None:
    """Return what one of a unit is in the unit of a column; None if the word is none of its units."""
    known, asked = known_column(name), normalised(word)
    if known is None or not known.unit:
        return None
    factors = {known.unit: 1.0, **known.units}
    return next((each for unit, each in factors.items() if normalised(unit) in (asked, f"{asked}s")), None)


def quoted(text: str) -> str:
    """Return a text in quotes if it would be read as more than one word."""
    return f'"{text}"' if NEEDS_QUOTES.search(text) else text


def _shortest(words: Lexicon, meaning: Meaning) -> str:
    texts = (value_text(meaning.value), column_label(meaning.column))
    return next((quoted(text) for text in texts if words.exactly(text) == (meaning,)), meaning.typed())


def _is_part(asked: str, name: str) -> bool:
    """Return whether a text has the first letters of a name, or is one of its words."""
    return len(asked) >= SHORTEST_PREFIX and (name.startswith(asked) or f"_{asked}_" in f"_{name}_")


def _names(name: str) -> Iterator[str]:
    """Yield the normalised names of a column."""
    known = known_column(name)
    known_as = () if known is None else (known.label, known.name, *known.synonyms)
    yield from filter(None, dict.fromkeys(map(normalised, (name, column_label(name), *known_as))))


def _words_of_values(
    name: str, held: Sequence[object], columns: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, object]]:
    """Yield the normalised words that name a value of a column."""
    known = PATIENTS.get(name)
    flag = _flag(held)
    for value in held:
        words = [] if flag or isinstance(value, int | float) else [value_text(value)]
        if known is not None:
            words += [known.level_labels.get(str(value), ""), *known.spellings.get(str(value), ())]
        yield from ((word, value) for word in map(normalised, words) if word not in NO_NAME)
    if flag:
        yes, no = flag
        yield from ((word, yes) for word, names in columns.items() if name in names and yes is not None)
        lists = ((DEAD, yes), (ALIVE, no)) if name == "died" else ()
        yield from ((normalised(word), value) for list_, value in lists if value is not None for word in list_)


def _flag(held: Sequence[object]) -> tuple[object, object] | None:
    """Return the values for yes and no if a column holds no others; None for one that it does not hold."""
    found: list[object] = [None, None]
    for value in held:
        word = value_text(value).casefold()
        if word not in YES and word not in NO:
            return None
        found[word in NO] = value
    return found[0], found[1]


def _once(each: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(each))
