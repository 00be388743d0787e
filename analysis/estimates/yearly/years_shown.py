"""The years that a figure shows: who is enrolled in them, where everybody is, and how many a flag holds for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.wording import count_words
from analysis.counts.places import FROM_LATER_ON, LATE, Places, Profiles, absence_words
from analysis.counts.reasons import LeftOut
from analysis.facts.place_by_year import PLACES


@dataclass(frozen=True, eq=False)
class YearsShown:
    """The counts at the years that are shown.

    Attributes
    ----------
    places
        Who is where in each year.
    years
        The years shown.
    from_start
        Whether only who is under observation from transplantation on is enrolled.
    """

    places: Places
    years: tuple[int, ...]
    from_start: bool = False

    @classmethod
    def of(cls, places: Places, years: tuple[int, ...] | None, *, from_start: bool = False) -> YearsShown:
        """Return the years asked for; without them 1 to the last with anyone assessed."""
        return cls(places, places.years(from_start=from_start) if years is None else years, from_start)

    @cached_property
    def profiles(self) -> Profiles:
        """What holds for the patients of each row in these years."""
        profiles = self.places.profiles(self.years)
        return profiles.from_start() if self.from_start else profiles

    @property
    def ends(self) -> Floats:
        """The month at which each year ends."""
        return 12.0 * np.asarray(self.years, dtype=float)

    def number_of(self, flags: Flags) -> Integers:
        """Return for how many a flag holds, given by year and row, of each group and year."""
        return self.places.by_group(flags).T.ravel()

    def distinct(self, flags: Flags) -> int:
        """Return for how many patients in a group, or patient-years, a flag holds."""
        return self.places.distinct(flags)

    @cached_property
    def left_out(self) -> LeftOut:
        """How many patients are in no year, by reason."""
        absent = self.distinct(~self.profiles.ever_enrolled)
        without_group = self.places.left_out
        return LeftOut((*without_group.reasons, absence_words(self.from_start)), (*without_group.patients, absent))

    @property
    def patients(self) -> int:
        """How many patients are in some year."""
        return self.distinct(self.profiles.ever_enrolled)

    @property
    def late(self) -> int:
        """How many are observed only from later than transplantation on; one in two groups is two."""
        return int(self.places.by_group(self.profiles[LATE]).sum())

    def late_words(self) -> list[str]:
        """Return how many patients are observed only from later than transplantation on, unless they are left out."""
        late = self.distinct(self.profiles[LATE] & self.profiles.enrolled.any(axis=0))
        words = f"{count_words(late, 'patient')} {FROM_LATER_ON} and counted from then on (left truncation)"
        return [words] if late else []

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """How many are in each place, a row a group and year."""
        held = {name: self.number_of(self.profiles.place == code) for code, name in enumerate(PLACES)}
        return self.table(enrolled=np.sum(list(held.values()), axis=0), **held)

    def table(self, **columns: NDArray[Any]) -> pd.DataFrame:
        """Return columns as a table, with the group and year of each row first."""
        groups = self.places.groups
        group = groups.column(np.repeat(groups.shown, len(self.years)))
        year = np.tile(np.asarray(self.years, dtype=np.int64), len(groups.shown))
        # With an index pandas need not look for one: half of the time that a small table takes.
        return pd.DataFrame({"group": group, "year": year, **columns}, pd.RangeIndex(len(year)), copy=False)
