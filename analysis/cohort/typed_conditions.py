"""What was typed of one column, as a condition on it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import ceil, floor

import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.conditions import AllOf, AnyOf, Between, BetweenDates, Condition, OneOf, of_sets
from analysis.cohort.filter_columns import days, number_range, values_found
from analysis.cohort.measures import DAYS, RANGE, SETS
from analysis.cohort.model import Cohort
from analysis.cohort.typed_reading import Asked, Limit, listed
from analysis.cohort.typed_words import Lexicon, Meaning

HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip


class RefusedError(ValueError):
    """It is asked of nobody, contradicts itself, or does not suit the column; the message says it."""


def condition(cohort: Cohort, words: Lexicon, name: str, asked: Asked) -> Condition:
    """Return the condition that was typed of a column.

    The filter of a range includes both of its ends. A limit that is not included, such as <30, is therefore the next
    whole number or, where there are decimals, the next number that any patient has.

    Raises
    ------
    RefusedError
        If there is none.
    """
    both = [Meaning(name, value).value_typed() for value in asked.values if value in asked.without]
    if both:
        raise RefusedError(f"{listed(both)} is asked for and excluded.")
    kind = words.kinds[name]
    if kind == SETS:
        return _sets(name, asked)
    column = values_found(cohort, name)
    if kind == DAYS:
        return _days(name, days(column).dropna(), asked.limits)
    if kind == RANGE:
        return _numbers(name, column.dropna().astype(float), asked.limits, number_range(cohort, name))
    return _choice(name, words.held[name], asked)


def _sets(name: str, asked: Asked) -> Condition:
    if {"and", "or"} <= asked.joined:
        raise RefusedError(f"{column_label(name)}: all of several values, or any of them, but not both at once.")
    found = of_sets(AllOf if "and" in asked.joined else AnyOf, asked.values, asked.without)
    if found is None:
        raise RefusedError(f"{_said(name, asked.limits)}: it is no number.")
    return found


def _choice(name: str, held: Sequence[object], asked: Asked) -> OneOf:
    kept = [each for each in held if each not in asked.without and (each in asked.values or not asked.values)]
    for limit in asked.limits:
        number = _number(name, limit)
        kept = [each for each in kept if isinstance(each, int | float) and HOLDS[limit.sign](float(each), number)]
    if not kept:
        values = listed([Meaning(name, each).value_typed() for each in held])
        raise RefusedError(f"{_said(name, asked.limits)}: nobody here; it is {values}.")
    return OneOf(*kept)


def _numbers(name: str, values: pd.Series, limits: Sequence[Limit], ends: tuple[float, float, float]) -> Between:
    low, high, step = ends
    for each in limits:
        number = _number(name, each)
        above = floor(number) + 1.0 if step == 1 else float(values[values > number].min())
        below = ceil(number) - 1.0 if step == 1 else float(values[values < number].max())
        if each.sign != "<" and each.sign != "<=":
            low = max(low, above if each.sign == ">" else number)
        if each.sign != ">" and each.sign != ">=":
            high = min(high, below if each.sign == "<" else number)
    if not values.between(low, high).any():
        unit = f" {column_unit(name)}".rstrip()
        raise RefusedError(f"{_said(name, limits)}: nobody here; it is {ends[0]:g} to {ends[1]:g}{unit}.")
    return Between(low, high)


def _days(name: str, values: pd.Series, limits: Sequence[Limit]) -> BetweenDates:
    low, high = ends = values.min().date(), values.max().date()
    for each in limits:
        first, last = _span(name, each)
        if each.sign != "<" and each.sign != "<=":
            low = max(low, last + timedelta(days=1) if each.sign == ">" else first)
        if each.sign != ">" and each.sign != ">=":
            high = min(high, first - timedelta(days=1) if each.sign == "<" else last)
    if not values.between(pd.Timestamp(low), pd.Timestamp(high)).any():
        raise RefusedError(f"{_said(name, limits)}: nobody here; it is {ends[0]} to {ends[1]}.")
    return BetweenDates(low, high)


def _number(name: str, limit: Limit) -> float:
    try:
        return float(limit.text) * limit.factor
    except ValueError:
        raise RefusedError(f"{_said(name, [limit])}: it is a number, not a day.") from None


def _span(name: str, limit: Limit) -> tuple[date, date]:
    """Return the first and last day of a year, or a day twice."""
    try:
        if len(limit.text) == 4:
            return date(int(limit.text), 1, 1), date(int(limit.text), 12, 31)
        day = date.fromisoformat(limit.text)
    except ValueError:
        raise RefusedError(f"{_said(name, [limit])}: it is a date, such as 2019 or 2019-03-31.") from None
    return day, day


def _said(name: str, limits: Sequence[Limit]) -> str:
    return " ".join([column_label(name), " and ".join(f"{each.sign}{each.text}" for each in limits)]).rstrip()
