"""Where every patient is in each year after transplantation, and how many that makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.columns import Columns, number_of_patients
from analysis.cohort.grouping import By, Members, Pinned, members
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, nearest_visits
from analysis.cohort.wording import count_words
from analysis.facts.observed_times import entry_months

PLACES = ("assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown")
ASSESSED, UNKNOWN = PLACES.index("assessed"), PLACES.index("ended_unknown")
NOT_UNDER_OBSERVATION = -1
LATE = "observed only from later than transplantation on"


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


def check_window(window_months: float) -> None:
    """Raise a ValueError if a window is not above 0 and at most 6 months."""
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")


def year_of(months: Floats) -> Floats:
    """Return the year that a time lies in, a whole number of years being the end of one."""
    return np.ceil(months / 12 * (1 - SAME))


@dataclass(frozen=True, eq=False)
class Setting:
    """Who is where in each year: what every way of counting starts from.

    Attributes
    ----------
    cohort, by
        The patients, and what groups them.
    who
        The group of each patient who is in one; one who is in two groups is there twice.
    years
        The years shown.
    place
        Where each is in each year, a place in `PLACES` or `NOT_UNDER_OBSERVATION`: years by patients in a group.
    absent
        Why who is in none of the years is in none.
    """

    cohort: Cohort
    by: By | None
    who: Members
    years: tuple[int, ...]
    place: NDArray[np.int8]
    absent: str = ""

    def of_patients(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what there is of each of the cohort's patients, along the last axis, of each who is in a group."""
        return values if self.by is None else values[..., self.who.rows]

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Who is in no year: patient_id, reason."""
        enrolled = self.everybody().any(axis=0) if self.late.any() else np.ones(len(self.who.rows), dtype=bool)
        return self.who.left_out(self.cohort, (self.who.rows[enrolled], self.absent))

    @cached_property
    def late(self) -> Flags:
        """Who is observed only from later than transplantation on, of each who is in a group."""
        late: Flags = self.of_patients(entry_months(self.cohort)) > 0
        return late

    def died(self) -> Flags:
        """Return who has died by the end of each year."""
        cohort = self.cohort
        return self.of_patients(cohort.died) & (
            self.of_patients(cohort.numbers("follow_up_months")) <= self.year_end * (1 + SAME)
        )

    @cached_property
    def year_end(self) -> Floats:
        """The month at which each year ends, a row a year."""
        return 12.0 * np.asarray(self.years, dtype=float)[:, None]

    def members(self, in_denominator: Flags, counted: Flags) -> pd.DataFrame:
        """Return who is where in each year, and who counts.

        Returns
        -------
        DataFrame with group, year, patient_id, place (one of `PLACES`), counted, in_denominator; by group and year.
        """
        code = self._codes
        order = np.argsort((code * len(self.years) + np.arange(len(self.years))[:, None]).ravel(), kind="stable")
        order = order[self.everybody().ravel()[order]]
        member = order % len(code) if len(code) else order
        year = order // len(code) if len(code) else order
        return pd.DataFrame(
            {
                "group": self.who.group[member],
                "year": np.asarray(self.years, dtype=int)[year],
                "patient_id": np.asarray(self.cohort.values("patient_id"))[self.who.rows[member]],
                "place": np.asarray(PLACES, dtype=object)[self.place.ravel()[order]],
                "counted": counted.ravel()[order],
                "in_denominator": in_denominator.ravel()[order],
            }
        )

    def everybody(self) -> Flags:
        """Return who is enrolled in each year: everybody but those not yet under observation."""
        return self.place != NOT_UNDER_OBSERVATION

    def among(self, places: Collection[str]) -> Flags:
        """Return who is in one of some places in each year."""
        # The last one stands for those not under observation, whose place is -1.
        return np.array([*(place in places for place in PLACES), False])[self.place]

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """How many are in each place, a row a group and year."""
        places = {name: self.number_of(self.place == code) for code, name in enumerate(PLACES)}
        return self.table(enrolled=np.sum(list(places.values()), axis=0), **places)

    def number_of(self, who: Flags) -> Integers:
        """Return how many of these there are, given by years and patients in a group, of each group and year."""
        groups = len(self.who.group.categories)
        if groups == 1:
            return np.array([np.count_nonzero(of_year) for of_year in who], dtype=np.int64)
        of_years = [np.bincount(self._codes[of_year], minlength=groups) for of_year in who]
        return np.asarray(of_years, dtype=np.int64).reshape(len(self.years), groups).T.ravel()

    def sums(self, values: NDArray[Any]) -> Floats:
        """Return the sums of a value of each year and patient, of each group and year."""
        groups = len(self.who.group.categories)
        of_years = [np.bincount(self._codes, weights=each, minlength=groups) for each in values]
        return np.asarray(of_years, dtype=float).reshape(len(self.years), groups).T.ravel()

    @cached_property
    def _codes(self) -> Rows:
        return self.who.group.codes.astype(np.intp)

    def table(self, **columns: NDArray[Any]) -> pd.DataFrame:
        """Return columns as a table, with the group and year of each row first."""
        group, year = self._lines
        # With an index pandas need not look for one: half of the time that a small table takes.
        return pd.DataFrame({"group": group, "year": year, **columns}, pd.RangeIndex(len(year)), copy=False)

    @cached_property
    def _lines(self) -> tuple[pd.Categorical, Integers]:
        """The group and year of each row of a table."""
        groups = np.arange(len(self.who.group.categories))
        group = pd.Categorical.from_codes(np.repeat(groups, len(self.years)), dtype=self.who.group.dtype)
        return group, np.tile(np.asarray(self.years, dtype=np.int64), len(groups))


def asked_for(cohort: Cohort, by: By | None) -> Cohort:
    """Return the patients that yearly figures are asked for: with `Pinned` those in either cohort, else all."""
    if not isinstance(by, Pinned):
        return cohort
    return by.either(cohort)


def set_out(
    cohort: Cohort,
    by: By | None,
    years: Sequence[int] | None,
    seen: Callable[..., Columns],
    *choices: Hashable,
    from_start: bool = False,
) -> Setting:
    """Return who is where in each year; it is made once for all ways of counting that ask for the same patients.

    Who comes under observation later than transplantation is enrolled from the first year on at whose end, or at whose
    visit, he is under it.

    Parameters
    ----------
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; None for one group, "All".
    years
        The years to show; None for 1 to the last with anyone assessed, and at least 1.
    seen, choices
        The fact that tells who was assessed: row (the place of the patient among the patients), year.
    from_start
        Whether only who is under observation from transplantation on is enrolled.
    """
    return _set_out(cohort, by, None if years is None else tuple(years), from_start, seen, *choices)


def _set_out(
    cohort: Cohort,
    by: By | None,
    years: tuple[int, ...] | None,
    from_start: bool,
    seen: Callable[..., Columns],
    *choices: Hashable,
) -> Setting:
    place = _places(cohort, years, from_start, seen, *choices)["place"]
    if years is None:
        last = max((year for year, of_year in enumerate(place, start=1) if (of_year == ASSESSED).any()), default=1)
        years, place = tuple(range(1, last + 1)), place[:last]
    who = members(cohort, by)
    absent = LATE if from_start else "not under observation in any of these years"
    return Setting(cohort, by, who, years, place if by is None else place[:, who.rows], absent)


def shown_years(seen: Columns, years: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the years that a table of all patients has: those asked for, or all to the last with anyone assessed."""
    return tuple(range(1, 1 + int(seen["year"].max(initial=1)))) if years is None else years


