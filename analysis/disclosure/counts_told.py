"""Counts in tables and in words that are told, or not."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.cohort.wording import HIDDEN as HIDDEN

# A count of the method, not a limit such as "below 10 events or 10 patients a group" or "per 100 patient-years".
_COUNT = re.compile(
    r"(?<!below )(?<!or )(?<!per )(?<![\d.,])(\d[\d,]*) (patient-year|patient|event|first relapse|value)s?\b"
    r"(?! a group)"
)


def hidden_counts(counts: pd.Series, hidden: pd.Series) -> pd.Series:
    """Return whole numbers, missing where they are hidden."""
    return counts_or_hidden(counts.astype(object).mask(hidden))


def counts_or_hidden(counts: pd.Series) -> pd.Series:
    """Return counts as whole numbers, and missing where they are hidden."""
    told = [np.nan if pd.isna(count) else int(count) for count in counts]
    return pd.Series(told, index=counts.index, dtype=object)


def without_counts(method: str, *told: tuple[int, str]) -> str:
    """Return a method without its counts, but for those that are told anyway, such as ``(87, "patient")``."""

    def words(found: re.Match[str]) -> str:
        count, thing = int(found.group(1).replace(",", "")), found.group(2)
        return found.group(0) if (count, thing) in told else f"a hidden number of {thing}s"

    return _COUNT.sub(words, method)
