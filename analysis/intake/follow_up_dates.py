"""Follow-up from dates, and administrative censoring at a cutoff date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.times import DAYS_PER_MONTH

TOLERANCE = 1e-9


def cutoff_day(cutoff: str | datetime.date | None) -> float | None:
    """Return a cutoff date as days since year 1.

    Raises
    ------
    ValueError
        If it is a text other than year-month-day.
    """
    if cutoff is None:
        return None
    day = datetime.date.fromisoformat(cutoff) if isinstance(cutoff, str) else cutoff
    return float(day.toordinal())


def months_between(start: pd.Series, end: pd.Series | float) -> pd.Series:
    """Return the months between days since year 1."""
    return (end - start) / DAYS_PER_MONTH


def dated_follow_up(patients: pd.DataFrame, cutoff: float | None) -> pd.Series:
    """Return the months from transplantation to death, else to last contact, else to the cutoff."""
    end = numbers(patients, "death_date").fillna(numbers(patients, "last_contact_date"))
    if cutoff is not None and "died" in patients:
        # The end of follow-up is not imputed for a death without a date.
        end = end.mask(end.isna() & ~patients["died"].fillna(True).astype(bool), cutoff)
    return months_between(numbers(patients, "transplant_date"), end)


def followed_months(patients: pd.DataFrame) -> pd.Series:
    """Return the months to death, else to last contact, from columns of months."""
    return numbers(patients, "death_months").fillna(numbers(patients, "last_contact_months"))


def cut_at(patients: pd.DataFrame, limit: pd.Series) -> tuple[pd.DataFrame, int]:
    """Censor patients at the cutoff.

    Parameters
    ----------
    patients
        With ``follow_up_months`` and ``died``.
    limit
        Months from transplantation to the cutoff.

    Returns
    -------
    tuple
        The patients as known at the cutoff, and the number whose follow-up was shortened.
    """
    over = patients["follow_up_months"] > limit + TOLERANCE
    cut = patients.copy()
    cut["follow_up_months"] = patients["follow_up_months"].where(~over, limit)
    cut["died"] = patients["died"].where(~over, False)
    _forget(cut, ("cause_of_death", "death_related"), over)
    if "follow_up_ended" in cut:
        cut["follow_up_ended"] = cut["follow_up_ended"].where(~over, "ongoing")
    if "relapse_months" in cut:
        _forget(cut, ("relapse_months",), cut["relapse_months"] > limit + TOLERANCE)
    return cut, int(over.sum())


def numbers(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a numeric column; all missing if the table does not have it."""
    return table[name] if name in table else pd.Series(np.nan, index=table.index)


def _forget(table: pd.DataFrame, names: Sequence[str], where: pd.Series) -> None:
    for name in names:
        if name in table:
            table[name] = table[name].mask(where)
