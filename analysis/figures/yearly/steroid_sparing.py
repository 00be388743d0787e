"""Remission on little prednisone, on the screen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.table_cells import after_group
from analysis.figures.yearly.bar_words import bar_words


def sparing_table(results: Mapping[str, Yearly]) -> pd.DataFrame:
    """Return one row per group and year: n of N and the share with its interval, by the highest dose that counts.

    Parameters
    ----------
    results
        Heading to remission per year on at most so much prednisone.
    """
    tables = {heading: bar_words(result) for heading, result in results.items()}
    first = next(iter(tables.values()))
    cells = {"Year": after_group(first["group"], [f"year {year}" for year in first["year"]])}
    for heading, table in tables.items():
        cells[heading] = [
            f"{counts}: {words}" if patients and words != counts else counts
            for counts, words, patients in zip(table["counts"], table["words"], table["patients"], strict=True)
        ]
    return pd.DataFrame(cells)


def sparing_line(results: Mapping[str, Yearly]) -> str:
    """Return the first year of the only group in one line."""
    firsts = {heading: result.bars.iloc[0] for heading, result in results.items() if len(result.bars)}
    told = [f"{heading.lower()} {bar['events']:,} of {bar['patients']:,}" for heading, bar in firsts.items()]
    return f"Year 1: {', '.join(told)}." if told else ""
