"""One entry of `vocabulary.toml`: its allowed keys, and the column that it describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from analysis.cohort.canonical_column import Better, Beyond, Column, Kind
from analysis.cohort.names import normalised
from analysis.cohort.response import AT_LEAST, AT_MOST, FALL, FALL_IN_PERCENT, RISE, KnownResponse, Response
from analysis.cohort.times import DAYS_PER_MONTH

MONTHS = {"days": 1 / DAYS_PER_MONTH, "weeks": 7 / DAYS_PER_MONTH, "years": 12.0}
YEARS = {"days": 1 / (12 * DAYS_PER_MONTH), "weeks": 7 / (12 * DAYS_PER_MONTH), "months": 1 / 12}
UNITS_OF_TIME = {"months": MONTHS, "years": YEARS}


class VocabularyError(ValueError):
    """An entry of the vocabulary is invalid; the message names it and says what is wrong."""


def column_of(where: str, name: str, entry: Mapping[str, Any]) -> Column:
    """Return the column that an entry describes.

    Parameters
    ----------
    where
        The heading of the entry, with which every message begins.
    name
        The name of the column.
    entry
        Its keys and values.

    Returns
    -------
    Column

    Raises
    ------
    VocabularyError
        If a key is unknown or missing, or a value is malformed or contradicts another.
    """
    for key, value in entry.items():
        if key not in FORMS:
            raise VocabularyError(f"{where}: {key} is not known. Known are {', '.join(FORMS)}.")
        words, fits = FORMS[key]
        if not fits(value):
            raise VocabularyError(f"{where}: {key} must be {words}, not {value!r}.")
    for key in ("label", "kind"):
        if key not in entry:
            raise VocabularyError(f"{where}: it has no {key}.")
    levels, unit = entry.get("levels", {}), entry.get("unit", "")
    low, high = entry.get("range", (None, None))
    column = Column(
        name,
        entry["label"],
        entry["kind"],
        unit,
        low,
        high,
        entry.get("beyond", "doubtful"),
        tuple(levels) if entry["kind"] == "category" else (),
        entry.get("others", False),
        entry.get("ordered", False),
        tuple(map(normalised, entry.get("synonyms", ()))),
        tuple(map(normalised, entry.get("loose", ()))),
        UNITS_OF_TIME.get(unit, {}) | {other: float(factor) for other, factor in entry.get("units", {}).items()},
        {other: tuple(words) for other, words in entry.get("unit_words", {}).items()},
        entry.get("unit_asked", False),
        tuple(entry["usual"]) if "usual" in entry else None,
        entry.get("test_strip", False),
        {level: tuple(words) for level, words in levels.items()},
        entry.get("level_labels", {}),
        frozenset(map(normalised, entry.get("beside", ()))),
        entry.get("better", ""),
        tuple(entry["normal"]) if "normal" in entry else None,
        entry.get("normal_source", ""),
        tuple(_known_response(where, each) for each in entry.get("response", ())),
        entry.get("scale", ""),
    )
    wrong = next(_contradictions(column, entry), "")
    if wrong:
        raise VocabularyError(f"{where}: {wrong}.")
    return column


def _contradictions(column: Column, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for each contradiction between the values of an entry."""
    if column.name != normalised(column.name):
        yield f'its name must be written as "{normalised(column.name)}"'
    if "" in column.synonyms:
        yield "a synonym has no letters"
    yield from _of_another_kind(column, entry)
    yield from _wrong_of_units(column)
    yield from _wrong_of_levels(column)
    yield from _wrong_of_responses(column)


def _of_another_kind(column: Column, entry: Mapping[str, Any]) -> Iterator[str]:
    lines_of = {
        "numbers": (OF_NUMBERS, ("number", "integer")),
        "categories": (OF_CATEGORIES, ("category",)),
        "categories and sets": (("levels",), ("category", "set")),
    }
    for kinds, (keys, allowed) in lines_of.items():
        if column.kind not in allowed:
            yield from (f"{key} is for {kinds}, and its kind is {column.kind}" for key in keys if key in entry)
    if column.kind == "set" and column.name != ORGANS:
        yield f"only {ORGANS} can be a set"


