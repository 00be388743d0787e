"""Words for units of time, in names of columns and in cells."""

from __future__ import annotations

import re

from analysis.cohort.canonical_column import Column
from analysis.cohort.vocabulary import PATIENTS, VISITS

TIME_WORDS = {
    "days": ("days", "day", "d", "tage", "tag", "tagen", "jours", "dias", "giorni", "dagen", "dni", "天", "日"),
    "weeks": ("weeks", "week", "wk", "wks", "wochen", "semaines", "semanas", "settimane", "weken", "周"),
    "months": (
        *("months", "month", "mo", "mos", "mth", "mths", "mon", "monate", "monaten", "mois", "meses", "mesi"),
        *("maanden", "miesiace", "月"),
    ),
    "years": (
        *("years", "year", "yr", "yrs", "y", "jahre", "jahren", "ans", "annees", "anos", "anni", "jaar", "jaren"),
        *("lata", "lat", "年"),
    ),
}
# In a cell, after a number, a letter is enough.
IN_CELLS = {
    unit: frozenset((*words, *more))
    for (unit, words), more in zip(
        TIME_WORDS.items(),
        (
            ("dag", "jour", "j", "dia", "día", "días", "giorno"),
            ("w", "woche", "semaine", "semana"),
            ("m", "monat", "mes", "mês", "mese", "maand", "个月", "ヶ月", "か月"),
            ("a", "jahr", "an", "année", "années", "año", "años", "ano", "anno", "岁"),
        ),
        strict=True,
    )
}
# A heading that is only one of these is a length of time; "year" would be a date, and "years" mostly an age.
LENGTHS = frozenset(
    word
    for unit, singular in (("days", ("day", "d", "tag", "日")), ("weeks", ()), ("months", ("month", "mon", "月")))
    for word in TIME_WORDS[unit]
    if word not in singular
)
UNITS = frozenset(
    unit.casefold().replace(" ", "")
    for table in (PATIENTS, VISITS)
    for column in table.values()
    for unit in (column.unit, *column.units)
    if unit
)
PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?(?:\s*,?\s*(?:and|und|et|y|e)?\s*(?=\d)|$)")


def is_time(column: Column) -> bool:
    """Return whether the values of a column are lengths of time."""
    return "days" in column.units


def is_unit(text: str) -> bool:
    """Return whether a text is a unit of time or of a laboratory value."""
    cleaned = "".join(text.split()).casefold().strip("()[]").replace("μ", "µ")
    return cleaned in UNITS or any(cleaned in words for words in TIME_WORDS.values())


def time_in(text: str, column: Column) -> float | None:
    """Return the length of time in a text such as "34.2 months" or "2y 3m", in the unit of the column; else None.

    Examples
    --------
    >>> time_in("2y 3m", PATIENTS["follow_up_months"])
    27.0
    """
    cleaned, place, total = text.strip().casefold(), 0, 0.0
    while place < len(cleaned):
        part = PART.match(cleaned, place)
        unit = next((unit for unit, words in IN_CELLS.items() if part and part[2] in words), "")
        if not part or not unit:
            return None
        total += float(part[1].replace(",", ".")) * column.units.get(unit, 1.0)
        place = part.end()
    return total if cleaned else None
