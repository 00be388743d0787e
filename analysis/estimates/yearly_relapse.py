"""Relapse per year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.relapses import RECORDED_RELAPSE, RelapseRule, find_relapses, relapse_rule
from analysis.cohort.rules import RemissionRule, levels, remission_rule, remission_words
from analysis.cohort.states import alive_at_visits
from analysis.cohort.timeline import state_at
from analysis.cohort.times import SAME
from analysis.estimates.estimands import RELAPSE_ESTIMANDS
from analysis.estimates.intervals import check_proportion_interval
from analysis.estimates.ledger import (
    ASSESSED,
    Flags,
    Setting,
    asked_for,
    check_window,
    seen_at_years,
    set_out,
    year_of,
)
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
    check_window(window_months)
    cohort = asked_for(cohort, by)
    parts = [f"First relapses {chosen.words}", f"of {asked.denominator}"]
    if chosen == RECORDED_RELAPSE and chosen.missing_columns(cohort):
        setting = set_out(cohort, by, years, _seen, "", window_months)
        nobody = ~setting.everybody()
        found = proportions(setting, nobody, nobody, interval, level)
        return assemble(setting, found, estimand, question, [*parts, "this cohort records no relapses"])
    relapses = find_relapses(cohort, chosen, state_rule, response)
    firsts = relapses[relapses["number"] == 1]
    setting = set_out(cohort, by, years, _seen, chosen.measured, window_months)
    if estimand == "cumulative":
        found = incidence_by_year(setting, first_within(cohort, firsts), level)
    elif estimand == "rate":
        found = rate_by_year(setting, first_within(cohort, firsts), level)
    else:
        first = pd.Series(np.nan, index=cohort.patients.index)
        first.iloc[firsts["row"]] = firsts["months"].to_numpy()
        if estimand == "assessed":
            in_denominator = setting.place == ASSESSED
            parts.append(f"visits within {window_months:g} months of the end of the year")
        else:
            in_denominator = _enters(setting, first, state_rule, levels(response))
            parts += _entering_words(setting, in_denominator, first)
        in_year = 12 * setting.of_patients(year_of(first)) == setting.year_end
        found = proportions(setting, in_denominator, in_year & in_denominator, interval, level)
    unseen = " of patients not seen then" if estimand == "assessed" else ""
    parts += [found.details, *_notes(setting, found, firsts, unseen, remission_in_words)]
    return assemble(setting, found, estimand, question, parts)


def _seen(cohort: Cohort, measured: str, window_months: float) -> pd.DataFrame:
    """Return row and year of every patient seen alive, at a visit that could have told of a relapse."""
    could_tell = alive_at_visits(cohort)
    if measured:
        could_tell &= cohort.visits[measured].notna().to_numpy()
    visits = pd.DataFrame({"row": cohort.visit_rows, "months": cohort.visits["months"].astype(float)})
    return seen_at_years(visits[could_tell], window_months)[["row", "year"]]


def _enters(setting: Setting, first: pd.Series, rule: RemissionRule, counts_as: tuple[str, ...]) -> Flags:
    """Return who enters each year followed, in remission and without a relapse so far."""
    begin = setting.year_end - 12
    of_all = [state_at(setting.cohort, rule, 12.0 * (year - 1)).isin(counts_as) for year in setting.years]
    followed = setting.of_patients(setting.cohort.patients["follow_up_months"]) > begin * (1 + SAME)
    return followed & setting.of_years(of_all) & ~(setting.of_patients(first) <= begin * (1 + SAME))


def _entering_words(setting: Setting, enters: Flags, first: pd.Series) -> list[str]:
    words = ["the state at the last visit by the start of the year"]
    if not (enters & (setting.year_end == 12)).any():
        words.append("nobody is in remission at transplantation, so nobody enters year 1")
    short = setting.of_patients(setting.cohort.patients["follow_up_months"]) < setting.year_end * (1 - SAME)
    cut = enters & short & ~(setting.of_patients(first) <= setting.year_end)
    # A year of a patient who is in two groups is there twice.
    if number := sum(len(np.unique(setting.rows[of_year])) for of_year in cut):
        words.append(f"{count_words(number, 'patient-year')} not followed to the end, counted as without relapse")
    return words


def _notes(setting: Setting, found: Counted, firsts: pd.DataFrame, whose: str, remission: str) -> list[str]:
    """Return how many first relapses are in no bar, and how many came before any remission."""
    inside = np.zeros(len(setting.cohort), dtype=bool)
    inside[setting.rows[found.counted.any(axis=0)]] = True
    grouped = np.zeros(len(setting.cohort), dtype=bool)
    grouped[setting.rows] = bool(setting.years)
    outside = int((grouped & ~inside)[firsts["row"]].sum())
    without_remission = ~firsts["after_remission"].fillna(True).to_numpy(dtype=bool)
    before = int((without_remission & grouped[firsts["row"]]).sum())
    notes = [f"{count_words(outside, 'first relapse')}{whose} in no bar"] if outside else []
    return [*notes, f"{count_words(before, 'first relapse')} before any {remission}"] if before else notes
