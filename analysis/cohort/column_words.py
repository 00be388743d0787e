"""The words for a column on the screen and in sentences: its label, unit, range and kind of value."""

from __future__ import annotations

from analysis.cohort.canonical_column import Column
from analysis.cohort.response import AT_LEAST, AT_MOST, FALL, FALL_IN_PERCENT, RISE, KnownResponse, Response
from analysis.cohort.vocabulary import BASELINE, PATIENTS, VISITS


def column_label(name: str) -> str:
    """Return the label of a canonical column; of any other, its name with blanks instead of underscores.

    Examples
    --------
    >>> column_label("follow_up_months"), column_label("baseline_sledai"), column_label("eye_colour")
    ('Follow-up', 'Baseline SLEDAI', 'eye colour')
    """
    known = known_column(name)
    if known is None:
        return name.replace("_", " ")
    return known.label if known.name == name else f"Baseline {mid_sentence(known.label)}"


def measure_words(name: str) -> str:
    """Return the label of a column in mid-sentence: "albumin", "SLEDAI"; a name from a file keeps its capitals."""
    return mid_sentence(column_label(name)) if known_column(name) else column_label(name)


def unit_words(name: str) -> str:
    """Return the unit to print after a value of a canonical column; "" for a scale such as 0-3."""
    known = known_column(name)
    return known.unit if known and known.beyond != "asked" else ""


def in_unit(name: str) -> str:
    """Return the label of a column in mid-sentence with its unit: "albumin in g/L"."""
    unit = unit_words(name)
    return f"{measure_words(name)} in {unit}" if unit else measure_words(name)


def column_unit(name: str) -> str:
    """Return the unit of a canonical column, or ""."""
    known = known_column(name)
    return known.unit if known else ""


def known_column(name: str) -> Column | None:
    """Return the canonical column of this name; of a baseline column, its visit measure."""
    return {**VISITS, **PATIENTS}.get(name) or VISITS.get(name.removeprefix(BASELINE))


def normal_range(name: str) -> tuple[str, float, float] | None:
    """Return the normal range of a visit measure: in words with its source, lowest and highest; None if none is known.

    Examples
    --------
    >>> normal_range("albumin_g_per_l")
    ('normal (Dati et al. 1996)', 35, 52)
    """
    column = VISITS.get(name)
    if column is None or column.normal is None:
        return None
    return f"normal ({column.normal_source})", *column.normal


def known_responses(name: str) -> tuple[KnownResponse, ...]:
    """Return what counts as a response of a visit measure, the most usual first; none if that is not known."""
    return VISITS[name].responses if name in VISITS else ()


def amount_words(response: Response, name: str) -> str:
    """Return the amount of a response with its unit: "4 points", "50 %"."""
    return f"{response.amount:g} {'%' if response.in_percent else unit_words(name)}".rstrip()


def response_words(response: Response, name: str) -> str:
    """Return a response of a measure in words, within a sentence.

    Examples
    --------
    >>> response_words(Response("fall", 4), "sledai"), response_words(Response("fall in percent", 50), "pga")
    ('a fall of SLEDAI by 4 points or more', 'a fall of physician global assessment by 50 % or more')
    >>> response_words(Response("at least", 35), "albumin_g_per_l")
    'albumin of at least 35 g/L'
    """
    measure, amount = measure_words(name), amount_words(response, name)
    return {
        FALL: f"a fall of {measure} by {amount} or more",
        FALL_IN_PERCENT: f"a fall of {measure} by {amount} or more",
        RISE: f"a rise of {measure} by {amount} or more",
        AT_MOST: f"{measure} of at most {amount}",
        AT_LEAST: f"{measure} of at least {amount}",
    }[response.kind]


def limits_words(column: Column, unit: str = "") -> str:
    """Return the range of a column in one of its units: "0 to 105 points", or "0 to 10" for a scale."""
    factor = column.units.get(unit, 1.0)
    low, high = ((limit if limit is None else limit / factor) for limit in (column.low, column.high))
    scale = column.beyond == "asked"
    return f"{_limit(low)} to {_limit(high)} {'' if scale else unit or column.unit}".rstrip()


def _limit(value: float | None) -> str:
    return "any number" if value is None else f"{value:g}"


def value_words(column: Column) -> str:
    """Return the unit of a column; without one its levels, or else the form of its values."""
    written = {
        "text": "text",
        "number": "number",
        "integer": "whole number",
        "boolean": "0 or 1",
        "category": "text",
        "set": "names divided by ;",
        "date": "year-month-day",
    }
    levels = ", ".join(column.levels) + (" or other" if column.others else "")
    return column.unit or (levels if column.levels else written[column.kind])


def mid_sentence(words: str) -> str:
    """Return words with a lower-case first letter, unless they begin with an abbreviation such as SLEDAI."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
