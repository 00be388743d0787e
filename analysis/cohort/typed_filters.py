"""Filters typed in words: "uc renal -skin <30 f"."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cohort.conditions import Condition
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.cohort.typed_conditions import RefusedError, condition
from analysis.cohort.typed_reading import listed, read
from analysis.cohort.typed_words import lexicon


@dataclass(frozen=True)
class TypedFilters:
    """What a typed text asks for.

    Attributes
    ----------
    filters
        The filters that it names, in their order.
    unknown
        The words that name nothing in this cohort.
    unclear
        Words that can mean several things, each with what to type for one of them.
    refused
        What is understood and cannot be asked, in sentences.
    """

    filters: Filters
    unknown: tuple[str, ...] = ()
    unclear: tuple[tuple[str, tuple[str, ...]], ...] = ()
    refused: tuple[str, ...] = ()

    def told(self) -> str:
        """Return in one line what was not asked, and why; "" if all was."""
        unknown = [f"Not known here: {', '.join(self.unknown)}."] if self.unknown else []
        unclear = [f"{word} can be {listed(meanings)}." for word, meanings in self.unclear]
        return " ".join([*unknown, *unclear, *self.refused])


def typed_filters(cohort: Cohort, text: str) -> TypedFilters:
    """Return the filters that a text names, and what in it cannot be used.

    A word is a value of any column: its name, a synonym of the vocabulary, or the first letters of one. "-" or "no"
    before it excludes it. Several values of one column are alternatives; organs with "and" between them must all be
    there. "<30", ">=30" and "30-40" limit the age, or the column whose name stands before, as in "sledai>10". A word
    that can mean more than one thing means nothing until the column stands before it, as in "sex:f".

    Parameters
    ----------
    cohort
        The whole cohort.
    text
        As typed.

    Returns
    -------
    TypedFilters

    Examples
    --------
    >>> from analysis import load_sample, typed_filters
    >>> typed = typed_filters(load_sample(), "uc renal -skin <30 f")
    >>> typed.filters.words()
    ['MSC source UC', 'Organ involvement renal, without skin', 'Age 18 to 29 years', 'Sex female']
    >>> typed_filters(load_sample(), "umbilical cord, foo").told()
    'Not known here: foo.'
    """
    words = lexicon(cohort)
    found = read(words, text)
    conditions: dict[str, Condition] = {}
    refused = found.refused
    for name, asked in found.asked.items():
        try:
            conditions[name] = condition(cohort, words, name, asked)
        except RefusedError as reason:
            refused.append(str(reason))
    sentences = (f"{each[:1].upper()}{each[1:]}" for each in dict.fromkeys(refused))
    unknown = tuple(dict.fromkeys(found.unknown))
    return TypedFilters(Filters(conditions), unknown, tuple(found.unclear.items()), tuple(sentences))
