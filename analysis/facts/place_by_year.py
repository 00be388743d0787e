"""Where each patient is in each year after transplantation: assessed, or why not."""

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
NOT_UNDER_OBSERVATION = -1
WINDOW_MONTHS = 3.0
MOST_YEARS = 60  # that a follow-up is looked at: a longer one is a slip of the pen, and each year takes memory


def check_window(window_months: float) -> None:
    """Raise a ValueError if a window is not above 0 and at most 6 months."""
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")


def year_ends(years: int) -> Floats:
    """Return the months at which the years from 1 on end, a row a year."""
    return 12.0 * np.arange(1, 1 + years)[:, None]


def year_of(months: Floats) -> Floats:
    """Return the year that a time lies in, a whole number of years being the end of one."""
    return np.ceil(months / 12 * (1 - SAME))


def seen_at_years(row: Rows, months: Floats, window_months: float) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
    """Return the visits that stand for each patient and year, as their places, and the years.

    Of the visits within the window it is the nearest to 12, 24, ... months, of two equally near ones the earlier.

    Parameters
    ----------
    row, months
        Of each visit: the place of the patient among the patients, and when.
    window_months
        How far from the year a visit may lie.

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
    """Return whether patients, given by their places, are already under observation at some months."""
    return months >= entry_months(cohort)[row] * (1 - SAME)


def last_year(cohort: Cohort, seen: Columns) -> int:
    """Return a year in which nobody is followed or seen any more, so that nothing changes from it on.

    A patient who is followed for more than `MOST_YEARS` may still be.
    """
    followed = year_of(cohort.numbers("follow_up_months").max(initial=0.0))
    return 1 + max(int(seen["year"].max(initial=0)), min(int(followed), MOST_YEARS))


def places(cohort: Cohort, seen: Columns, years: int) -> NDArray[np.int8]:
    """Return where each patient is at the end of each year.

    Who comes under observation later than transplantation is so from the first year on at whose end, or at whose
    visit, he is under it.

    Parameters
    ----------
    cohort
        The patients.
    seen
        Who was assessed: row (the place of the patient among the patients), year.
    years
        The last year.

    Returns
    -------
    Places in `PLACES`, or `NOT_UNDER_OBSERVATION`: years from 1 on by patients.
    """
    followed, died, entry = cohort.numbers("follow_up_months"), cohort.died, entry_months(cohort)
    not_followed = _not_followed(cohort)["place"]
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
    """Return who was seen in which year at a visit for which a flag holds.

    Parameters
    ----------
    seen
        Of each visit that stands for a year: row (the place of the patient among the patients), year.
    held
        Whether the flag holds, of each of them.
    years, patients
        The last year, and how many patients there are.

    Returns
    -------
    Flags: years from 1 on by patients.
    """
    row, year = seen["row"][held], seen["year"][held]
    flags = np.zeros((years, patients), dtype=bool)
    inside = year <= years
    flags[year[inside] - 1, row[inside]] = True
    return flags


def dead(cohort: Cohort, years: int) -> Flags:
    """Return who has died by the end of each year: years from 1 on by patients."""
    return cohort.died & (cohort.numbers("follow_up_months") <= year_ends(years) * (1 + SAME))


def followed_to_end(cohort: Cohort, years: int) -> Flags:
    """Return who is followed to the end of each year: years from 1 on by patients."""
    return cohort.numbers("follow_up_months") >= year_ends(years) * (1 - SAME)


def entered(entry: Floats, until: Floats, years: int) -> Flags:
    """Return who is under observation before the end of each year: who enters at a time is at risk only after it.

    Parameters
    ----------
    entry, until
        From when, and until when each patient is under observation.
    years
        The last year.

    Returns
    -------
    Flags: years from 1 on by patients.
    """
    before: Flags = (entry == 0) | ((entry < year_ends(years) * (1 - SAME)) & (until > entry * (1 + SAME)))
    return before


@per_patient
def _not_followed(cohort: Cohort) -> dict[str, NDArray[np.int8]]:
    """Return where each patient is in the years after the end of follow-up, if it was not death."""
    if "follow_up_ended" not in cohort.patient_columns:
        return {"place": np.full(len(cohort), UNKNOWN, dtype=np.int8)}
    ended = pd.Categorical(cohort.values("follow_up_ended"))
    known = {"ongoing": PLACES.index("not_yet_due"), "lost": PLACES.index("lost_before")}
    found = [*(known.get(name, UNKNOWN) for name in ended.categories), UNKNOWN]  # one that is missing is the last
    return {"place": np.array(found, dtype=np.int8)[ended.codes]}
