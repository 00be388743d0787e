"""Estimators of yearly shares: proportion, cumulative incidence, state probability, rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.times import SAME
from analysis.counts.leaving import Leaving
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, proportion_interval, rate_interval
from analysis.estimates.states.state_probabilities import StateProbabilities
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import EXACT_AT_FIRST
from analysis.estimates.yearly.estimand import CountedYears, Shares
from analysis.estimates.yearly.yearly_numbers import Numbers

PER_PATIENT_YEARS = 100


def proportion(numbers: Numbers) -> Shares:
    """Return the numerator divided by the denominator."""
    settings, share = numbers.settings, _divided(numbers.events, numbers.patients)
    lower, upper = proportion_interval(numbers.events, numbers.patients, settings.interval, settings.level)
    words = f"{100 * settings.level:g} % {PROPORTION_INTERVALS[settings.interval]} interval"
    return Shares(share, _where_known(share, lower), _where_known(share, upper), words)


def rate(numbers: Numbers) -> Shares:
    """Return first events per 100 patient-years at risk in each year."""
    if numbers.person_years is None:
        raise ValueError("A rate is computed from patient-years.")
    level, share = numbers.settings.level, _divided(numbers.events, numbers.person_years)
    lower, upper = rate_interval(numbers.events, numbers.person_years, level)
    words = (
        f"per {PER_PATIENT_YEARS} patient-years until the first relapse, death or the end of follow-up, "
        f"{100 * level:g} % exact Poisson interval"
    )
    share, lower, upper = (PER_PATIENT_YEARS * _where_known(share, value) for value in (share, lower, upper))
    return Shares(share, lower, upper, words)


def incidence(numbers: Numbers) -> Shares:
    """Return the cumulative incidence of the first event by the end of each year, with death competing."""
    level = numbers.settings.level
    words = f"cumulative incidence (Aalen-Johansen), death competes, {100 * level:g} % log-log interval{EXACT_AT_FIRST}"
    share, lower, upper = _of_curve(numbers)
    return Shares(share, lower, upper, words)


def state_probability(numbers: Numbers) -> Shares:
    """Return the probability of being alive and in remission at the end of each year; see `state_probabilities`.

    As long as nobody has been in remission, its limits are those of the cumulative incidence of first remission.
    """
    words = (
        "state probability (Aalen-Johansen, remission reversible), the state changing only at visits, "
        f"{100 * numbers.settings.level:g} % log-log interval{EXACT_AT_FIRST}"
    )
    share, lower, upper = _of_curve(numbers)
    return Shares(share, lower, upper, words)


def incidence_curve(counted: CountedYears) -> Floats:
    """Return cumulative incidence, lower and upper limit: by groups and years."""
    curve = CumulativeIncidence.of(_first_events(counted), level=counted.settings.level)
    return _at_ends(curve.at([*map(float, counted.shown.ends)]), "incidence", counted)


def state_probability_curve(counted: CountedYears) -> Floats:
    """Return the probability of remission, lower and upper limit: by groups and years."""
    if counted.counts.stays is None:
        raise ValueError("A probability of states is computed from stays.")
    ends = [*map(float, counted.shown.ends)]
    result = StateProbabilities.of(counted.counts.stays, months=ends, level=counted.settings.level)
    current = _at_ends(result.remission, "probability", counted)
    if not (current[0] == 0).any():
        return current
    ever = incidence_curve(counted)
    return np.where((current[0] == 0) & (ever[0] == 0), ever, current)


def person_years(counted: CountedYears) -> Floats:
    """Return the patient-years at risk within each year, groups by years."""
    # Time to leaving is added, time to late entry is subtracted.
    counts, ends = _first_events(counted).shown, counted.shown.ends
    within = np.clip(counts.months - (ends[:, None] - 12), 0.0, 12.0)
    # A time that ends at the year's beginning, within rounding, contributes nothing.
    within[within <= SAME * ends[:, None]] = 0.0
    lived: Integers = counts.leaving - counts.entered
    years: Floats = np.sum(within[None] / 12 * lived.T[:, None, :], axis=2)
    return years


def _divided(events: Integers | Floats, of: Integers | Floats) -> Floats:
    """Return a share, missing where nobody was observed or a number is hidden."""
    share: Floats = np.divide(events, of, out=np.full(events.shape, np.nan), where=of > 0)
    return share


def _where_known(share: Floats, limit: Floats) -> Floats:
    """Return a limit, missing where the share is."""
    return np.where(np.isnan(share), np.nan, limit)


def _of_curve(numbers: Numbers) -> Floats:
    if numbers.curve is None:
        raise ValueError("A probability is estimated from times.")
    return numbers.curve


def _at_ends(table: pd.DataFrame, name: str, counted: CountedYears) -> Floats:
    """Return an estimate, lower and upper limit of a table of groups and the ends of years."""
    shape = len(counted.counts.places.groups.shown), len(counted.shown.years)
    return np.stack([table[each].to_numpy(dtype=float).reshape(shape) for each in (name, "lower", "upper")])


def _first_events(counted: CountedYears) -> Leaving:
    if counted.counts.first_events is None:
        raise ValueError("A share over time is computed from the counts of first events.")
    return counted.counts.first_events
