"""The name of a group that filters select, short enough for a figure: "UC, no renal, women under 30"."""

from __future__ import annotations

from math import floor
from textwrap import shorten

from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.column_words import measure_words, unit_words
from analysis.cohort.conditions import AllOf, Between, Condition, NoneOf, OneOf, SetOf
from analysis.cohort.filter_columns import number_range
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line
from analysis.cohort.wording import count_words, value_text

ALL_PATIENTS = "all patients"
EVERYBODY_ELSE = "everybody else"
TAKEN = ("All", ALL_PATIENTS, EVERYBODY_ELSE)  # names that mean something else
LONGEST = 48  # letters of a name; more conditions are counted, and told in full in the caption
MOST_VALUES = 3  # of a column; more are counted
AGE, SEX, SOURCE = "age_years", "sex", "msc_source"
PEOPLE = {"female": "women", "male": "men"}


def filters_name(filters: Filters, whole: Cohort) -> str:
    """Return the name of the patients whom filters select.

    Parameters
    ----------
    filters
        The filters.
    whole
        The whole cohort, whose lowest and highest values are no limits.

    Examples
    --------
    >>> from analysis import Between, Filters, NoneOf, OneOf, load_sample
    >>> young = {"organs": NoneOf("renal"), "sex": OneOf("female"), "age_years": Between(18, 29)}
    >>> filters_name(Filters({"msc_source": OneOf("UC"), **young}), load_sample())
    'UC, no renal, women under 30'
    """
    rest = dict(filters.conditions)
    who = {name: rest.pop(name) for name in (SEX, AGE) if name in rest}
    parts = [_part(name, condition, whole) for name, condition in rest.items()]
    parts += [_people(who, whole, alone=not rest)] if who else []
    name = one_line(_joined(parts)) or ALL_PATIENTS
    return f'"{name}"' if filters and name in TAKEN else name


def _joined(parts: list[str]) -> str:
    """Return as many parts as fit, and how many more there are."""
    kept = parts[:1]
    while len(kept) < len(parts) and len(", ".join(parts[: len(kept) + 1])) <= LONGEST:
        kept.append(parts[len(kept)])
    more = len(parts) - len(kept)
    name = shorten(", ".join(kept), LONGEST, placeholder="…") or f"{kept[0][:LONGEST]}…" if kept else ""
    return f"{name} and {count_words(more, 'more condition')}" if more else name


def _part(name: str, condition: Condition, whole: Cohort) -> str:
    if isinstance(condition, ChosenPatients):
        return condition.reason or condition.words()
    missing = " or not recorded" if condition.keep_missing else ""
    if not isinstance(condition, OneOf):
        words = _range(name, condition, whole) if isinstance(condition, Between) else condition.words()
        return f"{measure_words(name)} {words}{missing}"
    if isinstance(condition, NoneOf):
        return f"no {_values(name, condition.values, ' or ')}{missing}"
    if isinstance(condition, SetOf):
        held = _values(name, condition.values, " and " if isinstance(condition, AllOf) else " or ")
        without = f", no {_values(name, condition.without, ' or ')}" if condition.without else ""
        return f"{held}{without}{missing}"
    values = _values(name, condition.values, " or ")
    return f"{values if name == SOURCE or not _few(condition.values) else f'{measure_words(name)} {values}'}{missing}"


def _few(values: tuple[object, ...]) -> bool:
    return len(values) <= MOST_VALUES


def _values(name: str, values: tuple[object, ...], between: str) -> str:
    """Return a few values, or how many there are."""
    return between.join(map(value_text, values)) if _few(values) else f"{len(values)} values of {measure_words(name)}"


def _people(who: dict[str, Condition], whole: Cohort, *, alone: bool) -> str:
    """Return sex and age in one: "women under 30"; without sex "under 30", or alone "patients under 30"."""
    sex, age = who.get(SEX), who.get(AGE)
    people = PEOPLE.get(str(sex.values[0]), "") if isinstance(sex, OneOf) and len(sex.values) == 1 else ""
    if (sex and not people) or (age and not isinstance(age, Between)):
        return ", ".join(_part(name, condition, whole) for name, condition in who.items())
    missing = " or not recorded" if any(condition.keep_missing for condition in who.values()) else ""
    words = [people or ("patients" if alone else ""), _age(age, whole) if isinstance(age, Between) else ""]
    return f"{' '.join(filter(None, words))}{missing}"


def _age(age: Between, whole: Cohort) -> str:
    low, high, step = number_range(whole, AGE)
    if age.low <= low and age.high < high:
        return f"under {floor(age.high) + 1}" if step == 1 else f"up to {age.high:g}"
    if age.low > low and age.high >= high:
        return f"{age.low:g} or older"
    return f"{age.low:g} to {age.high:g}"


def _range(name: str, limits: Between, whole: Cohort) -> str:
    low, high, _ = number_range(whole, name)
    words = f"{limits.low:g} to {limits.high:g}"
    if limits.low <= low and limits.high < high:
        words = f"at most {limits.high:g}"
    elif limits.low > low and limits.high >= high:
        words = f"at least {limits.low:g}"
    return f"{words} {unit_words(name)}".rstrip()
