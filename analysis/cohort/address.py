"""A question as query parameters of a page's address, and back: what is asked, never the data.

"Words" are query parameters: a key, and its values as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import TypeVar
from urllib.parse import parse_qs, urlencode

import pandas as pd

from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.conditions import AllOf, AnyOf, Between, BetweenDates, Condition, NoneOf, OneOf, SetOf
from analysis.cohort.filter_columns import values_found
from analysis.cohort.filters import PATIENT_ID, Filters
from analysis.cohort.measures import CHOICE, DAYS, SETS, filterable, values_held
from analysis.cohort.model import Cohort
from analysis.cohort.question import ELSE, MEDIAN, NUMBER, PINNED, TERTILES, Pin, Question, cut_points, pin_names
from analysis.cohort.vocabulary import BASELINE_SLEDAI
from analysis.cohort.wording import value_text

Words = dict[str, list[str]]
Limit = TypeVar("Limit", float, date)

WHO = "who"
# The columns filtered most often have a short key; the key of any other is "f." and its name.
SHORT = {
    PATIENT_ID: WHO,
    "msc_source": "source",
    "organs": "organ",
    "sex": "sex",
    "age_years": "age",
    BASELINE_SLEDAI: BASELINE_SLEDAI,
}
MARK = "f."
TO = ".."
CHOSEN_ELSEWHERE = "(patients chosen in another file)"
KEEP_MISSING, EVERYBODY, REST = "keep", "all", "rest"
UNNAMED = " "  # no name that can be typed: a pinned cohort named by its filters
# How several organs combine; without the key, any of them is enough.
HOW: dict[str, type[OneOf]] = {"all": AllOf, "none": NoneOf}
WORD_OF: dict[type, str] = {kind: how for how, kind in HOW.items()}
# The keys that are not filters.
ORGANS, WITHOUT, MISSING, COMPARE, CUT, PIN, NAMES, AGAINST = (
    *("organs", "without", "missing", "compare", "cut", "pin", "names", "against"),
)
OTHERS = (ORGANS, WITHOUT, MISSING, COMPARE, CUT, PIN, NAMES, AGAINST)


def is_question_word(key: str) -> bool:
    """Return whether a key of the address belongs to the question."""
    return key in OTHERS or key in SHORT.values() or key.startswith(MARK)


def question_words(question: Question) -> Words:
    """Return a question as query parameters; defaults are left out.

    Returns
    -------
    dict
        Key to values, the filters in the order in which they were chosen.

    Examples
    --------
    >>> from analysis import Between, Filters
    >>> question_words(Question(Filters({"age_years": Between(18, 40)}), compare="msc_source"))
    {'age': ['18..40'], 'compare': ['msc_source']}
    """
    words = filter_words(question.filters)
    if question.compare:
        words[COMPARE] = [question.compare]
    if question.compare.startswith(NUMBER) and (question.cut == TERTILES or cut_points(question.cut)):
        words[CUT] = [question.cut]
    if question.pin:
        words[PIN] = [urlencode(filter_words(question.pin.filters), doseq=True) or EVERYBODY]
        if question.pin.names != Pin.names:
            words[NAMES] = [name or UNNAMED for name in question.pin.names]
        if question.pin.rest:
            words[AGAINST] = [REST]
    return words


def filter_words(filters: Filters) -> Words:
    """Return filters as query parameters, in their order."""
    words: Words = {}
    for name, condition in filters.conditions.items():
        words[SHORT.get(name, MARK + name)] = _condition_words(condition)
        if type(condition) in WORD_OF:
            words[ORGANS] = [WORD_OF[type(condition)]]
        if isinstance(condition, SetOf) and condition.without:
            words[WITHOUT] = [value_text(value) for value in condition.without]
    if filters.keeps_missing:
        words[MISSING] = [KEEP_MISSING]
    return words


def read_question(words: Mapping[str, Sequence[str]], cohort: Cohort, options: Sequence[str]) -> tuple[Question, Words]:
    """Return the question that query parameters ask of a cohort, and the parameters that it cannot use.

    Parameters
    ----------
    words
        As made by `question_words`; they may come from another cohort, an older version or a person.
    cohort
        The whole cohort.
    options
        What the cohort can be compared by; see `analysis.cohort.question.comparisons`.

    Returns
    -------
    tuple
        The question, and the parameters with an unknown column, value or option.
    """
    filters, stale = read_filters(words, cohort)
    pin, lost = _read_pin(words, cohort)
    stale |= lost
    compare = _first(words, COMPARE)
    held = {ELSE: bool(filters), PINNED: pin is not None}.get(compare, compare in options)
    if compare and not held:
        stale[COMPARE] = [compare]
        compare = ""
    cut = _first(words, CUT) or MEDIAN
    if cut not in (MEDIAN, TERTILES) and not cut_points(cut):
        stale[CUT] = [cut]
        cut = MEDIAN
    return Question(filters, compare, cut, pin), stale


def read_filters(words: Mapping[str, Sequence[str]], cohort: Cohort) -> tuple[Filters, Words]:
    """Return the filters among query parameters, and the parameters that the cohort cannot use."""
    kinds = filterable(cohort)
    columns = {word: name for name, word in SHORT.items()}
    stale: Words = {}
    conditions: dict[str, Condition] = {}
    for word, texts in words.items():
        if word in OTHERS or not is_question_word(word):
            continue
        name = columns.get(word, word.removeprefix(MARK))
        if word == WHO:
            chosen = ChosenPatients.read(texts, cohort)
            if chosen is None:
                stale[word] = [CHOSEN_ELSEWHERE]
            else:
                conditions[name] = chosen
            continue
        if name not in kinds:
            stale[word] = list(texts)
            continue
        condition, unknown = _read_condition(values_found(cohort, name), kinds[name], texts, words)
        if condition is not None:
            conditions[name] = condition
        if unknown:
            stale[word] = unknown
    if unused := _unused_without(words, conditions):
        stale[WITHOUT] = unused
    filters = Filters(conditions)
    return filters.keeping_missing(True) if _first(words, MISSING) == KEEP_MISSING else filters, stale


def _unused_without(words: Mapping[str, Sequence[str]], conditions: Mapping[str, Condition]) -> list[str]:
    """Return the values to be without that no condition has taken."""
    taken = [value_text(each) for held in conditions.values() if isinstance(held, SetOf) for each in held.without]
    return [text for text in words.get(WITHOUT, ()) if text not in taken]


def _condition_words(condition: Condition) -> list[str]:
    if isinstance(condition, ChosenPatients):
        return condition.texts()
    if isinstance(condition, OneOf):
        return [value_text(value) for value in condition.values]
    if isinstance(condition, BetweenDates):
        return [f"{condition.low.isoformat()}{TO}{condition.high.isoformat()}"]
    return [f"{value_text(float(condition.low))}{TO}{value_text(float(condition.high))}"]


def _read_condition(
    column: pd.Series, kind: str, texts: Sequence[str], words: Mapping[str, Sequence[str]]
) -> tuple[Condition | None, list[str]]:
    """Return the condition (None if no value is usable), and the values that the column does not have."""
    if kind in (CHOICE, SETS):
        known, unknown = _known(texts, column, kind)
        how: type[OneOf] = OneOf if kind == CHOICE else HOW.get(_first(words, ORGANS), AnyOf)
        if issubclass(how, SetOf):
            without, _ = _known(words.get(WITHOUT, ()), column, kind)
            return (how(*known, without=tuple(without)) if known else None), unknown
        return (how(*known) if known else None), unknown
    if kind == DAYS:
        days = _read_limits(texts, date.fromisoformat)
        return (BetweenDates(*days), []) if days else (None, list(texts))
    numbers = _read_limits(texts, float)
    if numbers is None or not all(map(isfinite, numbers)) or not column.between(*numbers).any():
        return None, list(texts)
    return Between(*numbers), []


def _known(texts: Sequence[str], column: pd.Series, kind: str) -> tuple[list[object], list[str]]:
    """Return the values that these texts stand for, and the texts of no value of the column."""
    values = {value_text(value): value for value in values_held(column, kind)}
    return [values[text] for text in texts if text in values], [text for text in texts if text not in values]


def _read_limits(texts: Sequence[str], read: Callable[[str], Limit]) -> tuple[Limit, Limit] | None:
    """Return the lower and upper limit; None if they cannot be read or are reversed."""
    low, mark, high = texts[0].partition(TO) if len(texts) == 1 else ("", "", "")
    try:
        limits = (read(low), read(high)) if mark else None
    except ValueError:
        return None
    return limits if limits and limits[0] <= limits[1] else None


def _read_pin(words: Mapping[str, Sequence[str]], cohort: Cohort) -> tuple[Pin | None, Words]:
    text = _first(words, PIN)
    if not text:
        return None, {}
    asked = {} if text == EVERYBODY else parse_qs(text)
    filters, stale = read_filters(asked, cohort)
    if stale or (text != EVERYBODY and not filters):
        return None, {PIN: [text]}
    return Pin(filters, pin_names(words.get(NAMES, [])), _first(words, AGAINST) == REST), {}


def _first(words: Mapping[str, Sequence[str]], key: str) -> str:
    return next(iter(words.get(key, [])), "")
