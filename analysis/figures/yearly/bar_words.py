"""The bars of a yearly figure with their words."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import NOT_ESTIMABLE, count_or_hidden, number_interval, percent, share_words


def is_rate(result: Yearly) -> bool:
    """Return whether a result is a rate per 100 patient-years rather than a share of patients."""
    return "person_years" in result.bars


def is_estimated(result: Yearly) -> bool:
    """Return whether shares are estimated with censoring, and so are no fractions of counts."""
    return "at_risk" in result.bars


def bar_words(result: Yearly) -> pd.DataFrame:
    """Return the bars with their words.

    Returns
    -------
    DataFrame
        The ``bars`` with group as text, words (value with interval), printed (value alone, "" if missing) and counts
        (n of N; events in patient-years; or, for an estimated share, the number at risk).
    """
    bars = result.bars.astype({"group": str})
    columns = (bars[name] for name in ("events", "patients", "share", "lower", "upper"))
    numbers = list(zip(*columns, strict=True))
    if is_rate(result):
        counts = [
            f"{_told(events)} / {_told(years, '.1f')}"
            for events, years in zip(bars["events"], bars["person_years"], strict=True)
        ]
        words = [number_interval(*rate) if patients else NOT_ESTIMABLE for _, patients, *rate in numbers]
        printed = ["" if math.isnan(rate) else f"{rate:.1f}" for _, _, rate, _, _ in numbers]
    else:
        counts = (
            [f"{count_or_hidden(number)} at risk" for number in bars["at_risk"]]
            if is_estimated(result)
            else [f"{_told(events)}/{_told(patients)}" for events, patients, *_ in numbers]
        )
        words = share_words(bars)
        printed = ["" if math.isnan(share) else f"{percent(share, n)} %" for _, n, share, _, _ in numbers]
    nobody = result.estimand.nobody
    hidden = [pd.isna(number) + pd.isna(of) for number, of, *_ in numbers]
    return bars.assign(
        words=[HIDDEN if parts else told for told, parts in zip(words, hidden, strict=True)],
        printed=printed,
        counts=[
            HIDDEN if parts == 2 else told if patients else nobody
            for told, parts, patients in zip(counts, hidden, bars["patients"], strict=True)
        ],
    )


def _told(number: float, form: str = "") -> str:
    return HIDDEN if pd.isna(number) else f"{number:{form}}"