@per_patient
def _places(
    cohort: Cohort, years: tuple[int, ...] | None, from_start: bool, seen_in: Callable[..., Columns], *choices: Hashable
) -> dict[str, NDArray[np.int8]]:
    """Return where each patient is in each year, as a place in `PLACES` or `NOT_UNDER_OBSERVATION`, a row a year."""
    seen = seen_in(cohort, *choices)
    years = shown_years(seen, years)
    followed, died = cohort.numbers("follow_up_months"), cohort.died
    not_followed = _not_followed(cohort)["place"]
    row, seen_in_year = seen["row"], seen["year"]
    entry = entry_months(cohort)
    place = np.empty((len(years), len(cohort)), dtype=np.int8)
    for of_year, year in zip(place, years, strict=True):
        due = 12.0 * year
        of_year[:] = np.where(followed >= due - SAME * due, np.int8(PLACES.index("visit_missing")), not_followed)
        of_year[died & (followed <= due + SAME * due)] = PLACES.index("died_before")
        of_year[entry > due + SAME * due] = NOT_UNDER_OBSERVATION
        of_year[row[seen_in_year == year]] = ASSESSED
    never = (entry > 0) & (from_start | (followed <= entry * (1 + SAME)))
    place[:, never] = NOT_UNDER_OBSERVATION
    return {"place": place}


def under_observation(cohort: Cohort, row: Rows, months: Floats) -> Flags:
    """Return whether patients, given by their places, are already under observation at some months."""
    return months >= entry_months(cohort)[row] * (1 - SAME)


def late_words(setting: Setting) -> list[str]:
    """Return how many patients are observed only from later than transplantation on, unless they are left out."""
    late = number_of_patients(setting.who.rows[setting.late & setting.everybody().any(axis=0)])
    return [f"{count_words(late, 'patient')} {LATE} and counted from then on (left truncation)"] if late else []


@per_patient
def _not_followed(cohort: Cohort) -> dict[str, NDArray[np.int8]]:
    """Return where each patient is in the years after the end of follow-up, if it was not death."""
    if "follow_up_ended" not in cohort.patient_columns:
        return {"place": np.full(len(cohort), UNKNOWN, dtype=np.int8)}
    ended = pd.Categorical(cohort.values("follow_up_ended"))
    known = {"ongoing": PLACES.index("not_yet_due"), "lost": PLACES.index("lost_before")}
    places = [*(known.get(name, UNKNOWN) for name in ended.categories), UNKNOWN]  # one that is missing is the last
    return {"place": np.array(places, dtype=np.int8)[ended.codes]}
