"""Restricted means and their differences, on the screen."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.estimates.survival.restricted_mean import RestrictedMean
from analysis.figures.common.number_words import number_interval
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words
from analysis.figures.common.table_cells import row_words
from analysis.figures.survival.compared_patients import patients_by_group, patients_words


def restricted_table(result: RestrictedMean, summary: pd.DataFrame, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return one row per group: patients, restricted mean or mean time lost, interval or why none.

    Parameters
    ----------
    result
        The means.
    summary
        group, patients.
    alone
        The name of the only group.
    """
    patients, table = patients_by_group(summary), result.table
    return pd.DataFrame(
        {
            "Group": table["group"].astype(str).replace(EVERYBODY, alone),
            "Patients": [patients_words([group], patients) for group in table["group"].astype(str)],
            "Mean months after the event" if result.time_lost else "Mean months": row_words(
                _value_words, table, "mean", "lower", "upper", "withheld"
            ),
            "Of the first": [f"{months:g} months" for months in table["months"]],
        }
    )


def difference_table(result: RestrictedMean, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the difference in months, second group minus first, with interval, p or why none.

    Parameters
    ----------
    result
        The means.
    summary
        group, patients.
    """
    patients, table = patients_by_group(summary), result.differences
    pairs = list(zip(table["group_a"], table["group_b"], strict=True))
    return pd.DataFrame(
        {
            "Compared": [f"{second} less {first}" for first, second in pairs],
            "Patients": [patients_words((second, first), patients) for first, second in pairs],
            "Difference in months": row_words(_value_words, table, "difference", "lower", "upper", "withheld"),
            "p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["p"]],
        }
    )


def _value_words(value: float, lower: float, upper: float, withheld: str) -> str:
    """Return a value with its interval; the reason if one is missing."""
    if math.isnan(value):
        return reason_words(withheld)
    words = number_interval(value, lower, upper)
    return f"{words}; {reason_words(withheld)}" if withheld else words
