"""Yearly figures that allow for who is no longer followed: cumulative incidence, state probability, rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.times import SAME
from analysis.estimates.common.intervals import rate_interval
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.survival.incidence import cumulative_incidence
from analysis.estimates.survival.kaplan_meier import EXACT_AT_FIRST
from analysis.estimates.yearly.ledger import Setting, year_of
from analysis.facts.endpoints import FirstEvent, endpoint_times
from analysis.facts.observed_times import entry_months
from analysis.facts.remission import RemissionRule, levels
from analysis.facts.state_history import in_states_at

SHARES = ["share", "lower", "upper"]
PER_PATIENT_YEARS = 100


@dataclass(frozen=True)
class Counted:
    """Who counts in each year, and what is estimated from it.

    Attributes
    ----------
    in_denominator, counted
        Of each year and patient in a group.
    bars
        group, year, events, patients, share, lower, upper; person_years for a rate; at_risk for an estimated share:
        who is still followed at the end of the year, for one with an event without it so far.
    details
        How, in words.
    """

    in_denominator: Flags
    counted: Flags
    bars: pd.DataFrame
    details: str


def incidence_by_year(setting: Setting, event: FirstEvent, level: float) -> Counted:
    """Return the share with the event by the end of each year (Aalen-Johansen), death competing."""
    result = cumulative_incidence(setting.cohort, event, by=setting.by, level=level)
    times = _Times.of(setting, event)
    counted = times.there & times.event & (times.months <= setting.year_end * (1 + SAME))
    at = result.at([12.0 * year for year in setting.years])
    return Counted(
        times.there,
        counted,
        _bars(setting, times.there, counted, times.at_risk, at["incidence"], at["lower"], at["upper"]),
        f"cumulative incidence (Aalen-Johansen), death competes, {100 * level:g} % log-log interval{EXACT_AT_FIRST}",
    )


@dataclass(frozen=True)
class _Times:
    """When each patient in a group comes and goes, as far as an event is asked for.

    Attributes
    ----------
    entry, months, event
        When observation begins, when and how it ends.
    there
        Who is under observation before the end of each year.
    at_risk
        Who is under observation and without the event up to the end of each year.
    """

    entry: Floats
    months: Floats
    event: Flags
    there: Flags
    at_risk: Flags

    @classmethod
    def of(cls, setting: Setting, event: FirstEvent) -> _Times:
        outcome = endpoint_times(setting.cohort, event)
        entry, months, happens = (
            setting.of_patients(np.asarray(outcome.columns[name])) for name in ("entry_months", "months", "event")
        )
        there = setting.of_patients(outcome.has) & _entered(setting, entry)
        return cls(entry, months, happens.astype(bool), there, there & (months >= setting.year_end * (1 - SAME)))


def _entered(setting: Setting, entry: Floats) -> Flags:
    """Return who is under observation before the end of each year: who enters at a time is at risk only after it."""
    entered: Flags = (entry == 0) | (entry < setting.year_end * (1 - SAME))
    return entered


def current_by_year(setting: Setting, rule: RemissionRule, response: str, first: FirstEvent, level: float) -> Counted:
    """Return the probability of being alive and in remission at the end of each year; see `state_probabilities`.

    Where nobody has ever been in remission it has the limits of the cumulative incidence of the first remission.
    """
    cohort = setting.cohort
    result = state_probabilities(
        cohort,
        months=[12.0 * year for year in setting.years],
        rule=rule,
        response=response,
        level=level,
        by=setting.by,
    )
    remitted = in_states_at(cohort, rule, [12.0 * year for year in setting.years], levels(response))
    last = setting.of_patients(cohort.numbers("follow_up_months"))
    entered = setting.everybody() & _entered(setting, setting.of_patients(entry_months(cohort)))
    followed = entered & ~setting.died() & (last >= setting.year_end * (1 - SAME))
    counted = followed & setting.of_patients(remitted)
    estimates = result.remission[["probability", "lower", "upper"]].set_axis(SHARES, axis=1)
    if (estimates["share"] == 0).any():
        ever = incidence_by_year(setting, first, level).bars[SHARES]
        estimates = estimates.where((estimates["share"] != 0) | (ever["share"] != 0), ever)
    return Counted(
        entered,
        counted,
        _bars(setting, entered, counted, followed, *(estimates[name] for name in SHARES)),
        "state probability (Aalen-Johansen, remission reversible), the state changing only at visits, "
        f"{100 * level:g} % log-log interval{EXACT_AT_FIRST}",
    )


def _bars(
    setting: Setting, in_denominator: Flags, counted: Flags, at_risk: Flags, *estimates: pd.Series
) -> pd.DataFrame:
    shares = {name: values.to_numpy() for name, values in zip(SHARES, estimates, strict=True)}
    events, patients, left = (setting.number_of(each) for each in (counted, in_denominator, at_risk))
    return setting.table(events=events, patients=patients, **shares, at_risk=left)


def rate_by_year(setting: Setting, event: FirstEvent, level: float) -> Counted:
    """Return first events per 100 patient-years in each year, until the first event, death or the end of follow-up."""
    times = _Times.of(setting, event)
    begin, end = setting.year_end - 12, setting.year_end
    months = np.minimum(times.months, end) - np.maximum(times.entry, begin)
    # A time within rounding of the end of the year before is none in this one.
    contributes = times.there & (months > SAME * end)
    counted = contributes & times.event & (12 * year_of(times.months) == end)
    events, patients = setting.number_of(counted), setting.number_of(contributes)
    person_years = setting.sums(np.where(contributes, months / 12, 0.0))
    lower, upper = rate_interval(events.tolist(), person_years.tolist(), level)
    share = np.divide(events, person_years, out=np.full(len(events), np.nan), where=person_years > 0)
    per_hundred = {"share": share, "lower": lower, "upper": upper}
    return Counted(
        contributes,
        counted,
        setting.table(
            events=events,
            patients=patients,
            **{name: PER_PATIENT_YEARS * values for name, values in per_hundred.items()},
            person_years=person_years,
        ),
        f"per {PER_PATIENT_YEARS} patient-years until the first relapse, death or the end of follow-up, "
        f"{100 * level:g} % exact Poisson interval",
    )
