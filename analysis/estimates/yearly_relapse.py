"""Relapse per year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.relapses import RECORDED_RELAPSE, RelapseRule, find_relapses, relapse_rule
from analysis.cohort.rules import RemissionRule, levels, remission_rule, remission_words
from analysis.cohort.states import visits_alive
from analysis.cohort.timeline import state_at, timeline
from analysis.cohort.times import SAME
from analysis.estimates.estimands import RELAPSE_ESTIMANDS
from analysis.estimates.intervals import check_proportion_interval
from analysis.estimates.ledger import Setting, asked_for, seen_at_years, set_out, year_of
from analysis.estimates.over_time import Counted, first_within, incidence_by_year, rate_by_year
from analysis.estimates.words import count_words
from analysis.estimates.yearly import WINDOW_MONTHS, Yearly, assemble, choose_estimand, proportions


def yearly_relapse(
    cohort: Cohort,
    *,
    estimand: str = "assessed",
    rule: str | RelapseRule = "recorded",
    remission: str | RemissionRule = "recorded",
    response: str = "complete",
    window_months: float = WINDOW_MONTHS,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
    years: Sequence[int] | None = None,
) -> Yearly:
    """Return the share with a first relapse in each year after transplantation; year k is months (12(k-1), 12k].

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed": first relapses in the year among patients alive at a visit within the window round its end; a
        relapse of somebody not seen then is in no bar, and the method says how many there are. "at_risk": first
        relapses among those followed into the year, in remission at the last visit with a known state and without a
        relapse so far. "rate": first relapses per 100 patient-years. "cumulative": cumulative incidence of the first
        relapse, death competing.
    rule
        "recorded" (``relapse_months`` of the patients, else the visits), "visits", or a rule made by
        `rise_after_remission` or `selena_flare`.
    remission, response
        What remission is for "at_risk", and to tell which relapses came before any; as for `yearly_remission`.
    window_months, by, years
        As for `yearly_remission`.
    interval, level
        As for `yearly_remission`; "rate" has exact Poisson, "cumulative" log-log limits.

    Raises
    ------
    ValueError
        If an argument is not one of those above, or the cohort lacks a column that the rule needs.
    """
    asked = choose_estimand(RELAPSE_ESTIMANDS, estimand)
    chosen, state_rule = relapse_rule(rule), remission_rule(remission)
    remission_in_words = remission_words(state_rule, response)
    question = asked.asked(remission_in_words)
    check_proportion_interval(interval)
    cohort = asked_for(cohort, by)
    parts = [f"First relapses {chosen.words}", f"of {asked.denominator}"]
    if chosen == RECORDED_RELAPSE and chosen.missing_columns(cohort):
        setting = set_out(cohort, seen_at_years(visits_alive(cohort), window_months), by, years)
        nobody = pd.Series(False, index=setting.members.index)
        found = proportions(setting, nobody, nobody, interval, level)
        return assemble(setting, found, estimand, question, [*parts, "this cohort records no relapses"])
    relapses = find_relapses(cohort, chosen, state_rule, response)
    firsts = relapses[relapses["number"] == 1]
    setting = set_out(cohort, seen_at_years(_visits_to_judge(cohort, chosen), window_months), by, years)
    if estimand == "cumulative":
        found = incidence_by_year(setting, first_within(cohort, firsts), level)
    elif estimand == "rate":
        found = rate_by_year(setting, first_within(cohort, firsts), level)
    else:
        first = cohort.patients["patient_id"].map(firsts.set_index("patient_id")["months"]).astype(float)
        if estimand == "assessed":
            in_denominator = setting.members["place"] == "assessed"
            parts.append(f"visits within {window_months:g} months of the end of the year")
        else:
            in_denominator = _enters(setting, first, timeline(cohort, state_rule), levels(response))
            parts += _entering_words(setting, in_denominator, first)
        in_year = setting.of_patients(year_of(first)) == setting.members["year"]
        found = proportions(setting, in_denominator, in_year & in_denominator, interval, level)
    unseen = " of patients not seen then" if estimand == "assessed" else ""
    parts += [found.details, *_notes(setting, found, firsts, unseen, remission_in_words)]
    return assemble(setting, found, estimand, question, parts)


def _visits_to_judge(cohort: Cohort, rule: RelapseRule) -> pd.DataFrame:
    """Return the visits at which a patient was alive and a relapse by the rule could have been seen."""
    visits = visits_alive(cohort)
    return visits.dropna(subset=[rule.measured]) if rule.measured else visits


def _enters(setting: Setting, first: pd.Series, states: pd.DataFrame, counts_as: tuple[str, ...]) -> pd.Series:
    """Return who enters each year followed, in remission and without a relapse so far."""
    begin = setting.year_end - 12
    state = state_at(states, setting.members["patient_id"], begin)
    followed = setting.of_patients(setting.cohort.patients["follow_up_months"]) > begin * (1 + SAME)
    return followed & state.isin(counts_as) & ~(setting.of_patients(first) <= begin * (1 + SAME))


def _entering_words(setting: Setting, enters: pd.Series, first: pd.Series) -> list[str]:
    words = ["the state at the last visit by the start of the year"]
    if not (enters & (setting.members["year"] == 1)).any():
        words.append("nobody is in remission at transplantation, so nobody enters year 1")
    short = setting.of_patients(setting.cohort.patients["follow_up_months"]) < setting.year_end * (1 - SAME)
    cut = setting.members[enters & short & ~(setting.of_patients(first) <= setting.year_end)]
    # A year of a patient who is in two groups is there twice.
    if number := len(cut.drop_duplicates(["patient_id", "year"])):
        words.append(f"{count_words(number, 'patient-year')} not followed to the end, counted as without relapse")
    return words


def _notes(setting: Setting, found: Counted, firsts: pd.DataFrame, whose: str, remission: str) -> list[str]:
    """Return how many first relapses are in no bar, and how many came before any remission."""
    grouped = firsts[firsts["patient_id"].isin(setting.members["patient_id"])]
    inside = setting.members.loc[found.counted, "patient_id"]
    outside = int((~grouped["patient_id"].isin(inside)).sum())
    before = int((~grouped["after_remission"].fillna(True).astype(bool)).sum())
    notes = [f"{count_words(outside, 'first relapse')}{whose} in no bar"] if outside else []
    return [*notes, f"{count_words(before, 'first relapse')} before any {remission}"] if before else notes
