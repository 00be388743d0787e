"""What centres that hide small counts tell together, in words and in tables for a reader."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

import pandas as pd

from analysis.centres.hidden_sum import HiddenSum
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.settings import Outcome

STEP = 6  # months between two rows
SAME_SHARE = 1e-9  # shares that differ by less are the same


def survival_words(found: HiddenSum) -> pd.DataFrame:
    """Return the limits of survival at every half year.

    Returns
    -------
    DataFrame of text with Month, Survival, Still followed, Deaths so far, Centres hiding.
    """
    table = found.survival()
    rows = table[(table["months"] % STEP == 0) & (table["months"] > 0) & (table["at_risk_upper"] > 0)]
    return pd.DataFrame(
        {
            "Month": [f"{each}" for each in rows["months"]],
            "Survival": _percents(rows),
            "Still followed": _ranges(rows, "at_risk"),
            "Deaths so far": _ranges(rows, "deaths"),
            "Centres hiding": _hiding(found, rows["hiding"]),
        }
    )


def share_words(found: HiddenSum, outcome: Outcome) -> pd.DataFrame:
    """Return the limits of the share in remission, or with a first relapse, in each year.

    Returns
    -------
    DataFrame of text with Year, Share, With it, Assessed, Centres hiding.
    """
    table = found.shares(outcome)
    rows = table[table["patients_upper"] > 0]
    return pd.DataFrame(
        {
            "Year": [f"{each}" for each in rows["year"]],
            "Share": _percents(rows),
            "With it": _ranges(rows, "events"),
            "Assessed": _ranges(rows, "patients"),
            "Centres hiding": _hiding(found, rows["hiding"]),
        }
    )


def told_words(found: HiddenSum) -> str:
    """Return who hides deaths, and within which limits survival is told at the end of the first year, in a sentence.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.centres.centre_question import CentreQuestion
    >>> from analysis.centres.hidden_answer import answer_hidden
    >>> sample, question = load_sample(), CentreQuestion("Remission")
    >>> half = sample.patients.index % 2
    >>> answers = [answer_hidden(sample.subset(half == place), question, f"Centre {place}") for place in (0, 1)]
    >>> told_words(HiddenSum(tuple(answers)))
    '2 of 2 centres hide how many died in all (0 to 5 in each). Survival at month 12: 88–100 %.'
    """
    totals = [each.survival.events[-1] for each in found.answers]
    hidden = [limits for limits in totals if limits is not None and limits[0] < limits[1]]
    least = found.question.least
    few = f" (0 to {least} in each)" if hidden and all(limits[1] <= least for limits in hidden) else ""
    (first,) = _percents(found.survival().iloc[[12]])
    hides = "hides" if len(hidden) == 1 else "hide"
    hiding = f"{len(hidden)} of {count_words(len(totals), 'centre')} {hides} how many died in all{few}."
    return f"{hiding} Survival at month 12: {first}."


def _percents(rows: pd.DataFrame) -> list[str]:
    return [_percent(lower, upper) for lower, upper in zip(rows["lower"], rows["upper"], strict=True)]


def _percent(lower: float, upper: float) -> str:
    """Return limits in percent; rounded outwards, so that what is between them stays between them."""
    if upper - lower < SAME_SHARE:
        return f"{100 * lower:.1f} %"
    return f"{_range(floor(100 * (lower + SAME_SHARE)), ceil(100 * (upper - SAME_SHARE)))} %"


def _ranges(rows: pd.DataFrame, part: str) -> list[str]:
    return [_range(*limits) for limits in zip(rows[f"{part}_lower"], rows[f"{part}_upper"], strict=True)]


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _hiding(found: HiddenSum, numbers: Iterable[int]) -> list[str]:
    return [f"{number} of {len(found.answers)}" if number else "none" for number in numbers]
