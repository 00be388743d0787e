"""The ledger by patient: assessed in each year after transplantation, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, nearest_visits
from analysis.facts.observed_times import entry_months

PLACES = ("assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown")
ASSESSED, UNKNOWN = PLACES.index("assessed"), PLACES.index("ended_unknown")
NOT_UNDER_OBSERVATION, NOT_JUDGED = -1, -2
WINDOW_MONTHS = 3.0
MOST_YEARS = 60  # a longer follow-up is taken for a typing error; every year takes memory


def check_window(window_months: float) -> None:
    """Raise a ValueError if a window is not above 0 and at most 6 months."""
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")


def year_ends(years: int) -> Floats:
    """Return the month at which each year ends, as a column: 12, 24, ..."""
    return 12.0 * np.arange(1, 1 + years)[:, None]


def year_of(months: Floats) -> Floats:
    """Return the year that contains a time; month 12 is in year 1."""
    return np.ceil(months / 12 * (1 - SAME))


def seen_at_years(row: Rows, months: Floats, window_months: float) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
    """Return the visit that stands for each patient and year.

    It is the visit within the window that is nearest to 12, 24, ... months, the earlier one of a tie.

    Parameters
    ----------
    row, months
        Of each visit: position of the patient in ``cohort.patients``, and months.
    window_months
        The greatest distance of the visit from the end of the year.

    Returns
    -------
    Positions of the chosen visits, and their years.

    Raises
    ------
    ValueError
        If the window is not above 0 and at most 6 months.
    """
    check_window(window_months)
    last = months.max(initial=-np.inf)
    years = np.arange(1, 1 + int((last * (1 + SAME) + window_months) // 12 if last > 0 else 0))
    limits = [(12 * year - window_months, 12 * year + window_months) for year in years]
    stands_for = nearest_visits(row, months, [12.0 * year for year in years], limits)
    stands = np.flatnonzero(~np.isnan(stands_for))
    return stands, (stands_for[stands] / 12).astype(np.int16)


def under_observation(cohort: Cohort, row: Rows, months: Floats) -> Flags:
    """Return whether the patient at each position in ``cohort.patients`` is under observation by that month."""
    return months >= entry_months(cohort)[row] * (1 - SAME)


def last_year(cohort: Cohort, seen: Columns) -> int:
    """Return the first year in which nobody is followed or seen any more; at most `MOST_YEARS` + 1 for the followed."""
    followed = year_of(cohort.numbers("follow_up_months").max(initial=0.0))
    return 1 + max(int(seen["year"].max(initial=0)), min(int(followed), MOST_YEARS))


def places(cohort: Cohort, seen: Columns, years: int) -> NDArray[np.int8]:
    """Return each patient's place in the ledger at the end of each year.

    With late entry a patient counts from the first year at whose end, or at whose visit, observation has begun.

    Parameters
    ----------
    cohort
        The patients.
    seen
        The assessments: row (position of the patient in ``cohort.patients``), year.
    years
        The last year.

    Returns
    -------
    Indices into `PLACES`, or `NOT_UNDER_OBSERVATION`; years (from 1) by patients.
    """
    followed, died, entry = cohort.numbers("follow_up_months"), cohort.died, entry_months(cohort)
    not_followed = _after_last_contact(cohort)["place"]
    row, seen_in = seen["row"], seen["year"]
    place = np.empty((years, len(cohort)), dtype=np.int8)
    for of_year, year in zip(place, range(1, 1 + years), strict=True):
        due = 12.0 * year
        of_year[:] = np.where(followed >= due - SAME * due, np.int8(PLACES.index("visit_missing")), not_followed)
        of_year[died & (followed <= due + SAME * due)] = PLACES.index("died_before")
        of_year[entry > due + SAME * due] = NOT_UNDER_OBSERVATION
        of_year[row[seen_in == year]] = ASSESSED
    place[:, (entry > 0) & (followed <= entry * (1 + SAME))] = NOT_UNDER_OBSERVATION
    return place


def seen_among(seen: Mapping[str, Any], held: Flags, years: int, patients: int) -> Flags:
    """Return whether each patient was seen in each year at a flagged visit.

    Parameters
    ----------
    seen
        The visits that stand for a year: row (position of the patient in ``cohort.patients``), year.
    held
        The flag of each visit.
    years, patients
        The last year, and the number of patients.

    Returns
    -------
    Flags, years (from 1) by patients.
    """
    row, year = seen["row"][held], seen["year"][held]
    flags = np.zeros((years, patients), dtype=bool)
    inside = year <= years
    flags[year[inside] - 1, row[inside]] = True
    return flags


def dead(cohort: Cohort, years: int) -> Flags:
    """Return whether each patient has died by the end of each year: years (from 1) by patients."""
    return cohort.died & (cohort.numbers("follow_up_months") <= year_ends(years) * (1 + SAME))


def followed_to_end(cohort: Cohort, years: int) -> Flags:
    """Return whether each patient is followed to the end of each year: years (from 1) by patients."""
    return cohort.numbers("follow_up_months") >= year_ends(years) * (1 - SAME)


def entered(entry: Floats, until: Floats, years: int) -> Flags:
    """Return whether each patient's observation begins before the end of each year.

    A patient is at risk only after the time of entry.

    Parameters
    ----------
    entry, until
        Start and end of each patient's observation, in months.
    years
        The last year.

    Returns
    -------
    Flags, years (from 1) by patients.
    """
    before: Flags = (entry == 0) | ((entry < year_ends(years) * (1 - SAME)) & (until > entry * (1 + SAME)))
    return before


@per_patient
def _after_last_contact(cohort: Cohort) -> dict[str, NDArray[np.int8]]:
    """Return each patient's place in the years after last contact, for those alive at it."""
    if "follow_up_ended" not in cohort.patient_columns:
        return {"place": np.full(len(cohort), UNKNOWN, dtype=np.int8)}
    ended = pd.Categorical(cohort.values("follow_up_ended"))
    known = {"ongoing": PLACES.index("not_yet_due"), "lost": PLACES.index("lost_before")}
    found = [*(known.get(name, UNKNOWN) for name in ended.categories), UNKNOWN]  # code -1, missing, takes the last
    return {"place": np.array(found, dtype=np.int8)[ended.codes]}
