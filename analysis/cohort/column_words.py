"""The words for a column on the screen and in sentences: its label, its unit, its limits, what it holds."""

from __future__ import annotations

from analysis.cohort.canonical_column import Column
from analysis.cohort.vocabulary import BASELINE, PATIENTS, VISITS


def column_label(name: str) -> str:
    """Return the words for a column: its label, or the name with blanks where it is not canonical."""
    known = _known(name)
    if known is None:
        return name.replace("_", " ")
    return known.label if known.name == name else f"Baseline {mid_sentence(known.label)}"


def measure_words(name: str) -> str:
    """Return the words for a column in mid-sentence: "albumin", "SLEDAI"; a file's own name keeps its spelling."""
    return mid_sentence(column_label(name)) if _known(name) else column_label(name)


def unit_words(name: str) -> str:
    """Return the unit of a canonical column as it stands behind a value; a scale such as 0-3 does not."""
    known = _known(name)
    return known.unit if known and known.beyond != "asked" else ""


def in_unit(name: str) -> str:
    """Return the words for a column in mid-sentence with its unit: "albumin in g/L"."""
    unit = unit_words(name)
    return f"{measure_words(name)} in {unit}" if unit else measure_words(name)


def column_unit(name: str) -> str:
    """Return the unit of a canonical column, or ""."""
    known = _known(name)
    return known.unit if known else ""


def _known(name: str) -> Column | None:
    """Return the canonical column of this name, or the visit measure whose baseline it is."""
    return {**VISITS, **PATIENTS}.get(name) or VISITS.get(name.removeprefix(BASELINE))


def limits_words(column: Column, unit: str = "") -> str:
    """Return the limits of a column, in one of its units: "0 to 105 points", "0 to 10" of a scale."""
    factor = column.units.get(unit, 1.0)
    low, high = ((limit if limit is None else limit / factor) for limit in (column.low, column.high))
    scale = column.beyond == "asked"
    return f"{_limit(low)} to {_limit(high)} {'' if scale else unit or column.unit}".rstrip()


def _limit(value: float | None) -> str:
    return "any number" if value is None else f"{value:g}"


def value_words(column: Column) -> str:
    """Return what a column holds: its unit, its levels, or how its values are written."""
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
    """Return words with a small first letter, unless they begin with an abbreviation such as SLEDAI."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
