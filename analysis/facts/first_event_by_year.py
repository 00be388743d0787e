"""Time to each patient's first event, year by year: the facts behind cumulative shares and rates."""

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
    """Each patient's first event by year. Properties are flags, years (from 1) by patients.

    Attributes
    ----------
    has
        Whether the patient has a time.
    entry, months
        Start and end of the patient's time at risk, in months.
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
        """Return each patient's first event; without one, time at risk ends at death or last contact."""
        outcome = endpoint_times(cohort, event)
        entry, months, happens = (np.asarray(outcome.columns[name]) for name in ("entry_months", "months", "event"))
        return cls(outcome.has, entry, months, happens, years)

    @property
    def observed(self) -> Flags:
        """Whether observation begins before the end of the year."""
        return self.has & entered(self.entry, self.months, self.years)

    @property
    def happened(self) -> Flags:
        """Whether the event has happened by the end of the year."""
        by_then: Flags = self.months <= year_ends(self.years) * (1 + SAME)
        return self.observed & self.event & by_then

    @property
    def at_risk(self) -> Flags:
        """Whether the patient is at risk at the end of the year."""
        until_then: Flags = self.months >= year_ends(self.years) * (1 - SAME)
        return self.observed & until_then

    @property
    def contributes(self) -> Flags:
        """Whether the patient is at risk for some time in the year."""
        end = year_ends(self.years)
        within = np.minimum(self.months, end) - np.maximum(self.entry, end - 12)
        # A time that ends at the year's beginning, within rounding, contributes nothing.
        some_time: Flags = within > SAME * end
        return self.observed & some_time

    @property
    def in_year(self) -> Flags:
        """Whether the event happens in the year."""
        then: Flags = 12 * year_of(self.months) == year_ends(self.years)
        return self.contributes & self.event & then
