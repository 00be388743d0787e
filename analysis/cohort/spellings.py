"""Words of any column, in several languages, from the section [words] of `vocabulary.toml`.

They are compared without case and blanks; those of headings, of units and of visits also without accents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import TEXT, WORDS, sections
from analysis.cohort.vocabulary_entry import VocabularyError

LISTS = (
    *("yes", "no", "dead", "alive", "doubt", "other_way_round", "missing", "nothing_there", "ongoing", "no_organ"),
    *("involvement", "filling", "beside_names", "visit_names", "first_visit", "beside_times", "numbered_visit"),
    *("codebook_variable", "codebook_code", "codebook_label", "beside_levels"),
)
UNITS = ("days", "weeks", "months", "years")
KINDS = ("alone", "beside", "in_cells", "no_blank")


@dataclass(frozen=True)
class TimeWords:
    """The words for one unit of time, normalised.

    Attributes
    ----------
    alone
        A heading that is only one of these is a length of time.
    heading
        Those in a heading beside other words.
    in_cells
        Those behind a number in a cell.
    no_blank
        Those that a heading may end with, without a blank before them.
    """

    alone: frozenset[str]
    heading: frozenset[str]
    in_cells: frozenset[str]
    no_blank: frozenset[str]


@dataclass(frozen=True)
class Words:
    """The words of any column: lists by their name, units of time by unit, numbers by word, personal data by kind."""

    lists: Mapping[str, tuple[str, ...]]
    time: Mapping[str, TimeWords]
    numbers: Mapping[str, str]
    personal: Mapping[str, tuple[str, ...]]


def read_words(held: Mapping[str, Any]) -> Words:
    """Return the words of the section [words] of a vocabulary.

    Raises
    ------
    VocabularyError
        If a list is missing, unknown or no list of texts.
    """
    time, personal = held.get("time", {}), held.get("personal", {})
    numbers = held.get("numbers", {})
    _check("words", held, (*LISTS, "time", "numbers", "personal"), LISTS)
    _check("words.numbers", numbers, tuple(numbers), tuple(numbers))
    _check("words.time", time, UNITS, ())
    for unit in UNITS:
        _check(f"words.time.{unit}", time[unit], KINDS, KINDS)
    _check("words.personal", personal, tuple(personal), tuple(personal))
    return Words(
        {name: tuple(held[name]) for name in LISTS},
        {unit: _time_words(time[unit]) for unit in UNITS},
        {word: number for number, words in numbers.items() for word in words},
        {kind: tuple(map(normalised, names)) for kind, names in personal.items()},
    )


def _time_words(held: Mapping[str, list[str]]) -> TimeWords:
    alone, beside, in_cells, no_blank = (frozenset(map(normalised, held[kind])) for kind in KINDS)
    return TimeWords(alone, alone | beside, alone | beside | in_cells, no_blank)


def _check(where: str, held: Mapping[str, Any], names: tuple[str, ...], lists: tuple[str, ...]) -> None:
    if set(held) != set(names):
        raise VocabularyError(f"[{where}] must have {', '.join(names)}, not {', '.join(held)}.")
    for name in lists:
        words = held[name]
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise VocabularyError(f'[{where}]: {name} must be words in brackets, such as ["yes", "y"], not {words!r}.')


SPELLINGS = read_words(sections(TEXT)[WORDS])
LISTED = SPELLINGS.lists
# YES and NO are values of any flag, DEAD and ALIVE of the column for died.
YES, NO, DEAD, ALIVE = (LISTED[name] for name in ("yes", "no", "dead", "alive"))
