"""The patients and groups that a question asks of a centre, whichever values its patients have.

On a page only what the cohort at hand can answer is offered: a column with one value is no comparison, and three
distinct ages are a choice and no range. Of several centres the same words mean the same in each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import TypeVar

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.address import (
    COMPARE,
    CUT,
    HOW,
    KEEP_MISSING,
    MARK,
    MISSING,
    ORGANS,
    OTHERS,
    PIN,
    SHORT,
    TO,
    WHO,
    WITHOUT,
    is_question_word,
)
from analysis.cohort.column_words import column_label
from analysis.cohort.conditions import AnyOf, Between, BetweenDates, Condition, OneOf, SetOf
from analysis.cohort.filter_columns import is_days, values_found
from analysis.cohort.filters import Filters
from analysis.cohort.grouping import By, Cut, Grouping
from analysis.cohort.measures import OUTCOMES
from analysis.cohort.model import Cohort
from analysis.cohort.question import ELSE, NUMBER, ORGAN, PINNED, cut_points
from analysis.cohort.vocabulary import BASELINE, PATIENTS
from analysis.cohort.wording import value_text

CENTRE = "centre"  # the comparison between centres; the column of this name stays at home
ROWS_STAY = "Of these patients only counts are here; their rows are with their centres."
Words = Mapping[str, Sequence[str]]
Limit = TypeVar("Limit", float, date)


def check_words(words: Words) -> None:
    """Raise a ValueError if words ask for what several centres cannot be asked for.

    Parameters
    ----------
    words
        Filters and comparison as in the address of a page.
    """
    unknown = [key for key in words if not is_question_word(key)]
    if unknown:
        raise ValueError(f"A question has no {', '.join(unknown)}.")
    if WHO in words:
        raise ValueError("Patients who were chosen one by one are of one centre; filter by a column instead.")
    compare = _first(words, COMPARE)
    if compare in (PINNED, ELSE) or PIN in words:
        raise ValueError("Centres are asked by a column or by cut points, not by pinned cohorts.")
    if compare == CENTRE:
        raise ValueError("Centres are compared with each other in any question; compare by another column.")
    if compare.startswith(NUMBER) and not cut_points(_first(words, CUT)):
        raise ValueError(
            "The median of each centre would be another one: cut the number at values that all centres share."
        )
    if compare and not compare.startswith((NUMBER, ORGAN)) and not _can_travel(compare):
        raise ValueError(
            f"Patients of several centres are compared by a column that every centre knows, not by {compare}."
        )


def _can_travel(column: str) -> bool:
    known = PATIENTS.get(column)
    return known is not None and known.kind in ("category", "boolean") and column not in OUTCOMES


def read_filters(words: Words, cohort: Cohort) -> Filters:
    """Return the filters among the words of a question.

    Parameters
    ----------
    words
        As `check_words` takes them. A value that no patient of this cohort has is looked for all the same.
    cohort
        All patients of a centre.

    Raises
    ------
    ValueError
        If the cohort lacks a column, or its values are of another kind than those asked for.

    Examples
    --------
    >>> from analysis import load_sample
    >>> read_filters({"source": ["UC", "AM"], "age": ["18..40"]}, load_sample()).words()
    ['MSC source UC or AM', 'Age 18 to 40 years']
    """
    columns = {word: name for name, word in SHORT.items()}
    conditions: dict[str, Condition] = {}
    for word, texts in words.items():
        if word not in OTHERS:
            name = columns.get(word, word.removeprefix(MARK))
            try:
                column = values_found(cohort, name)
            except ValueError as error:
                raise ValueError(f"This cohort has no {name}, by which the question filters.") from error
            condition = _condition(column, name, texts, words)
            if condition is None:
                raise ValueError(f"The question filters {name} by {', '.join(texts)}, which fits no value of it.")
            conditions[name] = condition
    filters = Filters(conditions)
    return filters.keeping_missing(True) if _first(words, MISSING) == KEEP_MISSING else filters


def _condition(column: pd.Series, name: str, texts: Sequence[str], words: Words) -> Condition | None:
    if name in PATIENTS and PATIENTS[name].kind == "set":
        how = HOW.get(_first(words, ORGANS), AnyOf)
        return how(*texts, without=tuple(words.get(WITHOUT, ()))) if issubclass(how, SetOf) else how(*texts)
    if is_days(column):
        days = _limits(texts, date.fromisoformat)
        return BetweenDates(*days) if days else None
    if is_numeric_dtype(column) and not is_bool_dtype(column):
        limits = _limits(texts, float)
        if limits and all(map(isfinite, limits)):
            return Between(*limits)
    values = {value_text(value): value for value in column.dropna().unique().tolist()}
    # A text of no value here passes nobody, as it should.
    return OneOf(*(values.get(text, text) for text in texts)) if texts else None


def _limits(texts: Sequence[str], read: Callable[[str], Limit]) -> tuple[Limit, Limit] | None:
    low, mark, high = texts[0].partition(TO) if len(texts) == 1 else ("", "", "")
    try:
        limits = (read(low), read(high)) if mark else None
    except ValueError:
        return None
    return limits if limits and limits[0] <= limits[1] else None


def filters_told(words: Words) -> tuple[str, ...]:
    """Return the filters among the words of a question as a reader may see them.

    Examples
    --------
    >>> filters_told({"source": ["UC", "AM"], "age": ["18..40"], "without": ["renal"], "compare": ["sex"]})
    ('MSC source UC or AM', 'Age 18 to 40', 'without renal')
    """
    columns = {word: name for name, word in SHORT.items()}
    told = [
        f"{column_label(columns.get(word, word.removeprefix(MARK)))} {' or '.join(texts).replace(TO, ' to ')}"
        for word, texts in words.items()
        if word not in OTHERS
    ]
    return (*told, *([f"without {' or '.join(words[WITHOUT])}"] if words.get(WITHOUT) else []))


def asked_groups(words: Words) -> By | None:
    """Return the groups among the words of a question; None without a comparison.

    Examples
    --------
    >>> asked_groups({"compare": ["number:age_years"], "cut": ["30, 45"]})
    Cut(column='age_years', at=(30.0, 45.0))
    """
    compare = _first(words, COMPARE)
    if compare.startswith(ORGAN):
        return Grouping(compare.removeprefix(ORGAN))
    if compare.startswith(NUMBER):
        return Cut(compare.removeprefix(NUMBER), cut_points(_first(words, CUT)))
    return compare or None


def read_groups(words: Words, cohort: Cohort) -> By | None:
    """Return the groups of a cohort that the words of a question ask for; None without a comparison.

    Raises
    ------
    ValueError
        If the cohort lacks the column.
    """
    by = asked_groups(words)
    if by is not None:
        column = "organs" if isinstance(by, Grouping) else by.column if isinstance(by, Cut) else str(by)
        measure = column.removeprefix(BASELINE)
        if column not in cohort.patient_columns and (measure == column or measure not in cohort.visit_columns):
            raise ValueError(f"This cohort has no {column}, by which the question compares.")
    return by


def _first(words: Words, key: str) -> str:
    return next(iter(words.get(key, [])), "")
