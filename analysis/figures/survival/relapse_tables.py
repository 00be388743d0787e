"""Relapse rates, their ratios, and gaps between relapses, on the screen."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.estimates.survival.mean_relapses import MeanRelapses
from analysis.estimates.survival.relapse_gaps import RelapseGaps
from analysis.estimates.survival.relapse_rates import RelapseRates
from analysis.figures.common.number_words import number, number_interval
from analysis.figures.common.p_words import NOT_KNOWN, p_words, reason_words
from analysis.figures.survival.mean_relapses_words import per_hundred

MOST_GAPS = 3  # rows a group; later gaps are of few patients
YEAR = 12
RATE_HEADINGS = (
    "Group",
    "Relapses in patient-years",
    "Per 100 patient-years",
    "Rate ratio",
    "p",
    "Negative binomial ratio",
)


def mean_relapses_table(result: MeanRelapses, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return relapses per 100 patients at each whole year, with patients at risk and relapses so far.

    Parameters
    ----------
    result
        The means.
    alone
        The name of the only group.
    """
    years = range(1, 1 + int(result.curve["months"].max() // YEAR))
    at = result.at([YEAR * year for year in years])
    at = at[at["mean"].notna()]
    patients = dict(zip(result.summary["group"], result.summary["patients"], strict=True))
    columns = (at[name] for name in ("mean", "lower", "upper"))
    numbers = zip(*columns, [patients[group] for group in at["group"]], strict=True)
    return pd.DataFrame(
        {
            "Group": at["group"].astype(str).replace(EVERYBODY, alone),
            "Year": [f"{months / YEAR:g}" for months in at["months"]],
            "At risk": [f"{at_risk:,.0f}" for at_risk in at["at_risk"]],
            "Relapses": [f"{relapses:,.0f}" for relapses in at["cumulative_relapses"]],
            "Per 100 patients": [per_hundred(*each) for each in numbers],
        }
    )


def relapse_rates_table(result: RelapseRates) -> pd.DataFrame:
    """Return one row per group: relapses per 100 patient-years alive, and the ratio to the first with p or why none."""
    ratios, binomial = result.ratios.set_index("group"), result.binomial.set_index("group")
    rows = []
    for group, _, relapses, years, rate, lower, upper in result.rates.itertuples(index=False):
        words, p, other = "reference", NOT_KNOWN, "reference"
        if group in ratios.index:
            found = ratios.loc[group]
            withheld = str(found["withheld"])
            words, p = reason_words(withheld), NOT_KNOWN
            if not withheld:
                words, p = _ratio(found), p_words(float(found["p"]))
            beside = binomial.loc[group]
            other = reason_words(str(beside["withheld"])) if beside["withheld"] else _ratio(beside)
        in_years = f"{relapses:,} in {years:,.1f}"
        told = NOT_KNOWN if math.isnan(rate) else number_interval(rate, lower, upper)
        rows.append((group, in_years, told, words, p, other))
    return pd.DataFrame(rows, columns=RATE_HEADINGS)


def _ratio(found: pd.Series) -> str:
    return f"{found['rate_ratio']:.2f} ({found['lower']:.2f} to {found['upper']:.2f})"


def relapse_gaps_table(result: RelapseGaps, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return the first gaps of each group: who relapsed again, of how many, and after how many months."""
    table = result.table[result.table["number"] <= MOST_GAPS]
    columns = (table[name] for name in ("median", "shortest", "longest"))
    return pd.DataFrame(
        {
            "Group": table["group"].astype(str).replace(EVERYBODY, alone),
            "After relapse": table["number"].astype(str),
            "Relapsed again": [
                f"{again} of {all_}" for again, all_ in zip(table["again"], table["patients"], strict=True)
            ],
            "Median months (shortest to longest)": [
                NOT_KNOWN if math.isnan(median) else f"{number(median)} ({number(shortest)} to {number(longest)})"
                for median, shortest, longest in zip(*columns, strict=True)
            ],
        }
    )
