"""The years that an estimate shows: the ledger, and numbers of patients by group and year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.counts.places import LATE, Places, Profiles, absence_words
from analysis.counts.reasons import LeftOut
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.place_by_year import PLACES


@dataclass(frozen=True, eq=False)
class YearsShown:
    """The counts at the years shown.

    Attributes
    ----------
    places
        The ledger and the facts by year.
    years
        The years shown.
    from_start
        Whether only patients observed from transplantation on are enrolled.
    """

    places: Places
    years: tuple[int, ...]
    from_start: bool = False

    @classmethod
    def of(cls, places: Places, years: tuple[int, ...] | None, *, from_start: bool = False) -> YearsShown:
        """Return the years asked for; by default 1 to the last with anyone assessed."""
        return cls(places, places.years(from_start=from_start) if years is None else years, from_start)

    @cached_property
    def profiles(self) -> Profiles:
        """The profiles at these years."""
        profiles = self.places.profiles(self.years)
        return profiles.from_start() if self.from_start else profiles

    @property
    def ends(self) -> Floats:
        """The month at which each year ends."""
        return 12.0 * np.asarray(self.years, dtype=float)

    def number_of(self, flags: Flags) -> Integers:
        """Return the number of flagged patients, groups by years; flags are years by profiles."""
        return self.places.by_group(flags).T

    def distinct(self, flags: Flags) -> int:
        """Return the number of distinct flagged patients in any group, or of patient-years for flags by year."""
        return self.places.distinct(flags)

    @cached_property
    def left_out(self) -> LeftOut:
        """The numbers of patients left out, by reason."""
        without_group = self.places.left_out
        reasons = (NO_BASELINE, absence_words(self.from_start))
        absent = [self.distinct(who) for who in (self.profiles.not_judged, self.profiles.absent)]
        return LeftOut((*without_group.reasons, *reasons), (*without_group.patients, *absent))

    @property
    def patients(self) -> int:
        """The number of distinct patients enrolled in any year."""
        return self.distinct(self.profiles.ever_enrolled)

    @property
    def late(self) -> int:
        """The number of patients with late entry, summed over groups."""
        return int(self.places.by_group(self.profiles[LATE]).sum())

    @property
    def enrolled_late(self) -> int:
        """The number of distinct patients with late entry who are enrolled in any year."""
        return self.distinct(self.profiles[LATE] & self.profiles.enrolled.any(axis=0))

    @cached_property
    def ledger(self) -> dict[str, Integers]:
        """The number of patients at each place, groups by years."""
        return {name: self.number_of(self.profiles.place == code) for code, name in enumerate(PLACES)}
