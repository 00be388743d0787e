"""The ledger by group and year, with the facts that yearly shares count."""

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
from analysis.counts.additive import additive
from analysis.counts.tally import Alike, Columns, Tally
from analysis.facts.observed_times import entry_months
from analysis.facts.place_by_year import ASSESSED, NOT_JUDGED, NOT_UNDER_OBSERVATION, PLACES, last_year, places

PLACE, LATE = "place", "late"
FROM_LATER_ON = "observed only from later than transplantation on"
IN_NO_YEAR = "not under observation in any of these years"
STILL_FOLLOWED = (PLACES.index("assessed"), PLACES.index("visit_missing"))


class ByYear(Protocol):
    """A definition of remission or relapse by year, such as `RemissionByYear`; hashable, as facts are cached by it."""

    def seen(self, cohort: Cohort) -> FactColumns:
        """Return row (position of the patient) and year of each assessment."""

    def judged(self, cohort: Cohort) -> Flags:
        """Return whether it can be told of each patient; who cannot be judged is enrolled in no year."""

    def fact(self, name: str, cohort: Cohort, years: int) -> Flags:
        """Return a fact by name: flags by patient, or years (from 1) by patients."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """Facts over some years, by patient or by profile (patients with equal facts).

    Attributes
    ----------
    years
        The years.
    columns
        "place" (an index into `PLACES`, `NOT_UNDER_OBSERVATION` or `NOT_JUDGED`) and facts by year: years by patients
        or profiles;
        "late" (late entry) and other facts without a year: one flag each.
    """

    years: tuple[int, ...]
    columns: Columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @property
    def place(self) -> NDArray[np.int8]:
        """The place in the ledger in each year."""
        return self.columns[PLACE]

    @property
    def enrolled(self) -> Flags:
        """Who is enrolled in each year: all who can be judged but those not yet under observation."""
        enrolled: Flags = self.place >= 0
        return enrolled

    def among(self, names: Collection[str]) -> Flags:
        """Return who is at one of these places in each year."""
        # The last flags are for places -2 and -1, not judged and not under observation.
        flags: Flags = np.array([*(place in names for place in PLACES), False, False])[self.place]
        return flags

    @property
    def ever_enrolled(self) -> Flags:
        """Who is enrolled in any year, or under observation from transplantation on."""
        ever: Flags = self.enrolled.any(axis=0) | ~(self.columns[LATE] | self.not_judged)
        return ever

    @property
    def not_judged(self) -> Flags:
        """Who cannot be judged, in any year."""
        never: Flags = (self.place == NOT_JUDGED).any(axis=0)
        return never

    @property
    def absent(self) -> Flags:
        """Who could be judged, and is enrolled in no year."""
        return ~self.ever_enrolled & ~self.not_judged

    def from_start(self) -> Profiles:
        """Return the profiles with only those enrolled who are observed from transplantation on."""
        late = self.columns[LATE] & ~self.not_judged
        place = np.where(late, np.int8(NOT_UNDER_OBSERVATION), self.place)
        return replace(self, columns={**self.columns, PLACE: place})


class Places(Tally):
    """Numbers of patients with equal places in the ledger and equal facts over the years, by group.

    Columns of the `Tally`: "place" and facts by year have one row per year (from 1); "late" and others have one flag.
    """

    @classmethod
    def alike(cls, whole: Cohort, asked: ByYear, names: tuple[str, ...] = ()) -> Alike:
        """Return all patients of a cohort by profile; see `of`."""
        return _alike(whole, asked, names)

    @classmethod
    @additive
    def of(cls, cohort: Cohort, asked: ByYear, names: tuple[str, ...] = (), *, by: By | None = None) -> Places:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        asked
            The definition of remission or relapse by year.
        names
            The facts to be counted, by their names in `asked`.
        by
            The grouping; None for one group, "All".

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
            If their columns or groupings differ, or patients are followed beyond the last year counted.
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
            Whether to use only patients observed from transplantation on.
        """
        assessed = (self.columns[PLACE] == ASSESSED) & ~(from_start & self.columns[LATE])
        return tuple(range(1, 2 + int(np.flatnonzero(assessed.any(axis=1)).max(initial=0))))

    def profiles(self, years: tuple[int, ...]) -> Profiles:
        """Return the profiles of the rows at some years."""
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
    place = places(whole, seen, last_year(whole, seen))
    place[:, ~asked.judged(whole)] = NOT_JUDGED
    return place


def profiles_of_patients(cohort: Cohort, asked: ByYear, names: tuple[str, ...], years: tuple[int, ...]) -> Profiles:
    """Return the profile of each patient at some years, as `Places` counts it."""
    alike = _alike(cohort.whole, asked, names)
    return _at_years(alike.profiles(alike.code[cohort.kept]), years)


def _at_years(columns: Columns, years: tuple[int, ...]) -> Profiles:
    """Return the columns at some years; after the last one, in which nobody is followed, all years are the same."""
    last = len(columns[PLACE])
    if years and min(years) < 1:
        raise ValueError("Years after transplantation are whole numbers from 1 on.")
    _check_settled(columns, max(years, default=0))
    at = np.minimum(np.array(years, dtype=np.intp), last) - 1
    return Profiles(years, {name: column if column.ndim == 1 else column[at] for name, column in columns.items()})


def absence_words(from_start: bool) -> str:
    """Return the reason for being enrolled in no year, in words."""
    return FROM_LATER_ON if from_start else IN_NO_YEAR


def _check_settled(columns: Columns, year: int) -> None:
    """Raise a ValueError if a year is after the last one counted and a patient is still followed in that."""
    last = len(columns[PLACE])
    if year > last and np.isin(columns[PLACE][-1], STILL_FOLLOWED).any():
        raise ValueError(f"Patients are followed for more than {last} years; later years are not counted.")
