"""Curves reconstructed from papers, as they are drawn behind one's own and told in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.centres.published_curve import PublishedCurve
from analysis.estimates.survival.kaplan_meier import KaplanMeier


def of_papers(curves: Sequence[PublishedCurve], *, failure: bool = False) -> pd.DataFrame:
    """Return group (the name of the paper), months, at_risk, events, censored and share of the curves of papers.

    Parameters
    ----------
    curves
        At least one.
    failure
        Whether the share with the event is meant.

    Examples
    --------
    >>> curve = PublishedCurve("A 2020", (2.0, 4.0, 6.0), (0.9, 0.675, 0.45), (0.0, 5.0), (10, 6), 5)
    >>> of_papers([curve])[["months", "at_risk", "events", "censored"]].tail(2).to_numpy().tolist()
    [[4.0, 8.0, 2.0, 0.0], [6.0, 6.0, 2.0, 4.0]]
    """
    tables = []
    for curve in curves:
        table = counts_table(curve).rename(columns={"survival": "share"})
        share = 1 - table["share"] if failure else table["share"]
        tables.append(table.assign(share=share, group=curve.label))
    return pd.concat(tables, ignore_index=True)


def counts_table(curve: PublishedCurve) -> pd.DataFrame:
    """Return the counts behind a published curve: months, at_risk, events, censored, survival."""
    found = KaplanMeier.of(curve.reconstructed.counts).curve
    return found[["months", "at_risk", "events", "censored", "survival"]]


def at_risk_table(curves: Sequence[PublishedCurve]) -> pd.DataFrame:
    """Return the numbers at risk of each curve as published, and as reconstructed: a row per curve and kind."""
    rows = []
    for curve in curves:
        at_risk = curve.reconstructed.at_risk
        for kind in ("published", "reconstructed"):
            told = ", ".join(
                f"{month:g}: {number:,}" for month, number in zip(at_risk["months"], at_risk[kind], strict=True)
            )
            rows.append((curve.name, kind, told))
    return pd.DataFrame(rows, columns=["Paper", "At risk", "Month: patients"])


def paper_words(curve: PublishedCurve) -> str:
    """Return what a reconstructed curve is, in a sentence."""
    found = curve.reconstructed.counts
    printed = ", ".join(f"{n:,} at month {month:g}" for month, n in zip(curve.risk_months, curve.at_risk, strict=True))
    return (
        f"Curve {curve.label}: {found.number_of_patients:,} patients, {found.number_of_events:,} events; at risk as "
        f"published {printed}."
    )
