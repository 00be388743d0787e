"""Hazard ratios as the screen prints them."""

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
)  # how far a limit lies from a ratio of 1 to be read, on the log scale


def ratio_words(ratio: float, lower: float, upper: float, withheld: str = "") -> str:
    """Return "1.8 (0.7–4.5)", with the decimals that the interval calls for; without a ratio, why there is none."""
    if math.isnan(ratio):
        return reason_words(withheld)
    width = upper - lower
    decimals = 3 if width < 0.1 else 2 if width < 1 else 1
    number, low, high = (_ratio(value, decimals) for value in (ratio, lower, upper))
    return f"{number} ({low}–{high})"


def hazard_table(result: HazardRatios, summary: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a row a ratio: term, patients and reference's, ratio with interval or why not, p, proportional hazards p.

    The ratio of a number is for one unit more, or for as many as it takes to be read: "1.15 per 100", not "1.00 per 1".

    Parameters
    ----------
    result
        The ratios.
    summary
        group, patients: of the groups that are compared. A model of covariates tells its patients in its method.
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
    """Return for how many units more a ratio is told: a power of ten; 1 where it is read as it is."""
    if not reference.startswith(PER) or not 0 < lower < upper < math.inf:
        return 1.0
    far = max(abs(math.log(limit)) for limit in (lower, upper))
    if READ_FROM <= far <= READ_TO:
        return 1.0
    return 10.0 ** (
        math.ceil(math.log10(READ_FROM / far)) if far < READ_FROM else math.floor(math.log10(READ_TO / far))
    )


def _per(unit: float, reference: str) -> str:
    """Return "per 100 years" of "per year"."""
    if unit == 1:
        return reference
    one = reference.removeprefix(PER)
    return f"{PER}{unit:,.10g} {one}{'s' if one.isalpha() and len(one) > 2 else ''}"
