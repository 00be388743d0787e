"""Numbers in words: percentages with intervals, counts, medians, and words for missing values."""

from __future__ import annotations

import math
import re

import pandas as pd

from analysis.cohort.wording import HIDDEN, count_words

NOT_ESTIMABLE = "not estimable"
NOT_REACHED = "not reached"
NO_PATIENTS = "No patient is left under these filters. Take one off to see this figure."

# A number with its percent sign or unit and the limits after it, such as "−7.5 points (−9.9 to −5.1".
_NUMBER = re.compile(r"[−<]?\d[\d.,]*(?: %|(?: [^\s\d(]\S*)?(?= \([−\d]))?(?: \([−\d][^,;)]{0,15}(?=[,;)]))?")


def count_or_hidden(number: float) -> str:
    """Return a count with a comma for thousands; "hidden" if missing, as hidden counts are."""
    return HIDDEN if pd.isna(number) else f"{number:,.0f}"


def told(number: float, thing: str) -> str:
    """Return a count with its noun; "a hidden number of ..." if missing.

    Examples
    --------
    >>> told(1204, "patient"), told(float("nan"), "patient")
    ('1,204 patients', 'a hidden number of patients')
    """
    return f"a {HIDDEN} number of {thing}s" if pd.isna(number) else count_words(int(number), thing)


def short_count(number: int, decimals: int) -> str:
    """Return a number with at most three digits before "k" or "M".

    Examples
    --------
    >>> short_count(950, 1), short_count(15_900, 1), short_count(15_900, 0)
    ('950', '15.9k', '16k')
    """
    if number < 999.5:
        return f"{number:.0f}"
    thousands = number / 1000
    return f"{thousands:,.{decimals}f}k" if thousands < 999.5 else f"{thousands / 1000:,.{decimals}f}M"


def percent(share: float, patients: int) -> str:
    """Return a share as a percentage, with one decimal from 100 patients on.

    Examples
    --------
    >>> percent(0.931, 87), percent(0.931, 870)
    ('93', '93.1')
    """
    return NOT_ESTIMABLE if math.isnan(share) else f"{100 * share:.{0 if patients < 100 else 1}f}"


def percent_interval(share: float, lower: float, upper: float, patients: int) -> str:
    """Return a share in percent with its interval, if there is one.

    Examples
    --------
    >>> percent_interval(0.93, 0.85, 0.97, 87)
    '93 % (85–97)'
    """
    if math.isnan(share):
        return NOT_ESTIMABLE
    if math.isnan(lower) or math.isnan(upper):
        return f"{percent(share, patients)} %"
    return f"{percent(share, patients)} % ({percent(lower, patients)}–{percent(upper, patients)})"


def share_words(table: pd.DataFrame, share: str = "share") -> list[str]:
    """Return the shares of a table with their intervals; it needs ``lower``, ``upper`` and ``patients`` too."""
    columns = (table[name] for name in (share, "lower", "upper", "patients"))
    return [percent_interval(*numbers) for numbers in zip(*columns, strict=True)]


def months_words(months: float, otherwise: str = NOT_REACHED) -> str:
    """Return months with one decimal, or other words if missing.

    Examples
    --------
    >>> months_words(27.31), months_words(float("nan"))
    ('27.3 months', 'not reached')
    """
    return otherwise if math.isnan(months) else f"{months:.1f} months"


def median_words(median: float, lower: float, upper: float) -> str:
    """Return a median with its interval; "from" if the upper limit is not reached.

    Examples
    --------
    >>> median_words(27.31, 20.1, 40.22), median_words(27.31, 20.1, float("nan"))
    ('27.3 (20.1–40.2)', '27.3 (from 20.1)')
    """
    middle = NOT_REACHED if math.isnan(median) else f"{median:.1f}"
    if math.isnan(lower):
        return middle
    return f"{middle} (from {lower:.1f})" if math.isnan(upper) else f"{middle} ({lower:.1f}–{upper:.1f})"


def number_interval(value: float, lower: float, upper: float) -> str:
    """Return a number with its interval, to one decimal.

    Examples
    --------
    >>> number_interval(5.2, 4.1, 6.3)
    '5.2 (4.1 to 6.3)'
    """
    if math.isnan(value):
        return "no patients"
    if math.isnan(lower) or math.isnan(upper):
        return number(value)
    return f"{number(value)} ({number(lower)} to {number(upper)})"


def with_unit(words: str, unit: str) -> str:
    """Return a value in words with its unit, if it has one."""
    return f"{words} {unit}" if unit else words


def number(value: float) -> str:
    """Return a number to one decimal, with a true minus sign, and never minus zero."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def of_group(group: str, words: str) -> str:
    """Return a sentence about a group: its name before the words, or nothing for all patients."""
    return f"{words[0].upper()}{words[1:]}." if group == "All" else f"{group}: {words}."


def unbroken(sentence: str) -> str:
    r"""Return a sentence with every number on one line with its percent sign, unit and limits.

    Examples
    --------
    >>> unbroken("UC 95 % (80–99, 18 at risk").replace("\u00a0", "_")
    'UC 95_%_(80–99, 18 at risk'
    >>> unbroken("fewer than 10 patients (5 in age below 20 years)").replace("\u00a0", "_")
    'fewer than 10_patients (5 in age below 20 years)'
    """
    return _NUMBER.sub(lambda found: found[0].replace(" ", "\u00a0"), sentence)
