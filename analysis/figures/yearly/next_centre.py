"""What several centres say together of each year, and what a next one would see, as a table in words."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.pooling.binomial_normal import pool_shares
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import percent_interval

QUESTION = "Do the centres differ, and what would a next centre see?"


def next_centre_table(by_centre: Yearly) -> pd.DataFrame:
    """Return for each year the share of all centres, the true share that a next one may have, and how much they differ.

    Parameters
    ----------
    by_centre
        Yearly shares with a group for each centre.

    Returns
    -------
    DataFrame with Year, Centres, n / N, Together (95 % interval), A next centre, Differences: in words. Centres without
    patients in a year are not in it; fewer than three centres are not pooled.
    """
    rows = []
    words = {"studies": "centres", "study": "centre"}
    for year, bars in by_centre.bars[by_centre.bars["patients"] > 0].groupby("year"):
        pooled = pool_shares(bars["group"].astype(str).tolist(), bars["events"].tolist(), bars["patients"].tolist())
        told, differences = pooled.summary.iloc[0], pooled.heterogeneity
        for study, centre in words.items():
            differences = differences.replace(study, centre)
        counted = f"{bars['events'].sum()}/{bars['patients'].sum()}"
        if told["withheld"]:
            rows.append((str(year), len(bars), counted, "", "", differences))
            continue
        held = not pd.isna(told["prediction_lower"])
        low, high = (100 * told[f"prediction_{end}"] for end in ("lower", "upper")) if held else (0.0, 0.0)
        next_one = f"{low:.0f} to {high:.0f} %" if held else ""
        rows.append(
            (
                str(year),
                len(bars),
                counted,
                percent_interval(told["share"], told["lower"], told["upper"], int(told["patients"])),
                next_one,
                differences,
            )
        )
    return pd.DataFrame(rows, columns=["Year", "Centres", "n / N", "Together", "A next centre", "Differences"])
