"""By when each patient had a first event, year by year: what shares and rates over time count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.facts.endpoints import FirstEvent, endpoint_times
from analysis.facts.place_by_year import entered, year_ends, year_of


@dataclass(frozen=True, eq=False)
class FirstByYear:
    """By when each patient had the first of some events; its flags are of years from 1 on by patients.

    Attributes
    ----------
    has
        Who has a time at all.
    entry, months
        When observation begins and ends, in months.
    event
        Whether it ends with the event.
    years
        The last year.
    """

    has: Flags
    entry: Floats
    months: Floats
    event: Flags
    years: int

    @classmethod
    def of(cls, cohort: Cohort, event: FirstEvent, years: int) -> FirstByYear:
        """Return the first of some events of each patient; observation ends with death or follow-up."""
        outcome = endpoint_times(cohort, event)
        entry, months, happens = (np.asarray(outcome.columns[name]) for name in ("entry_months", "months", "event"))
        return cls(outcome.has, entry, months, happens, years)

    @property
    def observed(self) -> Flags:
        """Who comes under observation before the end of the year."""
        return self.has & entered(self.entry, self.months, self.years)

    @property
    def happened(self) -> Flags:
        """Who has had the event by the end of the year."""
        by_then: Flags = self.months <= year_ends(self.years) * (1 + SAME)
        return self.observed & self.event & by_then

    @property
    def at_risk(self) -> Flags:
        """Who is under observation, and without the event up to the end of the year."""
        until_then: Flags = self.months >= year_ends(self.years) * (1 - SAME)
        return self.observed & until_then

    @property
    def contributes(self) -> Flags:
        """Who is under observation and without the event for some time of the year."""
        end = year_ends(self.years)
        within = np.minimum(self.months, end) - np.maximum(self.entry, end - 12)
        # A time within rounding of the end of the year before is none in this one.
        some_time: Flags = within > SAME * end
        return self.observed & some_time

    @property
    def in_year(self) -> Flags:
        """Who has the event in the year."""
        then: Flags = 12 * year_of(self.months) == year_ends(self.years)
        return self.contributes & self.event & then
