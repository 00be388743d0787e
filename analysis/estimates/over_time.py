"""Yearly figures that allow for who is no longer followed: cumulative incidence, state probability, rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.endpoints import FirstEvent, endpoint_times
from analysis.cohort.model import Cohort
from analysis.cohort.rules import RemissionRule, levels
from analysis.cohort.timeline import in_states_at
from analysis.cohort.times import SAME, Floats
from analysis.estimates.incidence import cumulative_incidence
from analysis.estimates.intervals import rate_interval
from analysis.estimates.ledger import Flags, Setting, year_of
from analysis.estimates.state_probabilities import state_probabilities
from analysis.estimates.survival import EXACT_AT_FIRST

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
        group, year, events, patients, share, lower, upper, and person_years for a rate.
    details
        How, in words.
    """

    in_denominator: Flags
    counted: Flags
    bars: pd.DataFrame
    details: str


def first_within(cohort: Cohort, event: FirstEvent) -> Floats:
    """Return months to each patient's first event within follow-up; missing where there is none."""
    outcome = endpoint_times(cohort, event)
    return np.where(outcome.has & outcome.columns["event"], outcome.columns["months"], np.nan)


def incidence_by_year(setting: Setting, event: FirstEvent, level: float) -> Counted:
    """Return the share with the event by the end of each year (Aalen-Johansen), death competing."""
    patients = setting.cohort.patients
    result = cumulative_incidence(setting.cohort, event, by=setting.by, level=level)
    at_risk = setting.everybody()
    if len(result.left_out):
        at_risk &= setting.of_patients(~patients["patient_id"].isin(result.left_out["patient_id"]).to_numpy())
    counted = at_risk & (setting.of_patients(first_within(setting.cohort, event)) <= setting.year_end * (1 + SAME))
    at = result.at([12.0 * year for year in setting.years])
    estimates = at[["incidence", "lower", "upper"]].set_axis(SHARES, axis=1)
    return Counted(
        at_risk,
        counted,
        _bars(setting, at_risk, counted, estimates),
        f"cumulative incidence (Aalen-Johansen), death competes, {100 * level:g} % log-log interval{EXACT_AT_FIRST}",
    )


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
    alive = ~setting.of_patients(cohort.died) | (last > setting.year_end * (1 + SAME))
    followed = alive & (last >= setting.year_end * (1 - SAME))
    everybody = setting.everybody()
    counted = followed & setting.of_patients(remitted)
    estimates = result.remission[["probability", "lower", "upper"]].set_axis(SHARES, axis=1)
    if (estimates["share"] == 0).any():
        ever = incidence_by_year(setting, first, level).bars[SHARES]
        estimates = estimates.where((estimates["share"] != 0) | (ever["share"] != 0), ever)
    return Counted(
        everybody,
        counted,
        _bars(setting, everybody, counted, estimates),
        "state probability (Aalen-Johansen, remission reversible), the state changing only at visits, "
        f"{100 * level:g} % log-log interval{EXACT_AT_FIRST}; the count is of those followed to the year",
    )


def _bars(setting: Setting, in_denominator: Flags, counted: Flags, estimates: pd.DataFrame) -> pd.DataFrame:
    shares = {name: estimates[name].to_numpy() for name in SHARES}
    return setting.table(events=setting.number_of(counted), patients=setting.number_of(in_denominator), **shares)


def rate_by_year(setting: Setting, first: Floats, level: float) -> Counted:
    """Return first events per 100 patient-years in each year, until the first event, death or the end of follow-up."""
    followed = setting.of_patients(np.where(np.isnan(first), setting.cohort.numbers("follow_up_months"), first))
    months = np.clip(followed - (setting.year_end - 12), 0, 12)
    # A time within rounding of the end of the year before is none in this one.
    contributes = months > SAME * setting.year_end
    counted = contributes & (12 * setting.of_patients(year_of(first)) == setting.year_end)
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
