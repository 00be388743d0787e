"""Hazard ratios on the screen."""

from __future__ import annotations

import math

import pandas as pd

from analysis.estimates.survival.hazard_ratios import HazardRatios
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words
from analysis.figures.common.table_cells import row_words
from analysis.figures.survival.compared_patients import patients_by_group, patients_words

RATIO = ["hazard_ratio", "lower", "upper"]
PER = "per "
READ_FROM, READ_TO = (
    math.log(1.05),
    math.log(1000),
)  # log ratio of a limit that is readable: between these


def ratio_words(ratio: float, lower: float, upper: float, withheld: str = "") -> str:
    """Return a ratio with its interval, with decimals that suit its width; without a ratio, the reason."""
    if math.isnan(ratio):
        return reason_words(withheld)
    width = upper - lower
    decimals = 3 if width < 0.1 else 2 if width < 1 else 1
    number, low, high = (_ratio(value, decimals) for value in (ratio, lower, upper))
    return f"{number} ({low}–{high})"


def hazard_table(result: HazardRatios, summary: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per ratio: term, patients, reference, ratio with interval, p, p of proportional hazards.

    The ratio of a number is for one unit, or for a power of ten that makes it readable: "1.15 per 100" rather than
    "1.00 per 1".

    Parameters
    ----------
    result
        The ratios.
    summary
        group, patients, for a comparison of groups; None for a model, whose method gives the number of patients.
    """
    table = result.table
    units = row_words(_sensible_unit, table, "reference", "lower", "upper")
    columns = {
        "Group": table["term"].astype(str),
        "Against": [
            _per(unit, reference) or NOT_KNOWN for unit, reference in zip(units, table["reference"], strict=True)
        ],
        "Hazard ratio": row_words(
            ratio_words, table.assign(**{name: table[name] ** units for name in RATIO}), *RATIO, "withheld"
        ),
        "p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["p"]],
        "Proportional hazards p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["proportional_p"]],
    }
    words = pd.DataFrame(columns)
    if summary is not None:
        pairs = zip(table["term"], table["reference"], strict=True)
        patients = patients_by_group(summary)
        words.insert(1, "Patients", [patients_words([name for name in pair if name], patients) for pair in pairs])
    return words


def _ratio(value: float, decimals: int) -> str:
    if value >= 1000:
        return "> 1,000"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.{max(decimals, 2) if value < 0.1 else decimals}f}"


def _sensible_unit(reference: str, lower: float, upper: float) -> float:
    """Return the number of units for which a ratio is readable: a power of ten, 1 if it is readable as it is."""
    if not reference.startswith(PER) or not 0 < lower < upper < math.inf:
        return 1.0
    far = max(abs(math.log(limit)) for limit in (lower, upper))
    if READ_FROM <= far <= READ_TO:
        return 1.0
    return 10.0 ** (
        math.ceil(math.log10(READ_FROM / far)) if far < READ_FROM else math.floor(math.log10(READ_TO / far))
    )


def _per(unit: float, reference: str) -> str:
    """Return "per 100 years" from "per year"."""
    if unit == 1:
        return reference
    one = reference.removeprefix(PER)
    return f"{PER}{unit:,.10g} {one}{'s' if one.isalpha() and len(one) > 2 else ''}"
