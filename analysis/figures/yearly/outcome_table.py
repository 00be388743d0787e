"""The table of outcomes for a paper: one row per outcome, one column per year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.footnotes import marked
from analysis.figures.yearly.bar_words import bar_words


def outcome_table(*results: Yearly, titles: Sequence[str]) -> pd.DataFrame:
    """Return how many of how many, with share and interval, for several outcomes.

    Parameters
    ----------
    results
        Shares of patients by year.
    titles
        A short title of each.

    Returns
    -------
    DataFrame
        Outcome, and one column per year; with groups, one row per group. Years that few could have been followed to
        have the sign of `analysis.figures.common.footnotes`.
    """
    years = sorted({int(year) for result in results for year in result.bars["year"]})
    rows: list[dict[str, str]] = []
    for result, title in zip(results, titles, strict=True):
        bars = bar_words(result)
        bars = bars.assign(cell=marked(map(_cell_words, bars["counts"], bars["words"]), bars))
        for group in bars["group"].unique():
            own = bars[bars["group"] == group].set_index("year")
            name = title if group == "All" else f"{title}, {group}"
            rows.append({"Outcome": name, **{f"Year {year}": _cell(own, year) for year in years}})
    return pd.DataFrame(rows, columns=["Outcome", *(f"Year {year}" for year in years)])


def _cell(bars: pd.DataFrame, year: int) -> str:
    if year not in bars.index or bars.loc[year, "patients"] == 0:
        return "nobody assessed"
    return str(bars.loc[year, "cell"])


def _cell_words(counts: str, words: str) -> str:
    return counts if words in counts else f"{counts}: {words}"
