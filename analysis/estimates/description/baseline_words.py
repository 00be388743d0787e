"""The cells of a baseline table in words."""

from __future__ import annotations

import math

from analysis.cohort.wording import HIDDEN
from analysis.counts.distribution import Distribution
from analysis.estimates.description.standardised import standard_deviation

NO_VALUES = "no values"
MOST_DECIMALS = 3


def decimals(numbers: Distribution) -> int:
    """Return the number of decimals to show, at most 3, by the standard deviation: none if it is 5 or more.

    A single distinct value is shown as recorded.
    """
    if not numbers.size:
        return 0
    if len(numbers.values) == 1:
        value = numbers.values[0]
        return next((places for places in range(MOST_DECIMALS) if round(value, places) == value), MOST_DECIMALS)
    deviation = standard_deviation(numbers)
    if deviation < 5 * 10.0 ** (1 - MOST_DECIMALS):  # checked first, for 5 / deviation may overflow
        return MOST_DECIMALS
    return max(0, math.ceil(math.log10(5 / deviation)))


def mean_words(mean: float, deviation: float, places: int) -> str:
    """Return "32 (9)", or "32 (one value)" without a standard deviation; "hidden" if the mean is hidden."""
    if math.isnan(mean):
        return HIDDEN
    spread = "one value" if math.isnan(deviation) else _number(deviation, places)
    return f"{_number(mean, places)} ({spread})"


def median_words(median: float, lower: float, upper: float, places: int) -> str:
    """Return "31 (27–40)", with "to" instead of the dash if the lower quartile is negative; "hidden" if hidden."""
    if math.isnan(median):
        return HIDDEN
    if math.isnan(lower) or math.isnan(upper):
        return f"{_number(median, places)} ({HIDDEN})"
    between = " to " if lower < 0 else "–"
    return f"{_number(median, places)} ({_number(lower, places)}{between}{_number(upper, places)})"


def fraction_words(count: float, of: float) -> str:
    """Return "61/87 (70 %)", with one decimal of the percent from 100 patients on; "hidden" if hidden."""
    if not of:
        return NO_VALUES
    if math.isnan(count):
        return HIDDEN
    return f"{part_words(count, of)} ({100 * count / of:.{0 if of < 100 else 1}f} %)"


def part_words(count: float, of: float) -> str:
    """Return "61/87"; "hidden" for a count that is hidden."""
    return HIDDEN if math.isnan(count) else f"{count:.0f}/{of:.0f}"


def rounded_as_in_words(value: float, places: int) -> float:
    """Return a number as rounded in words; a missing one unchanged."""
    return value if math.isnan(value) else float(_number(value, places).replace("−", "-"))


def _number(value: float, places: int) -> str:
    """Return a number with these decimals, or with two significant digits if all of them would be 0."""
    rounded = round(float(value), places) + 0.0  # numpy would round 0.175, which is a little less, to 0.18
    words = f"{rounded:.{places}f}" if rounded or not value or places < MOST_DECIMALS else f"{value:.2g}"
    return words.replace("-", "−")
