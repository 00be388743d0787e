"""Numbers in words: percentages with their interval, counts, medians, and what stands where there is none."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.disclosure.counts_told import HIDDEN

NOT_ESTIMABLE = "not estimable"
NOT_REACHED = "not reached"
NO_PATIENTS = "No patient is left under these filters. Take one off to see this figure."


def told_count(number: float) -> str:
    """Return a count with a comma for thousands, or "hidden" where it is missing because it is not told."""
    return HIDDEN if pd.isna(number) else f"{number:,.0f}"


def told(number: float, thing: str) -> str:
    """Return "1,204 patients", or "a hidden number of patients" where it is not told."""
    return f"a {HIDDEN} number of {thing}s" if pd.isna(number) else count_words(int(number), thing, ",")


def short_count(number: int, decimals: int) -> str:
    """Return a number as 15.9k or 16k where it has more than three digits."""
    if number < 999.5:
        return f"{number:.0f}"
    thousands = number / 1000
    return f"{thousands:,.{decimals}f}k" if thousands < 999.5 else f"{thousands / 1000:,.{decimals}f}M"


def percent(share: float, patients: int) -> str:
    """Return a share as a percentage: no decimals below 100 patients, one from there."""
    return NOT_ESTIMABLE if math.isnan(share) else f"{100 * share:.{0 if patients < 100 else 1}f}"


def percent_interval(share: float, lower: float, upper: float, patients: int) -> str:
    """Return "93 % (85–97)"; the interval is left out where it does not exist."""
    if math.isnan(share):
        return NOT_ESTIMABLE
    if math.isnan(lower) or math.isnan(upper):
        return f"{percent(share, patients)} %"
    return f"{percent(share, patients)} % ({percent(lower, patients)}–{percent(upper, patients)})"


def share_words(table: pd.DataFrame, share: str = "share") -> list[str]:
    """Return a table's shares with their intervals; it has ``lower``, ``upper`` and ``patients`` as well."""
    columns = (table[name] for name in (share, "lower", "upper", "patients"))
    return [percent_interval(*numbers) for numbers in zip(*columns, strict=True)]


def months_words(months: float, otherwise: str = NOT_REACHED) -> str:
    """Return "27.3 months", or words where the value does not exist."""
    return otherwise if math.isnan(months) else f"{months:.1f} months"


def median_words(median: float, lower: float, upper: float) -> str:
    """Return "27.3 (20.1–40.2)", with "from" where the upper limit is not reached, or what is known of it."""
    middle = NOT_REACHED if math.isnan(median) else f"{median:.1f}"
    if math.isnan(lower):
        return middle
    return f"{middle} (from {lower:.1f})" if math.isnan(upper) else f"{middle} ({lower:.1f}–{upper:.1f})"


def number_interval(value: float, lower: float, upper: float) -> str:
    """Return "5.2 (4.1 to 6.3)"; words where it does not exist."""
    if math.isnan(value):
        return "no patients"
    if math.isnan(lower) or math.isnan(upper):
        return number(value)
    return f"{number(value)} ({number(lower)} to {number(upper)})"


def with_unit(words: str, unit: str) -> str:
    """Return a value in words with its unit."""
    return f"{words} {unit}" if unit else words


def number(value: float) -> str:
    """Return a number to one decimal, with a minus sign that is one, and no minus before 0."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def of_group(group: str, words: str) -> str:
    """Return a sentence that begins with the group it is about; a name keeps its spelling."""
    return f"{words[0].upper()}{words[1:]}." if group == "All" else f"{group}: {words}."
