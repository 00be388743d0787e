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
from analysis.estimates.yearly.estimand import Numbers, Shares

SHARES = ["share", "lower", "upper"]
PER_PATIENT_YEARS = 100


def proportion(numbers: Numbers) -> Shares:
    """Return the numerator divided by the denominator."""
    settings, events, patients = numbers.settings, numbers.events, numbers.patients
    lower, upper = proportion_interval(events, patients, settings.interval, settings.level)
    share = np.divide(events, patients, out=np.full(len(events), np.nan), where=patients > 0)
    words = f"{100 * settings.level:g} % {PROPORTION_INTERVALS[settings.interval]} interval"
    return Shares(share, lower, upper, words)


def incidence(numbers: Numbers) -> Shares:
    """Return the cumulative incidence of the first event by the end of each year, with death competing."""
    level = numbers.settings.level
    words = f"cumulative incidence (Aalen-Johansen), death competes, {100 * level:g} % log-log interval{EXACT_AT_FIRST}"
    share, lower, upper = _incidence_limits(numbers)
    return Shares(share, lower, upper, words)


def _incidence_limits(numbers: Numbers) -> tuple[Floats, ...]:
    curve = CumulativeIncidence.of(_first_events(numbers), level=numbers.settings.level)
    at = curve.at([*map(float, numbers.shown.ends)])
    return tuple(at[name].to_numpy() for name in ("incidence", "lower", "upper"))


def state_probability(numbers: Numbers) -> Shares:
    """Return the probability of being alive and in remission at the end of each year; see `state_probabilities`.

    As long as nobody has been in remission, its limits are those of the cumulative incidence of first remission.
    """
    stays, level = numbers.counts.stays, numbers.settings.level
    if stays is None:
        raise ValueError("A probability of states is computed from stays.")
    result = StateProbabilities.of(stays, months=[*map(float, numbers.shown.ends)], level=level)
    estimates = result.remission[["probability", "lower", "upper"]].set_axis(SHARES, axis=1)
    if (estimates["share"] == 0).any():
        ever = pd.DataFrame(dict(zip(SHARES, _incidence_limits(numbers), strict=True)))
        estimates = estimates.where((estimates["share"] != 0) | (ever["share"] != 0), ever)
    words = (
        "state probability (Aalen-Johansen, remission reversible), the state changing only at visits, "
        f"{100 * level:g} % log-log interval{EXACT_AT_FIRST}"
    )
    share, lower, upper = (estimates[name].to_numpy() for name in SHARES)
    return Shares(share, lower, upper, words)


def rate(numbers: Numbers) -> Shares:
    """Return first events per 100 patient-years at risk in each year."""
    level, events = numbers.settings.level, numbers.events
    person_years = _person_years(_first_events(numbers), numbers.shown.ends)
    lower, upper = rate_interval(events.tolist(), person_years.tolist(), level)
    share = np.divide(events, person_years, out=np.full(len(events), np.nan), where=person_years > 0)
    words = (
        f"per {PER_PATIENT_YEARS} patient-years until the first relapse, death or the end of follow-up, "
        f"{100 * level:g} % exact Poisson interval"
    )
    share, lower, upper = (PER_PATIENT_YEARS * values for values in (share, lower, upper))
    return Shares(share, lower, upper, words, {"person_years": person_years})


def _person_years(counts: Leaving, ends: Floats) -> Floats:
    """Return the patient-years at risk of each group within the years that end at these months."""
    # Time to leaving is added, time to late entry is subtracted.
    counts = counts.shown
    within = np.clip(counts.months - (ends[:, None] - 12), 0.0, 12.0)
    # A time that ends at the year's beginning, within rounding, contributes nothing.
    within[within <= SAME * ends[:, None]] = 0.0
    lived: Integers = counts.leaving - counts.entered
    years: Floats = np.sum(within[None] / 12 * lived.T[:, None, :], axis=2)
    return years.ravel()


def _first_events(numbers: Numbers) -> Leaving:
    if numbers.counts.first_events is None:
        raise ValueError("A share over time is computed from the counts of first events.")
    return numbers.counts.first_events
