"""By when each patient had a first event, year by year: what shares and rates over time count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.facts.endpoints import FirstEvent, endpoint_times
from analysis.facts.place_by_year import entered, year_ends, year_of


class FirstByYear(NamedTuple):
    """Flags of years from 1 on by patients.

    Attributes
    ----------
    observed
        Who comes under observation before the end of the year.
    happened
        Who has had the event by the end of the year.
    at_risk
        Who is under observation, and without the event up to the end of the year.
    contributes
        Who is under observation and without the event for some time of the year.
    in_year
        Who has the event in the year.
    """

    observed: Flags
    happened: Flags
    at_risk: Flags
    contributes: Flags
    in_year: Flags


def first_by_year(cohort: Cohort, event: FirstEvent, years: int) -> FirstByYear:
    """Return by when each patient had the first of some events; it ends with death or follow-up."""
    outcome = endpoint_times(cohort, event)
    entry, months, happens = (np.asarray(outcome.columns[name]) for name in ("entry_months", "months", "event"))
    end = year_ends(years)
    observed: Flags = outcome.has & entered(entry, months, years)
    # A time within rounding of the end of the year before is none in this one.
    contributes: Flags = observed & (_within(entry, months, end) > SAME * end)
    return FirstByYear(
        observed,
        observed & happens & (months <= end * (1 + SAME)),
        observed & (months >= end * (1 - SAME)),
        contributes,
        contributes & happens & (12 * year_of(months) == end),
    )


def _within(entry: Floats, months: Floats, end: Floats) -> Floats:
    """Return how many months of each year lie between two times."""
    within: Floats = np.minimum(months, end) - np.maximum(entry, end - 12)
    return within
