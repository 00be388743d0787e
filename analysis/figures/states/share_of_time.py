"""The share of observed time in remission, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.estimates.states.share_of_time import ShareOfTime
from analysis.figures.common.number_words import share_words


def share_of_time_table(result: ShareOfTime, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return one row per group: patients, months observed, months in remission, and their share with its interval.

    Parameters
    ----------
    result
        The shares.
    alone
        The name of the only group.
    """
    table = result.table
    groups = table["group"].astype(str)
    return pd.DataFrame(
        {
            "Group": [alone if group == EVERYBODY else group for group in groups],
            "Patients": [f"{number:,}" for number in table["patients"]],
            "Months observed": [f"{months:,.0f}" for months in table["months_observed"]],
            "In remission": [f"{months:,.0f}" for months in table["months_inside"]],
            "Share": share_words(table),
        }
    )


def share_of_time_line(result: ShareOfTime) -> str:
    """Return the share of each group in one line.

    Examples
    --------
    >>> from analysis import load_sample, share_of_time
    >>> share_of_time_line(share_of_time(load_sample()))
    '16 % (11–24) of the observed time.'
    """
    table = result.table
    groups = ["" if group == EVERYBODY else f"{group} " for group in table["group"].astype(str)]
    told = ", ".join(f"{group}{words}" for group, words in zip(groups, share_words(table), strict=True))
    return f"{told} of the observed time."
