"""Where the patients of each group are in each year, and what holds for them in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags
from analysis.cohort.columns import Columns as FactColumns
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.tally import Alike, Columns, Tally
from analysis.facts.observed_times import entry_months
from analysis.facts.place_by_year import ASSESSED, NOT_UNDER_OBSERVATION, PLACES, last_year, places

PLACE, LATE = "place", "late"
FROM_LATER_ON = "observed only from later than transplantation on"
IN_NO_YEAR = "not under observation in any of these years"
STILL_FOLLOWED = (PLACES.index("assessed"), PLACES.index("visit_missing"))


class ByYear(Protocol):
    """What is asked of the patients year by year, such as `RemissionByYear`; frozen, for answers are kept by it."""

    def seen(self, cohort: Cohort) -> FactColumns:
        """Return row (place of the patient) and year of every patient assessed in a year."""

    def fact(self, name: str, cohort: Cohort, years: int) -> Flags:
        """Return what is said of each patient: flags, or flags of years from 1 on by patients."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """What holds for patients over some years.

    Attributes
    ----------
    years
        The years.
    columns
        "place" (in `PLACES`, or `NOT_UNDER_OBSERVATION`) and what was asked for: years by patients, or by rows of
        patients who are alike; "late" (observed only from later than transplantation on) and other flags of each.
    """

    years: tuple[int, ...]
    columns: Columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @property
    def place(self) -> NDArray[np.int8]:
        """Where each is in each year."""
        return self.columns[PLACE]

    @property
    def enrolled(self) -> Flags:
        """Who is enrolled in each year: everybody but those not yet under observation."""
        enrolled: Flags = self.place != NOT_UNDER_OBSERVATION
        return enrolled

    def among(self, names: Collection[str]) -> Flags:
        """Return who is in one of some places in each year."""
        # The last one stands for those not under observation, whose place is -1.
        flags: Flags = np.array([*(place in names for place in PLACES), False])[self.place]
        return flags

    @property
    def ever_enrolled(self) -> Flags:
        """Who is enrolled in some year, or is under observation from transplantation on."""
        ever: Flags = self.enrolled.any(axis=0) | ~self.columns[LATE]
        return ever

    def from_start(self) -> Profiles:
        """Return the same with only those enrolled who are under observation from transplantation on."""
        place = np.where(self.columns[LATE], np.int8(NOT_UNDER_OBSERVATION), self.place)
        return replace(self, columns={**self.columns, PLACE: place})


class Places(Tally):
    """How many patients of each group are where in each year, and what holds for them in it.

    Of the columns of a `Tally`, "place" and those that are asked for by name have a row a year, from 1 on; "late" and
    some of those that are asked for have a value a patient.
    """

    @classmethod
    def of(cls, cohort: Cohort, asked: ByYear, names: tuple[str, ...] = (), *, by: By | None = None) -> Places:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        asked
            What is asked of them year by year, such as `analysis.facts.remission_by_year.RemissionByYear`.
        names
            The columns, of those that `asked` knows.
        by
            What groups the patients; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column is unknown, or the visits lack a column that is needed.
        """
        return _places(cohort, asked, names, by)

    def __add__(self, other: Self) -> Self:
        """Return the counts of these patients and of others, up to the last year of either.

        Raises
        ------
        ValueError
            If they are of other columns, or by other groups, or patients are followed for longer than is counted.
        """
        years = max(len(each.columns[PLACE]) for each in (self, other))
        for each in (self, other):
            _check_settled(each.columns, years)
        return super().__add__(other)

    def years(self, *, from_start: bool = False) -> tuple[int, ...]:
        """Return the years up to the last with anyone assessed, and at least 1.

        Parameters
        ----------
        from_start
            Whether only who is under observation from transplantation on is asked for.
        """
        assessed = (self.columns[PLACE] == ASSESSED) & ~(from_start & self.columns[LATE])
        return tuple(range(1, 2 + int(np.flatnonzero(assessed.any(axis=1)).max(initial=0))))

    def profiles(self, years: tuple[int, ...]) -> Profiles:
        """Return what holds for the patients of each row in some years."""
        return _at_years(self.columns, years)


@cached
def _places(cohort: Cohort, asked: ByYear, names: tuple[str, ...], by: By | None) -> Places:
    return Places.counted(cohort, by, _alike(cohort.whole, asked, names))


@cached
def _alike(whole: Cohort, asked: ByYear, names: tuple[str, ...]) -> Alike:
    place = _place_by_year(whole, asked)
    columns: Columns = {PLACE: place, LATE: entry_months(whole) > 0}
    return Alike.of(columns | {name: asked.fact(name, whole, len(place)) for name in names}, len(whole))


@cached
def _place_by_year(whole: Cohort, asked: ByYear) -> NDArray[np.int8]:
    seen = asked.seen(whole)
    return places(whole, seen, last_year(whole, seen))


def profiles_of_patients(cohort: Cohort, asked: ByYear, names: tuple[str, ...], years: tuple[int, ...]) -> Profiles:
    """Return what holds for each patient in some years, as `Places` counts it."""
    alike = _alike(cohort.whole, asked, names)
    return _at_years(alike.profiles(alike.code[cohort.kept]), years)


def _at_years(columns: Columns, years: tuple[int, ...]) -> Profiles:
    """Return the columns at some years: from one on in which nobody is followed any more all years are the same."""
    last = len(columns[PLACE])
    if years and min(years) < 1:
        raise ValueError("Years after transplantation are whole numbers from 1 on.")
    _check_settled(columns, max(years, default=0))
    at = np.minimum(np.array(years, dtype=np.intp), last) - 1
    return Profiles(years, {name: column if column.ndim == 1 else column[at] for name, column in columns.items()})


def absence_words(from_start: bool) -> str:
    """Return why who is in none of some years is in none, in words."""
    return FROM_LATER_ON if from_start else IN_NO_YEAR


def _check_settled(columns: Columns, year: int) -> None:
    """Raise a ValueError if a year is later than the last, and somebody is still followed in that one."""
    last = len(columns[PLACE])
    if year > last and np.isin(columns[PLACE][-1], STILL_FOLLOWED).any():
        raise ValueError(f"Patients are followed for more than {last} years; later years are not counted.")
