"""The share of patients with a response, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.scores.response_share import ResponseShare
from analysis.figures.common.number_words import share_words
from analysis.figures.common.table_cells import told_rows
from analysis.figures.scores.visit_cells import VISIT, at_month, visit_cells


def response_table(result: ResponseShare) -> pd.DataFrame:
    """Return one row per visit: how many of how many responded, and the share with its interval."""
    table = result.table
    counts = [f"{events}/{patients}" for events, patients in zip(table["events"], table["patients"], strict=True)]
    shares = [
        words if patients else "nobody" for words, patients in zip(share_words(table), table["patients"], strict=True)
    ]
    return pd.DataFrame({VISIT: visit_cells(table), "n / N": counts, "Share": shares})


def response_line(result: ResponseShare, month: float) -> str:
    """Return the share that responded at a visit, by group.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.estimates.scores.response_share import response_share
    >>> response_line(response_share(load_sample(), "sledai"), 12)
    'Month 12: 84 % (75–91), 70 of 83.'
    """
    table = at_month(response_table(result), month)
    table = table.assign(Share=table["Share"] + ",")
    return told_rows(table.assign(of=table["n / N"].str.replace("/", " of ")), VISIT, "Share", "of")
