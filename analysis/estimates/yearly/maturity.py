"""How many patients could have been followed to each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.times import clocked, slack
from analysis.cohort.wording import count_words
from analysis.counts.leaving import count_patients
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.survival.kaplan_meier import product_limit
from analysis.facts.observed_times import entry_months

HALF = 0.5 - 1e-9  # A running product that meets 1/2 may end a rounding error below it.


@dataclass(frozen=True)
class Maturity:
    """How many could have been followed to each year.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        patient_id, reason: patients who are in no share.
    table
        group, year, patients, could_be_followed (share; missing beyond the last time anything is known of), immature
        (fewer than half, or not known).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def maturity(cohort: Cohort, *, years: Sequence[int], by: By | None = None) -> Maturity:
    """Return the share of patients who could have been followed to the end of each year.

    The reverse Kaplan-Meier method (Schemper and Smith 1996) with one change: not only death but also loss hides how
    long a patient could have been followed. What remains is the calendar: how long ago the patients were transplanted.
    A follow-up that ended for an unknown reason is taken for as long as it could be.

    Parameters
    ----------
    cohort
        The patients.
    years
        Years after transplantation.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the grouping column is unknown.
    """
    return _maturity(cohort, tuple(years), by)


@cached
def _maturity(cohort: Cohort, years: tuple[int, ...], by: By | None) -> Maturity:
    who, columns = members(cohort, by), _potential(cohort)
    counts = count_patients(who.group, columns if by is None else columns.rows(who.rows))
    curve, summary = product_limit(counts, interval="log-log", level=0.95)
    enrolled = dict(zip(summary["group"], summary["patients"], strict=True))
    rows = [
        (group, year, enrolled[group], _share(curve[curve["group"] == group], 12.0 * year))
        for group in who.group.categories
        for year in years
    ]
    table = pd.DataFrame(rows, columns=["group", "year", "patients", "could_be_followed"])
    table["could_be_followed"] = table["could_be_followed"].astype(float)
    left_out = who.left_out(cohort)
    method = (
        "Share who could have been followed so long by the reverse Kaplan-Meier method, death and loss censoring, "
        "months from transplantation; " + count_words(number_of_patients(who.rows), "patient")
    )
    return Maturity(
        "How many could have been followed to each year?",
        method_words(method, left_out),
        left_out,
        with_groups(table.assign(immature=~(table["could_be_followed"] >= HALF)), who.group.categories),
    )


@per_patient
def _potential(cohort: Cohort) -> dict[str, Any]:
    """Return the follow-up of each patient, whose end is the event where it was neither death nor loss."""
    hidden = cohort.died
    if "follow_up_ended" in cohort.patient_columns:
        hidden = hidden | (pd.Series(cohort.values("follow_up_ended")) == "lost").fillna(False).to_numpy(dtype=bool)
    entry, time = clocked(entry_months(cohort), cohort.numbers("follow_up_months"))
    return {"entry": entry, "time": time, "event": ~hidden, "competing": np.zeros(len(cohort), dtype=bool)}


def _share(curve: pd.DataFrame, month: float) -> float:
    """Return the curve just before a month: whose follow-up ends at it could be followed to it."""
    before = curve[curve["months"] < month - slack(month)].iloc[-1]
    known = curve["months"].iloc[-1] >= month - slack(month) or before["survival"] == 0
    return float(before["survival"]) if known else float("nan")