def _wrong_of_units(column: Column) -> Iterator[str]:
    if column.beyond != "doubtful" and column.high is None:
        yield "beyond needs a range"
    if column.usual is not None and not column.unit_asked:
        yield "usual is for a unit that is asked"
    if column.beyond == "asked" and not column.units:
        yield 'beyond = "asked" needs the other scales in units'
    if column.units and not column.unit:
        yield "units needs its own unit"
    if column.unit in column.units:
        yield f'its own unit "{column.unit}" is among the other units'
    for unit in column.unit_words:
        if unit not in (column.unit, *column.units):
            yield f'unit_words names "{unit}", which is none of its units'


def _wrong_of_levels(column: Column) -> Iterator[str]:
    for level in column.level_labels:
        if level not in column.levels:
            yield f'level_labels names "{level}", which is none of its levels'
    means = {level.casefold(): level for level in column.spellings}
    for level, words in column.spellings.items():
        for word in words:
            if means.setdefault(word.casefold(), level) != level:
                yield f'"{word}" stands for two levels, {means[word.casefold()]} and {level}'


def _wrong_of_responses(column: Column) -> Iterator[str]:
    if (column.normal is None) == bool(column.normal_source):
        yield "normal and normal_source stand together"
    if column.responses and not column.better:
        yield "response needs better"
    worse = {"lower": (RISE, AT_LEAST), "higher": (FALL, FALL_IN_PERCENT, AT_MOST)}.get(column.better, ())
    for known in column.responses:
        if known.response.kind in worse:
            yield f'a response "{known.response.kind}" is none where a {column.better} value is better'


def _known_response(where: str, told: Mapping[str, Any]) -> KnownResponse:
    try:
        return KnownResponse(Response(told["kind"], float(told["amount"])), told["source"])
    except ValueError as error:
        raise VocabularyError(f"{where}: {error}") from None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_range(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_factors(value: object) -> bool:
    return isinstance(value, dict) and all(_is_number(each) and each > 0 for each in value.values())


def _are_lists(value: object) -> bool:
    return isinstance(value, dict) and all(map(_are_texts, value.values()))


def _are_labels(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _are_responses(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and set(each) == {"kind", "amount", "source"}
        and _is_number(each["amount"])
        and _is_text(each["source"])
        for each in value
    )


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_one_of(*choices: str) -> tuple[str, Callable[[object], bool]]:
    return f"one of {', '.join(choices)}", lambda value: value in choices


TEXTS = ('names in brackets, such as ["Ferritin", "Serum ferritin"]', _are_texts)
FLAG = ("true or false", _is_flag)
# The allowed keys of an entry; for each, the form of its value in words and as a test.
FORMS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "label": ("a text in quotes", _is_text),
    "kind": _is_one_of(*get_args(Kind)),
    "unit": ("a text in quotes", _is_text),
    "range": ("two numbers, the lower first, such as [0, 40]", _is_range),
    "beyond": _is_one_of(*get_args(Beyond)),
    "synonyms": TEXTS,
    "beside": TEXTS,
    "loose": TEXTS,
    "shares_with": ('names of entries in brackets, such as ["follow_up_months"]', _are_texts),
    "units": ('other units and what one of them is in its own, such as { "mg/dL" = 0.01 }', _are_factors),
    "unit_words": ('units and other words for each, such as { "mg/mmol" = ["g/mol"] }', _are_lists),
    "unit_asked": FLAG,
    "usual": ("two numbers, the lower first, such as [0.02, 20]", _is_range),
    "test_strip": FLAG,
    "levels": ('levels and other words for each, such as { female = ["f", "woman"] }', _are_lists),
    "level_labels": ('levels and what they stand for, such as { BM = "bone marrow" }', _are_labels),
    "ordered": FLAG,
    "others": FLAG,
    "better": _is_one_of(*get_args(Better)),
    "normal": ("two numbers, the lower first, such as [35, 52]", _is_range),
    "normal_source": ("a text in quotes", _is_text),
    "response": ('responses in brackets, such as [{ kind = "fall", amount = 4, source = "..." }]', _are_responses),
    "scale": _is_one_of("log"),
}
OF_NUMBERS = (
    *("unit", "range", "beyond", "units", "unit_words", "unit_asked", "usual", "test_strip"),
    *("better", "normal", "normal_source", "response", "scale"),
)
OF_CATEGORIES = ("level_labels", "ordered", "others")
ORGANS = "organs"
