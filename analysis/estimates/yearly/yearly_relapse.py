"""Relapse per year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.columns import Columns, number_of_patients
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, no_estimator
from analysis.estimates.yearly.ledger import (
    ASSESSED,
    Setting,
    asked_for,
    late_words,
    seen_at_years,
    set_out,
    under_observation,
    year_of,
)
from analysis.estimates.yearly.over_time import Counted, incidence_by_year, rate_by_year
from analysis.estimates.yearly.yearly import WINDOW_MONTHS, Counting, Yearly, assemble, choose_estimand, proportions
from analysis.facts.endpoints import FirstEvent
from analysis.facts.observed_times import entry_months
from analysis.facts.recorded_events import alive_at_visits
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule, relapse_columns, relapse_rule
from analysis.facts.remission import RemissionRule, levels, remission_rule, remission_words
from analysis.facts.state_history import in_states_at


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
    counting = Counting(estimand, window_months, interval, level, by, None if years is None else tuple(years))
    parts = [f"First relapses {chosen.words}", f"of {asked.denominator}"]
    if chosen == RECORDED_RELAPSE and chosen.missing_columns(cohort):
        count = partial(_count_nobody, cohort, counting)
        return assemble(*count(), estimand, question, [*parts, "this cohort records no relapses"], count)
    count = partial(_count, cohort, counting, chosen, state_rule, response)
    setting, found = count()
    firsts = _first_of_each(setting.cohort, chosen, state_rule, response)
    if estimand == "assessed":
        parts.append(f"visits within {window_months:g} months of the end of the year")
    elif estimand == "at_risk":
        parts += _entering_words(setting, found.in_denominator, firsts["months"])
    unseen = " of patients not seen then" if estimand == "assessed" else ""
    parts += [found.details, *late_words(setting), *_notes(setting, found, firsts, unseen, remission_in_words)]
    return assemble(setting, found, estimand, question, parts, count)


def _count(
    cohort: Cohort, counting: Counting, rule: RelapseRule, remission: RemissionRule, response: str
) -> tuple[Setting, Counted]:
    """Return where everybody is each year, and who counts."""
    cohort = asked_for(cohort, counting.by)
    first = _first_of_each(cohort, rule, remission, response)
    setting = set_out(cohort, counting.by, counting.years, _seen, rule.measured, counting.window_months)
    event = FirstEvent(_firsts, (rule, remission, response), "relapse")
    if counting.estimand == "cumulative":
        return setting, incidence_by_year(setting, event, counting.level)
    if counting.estimand == "rate":
        return setting, rate_by_year(setting, event, counting.level)
    if counting.estimand == "assessed":
        in_denominator = setting.place == ASSESSED
    elif counting.estimand == "at_risk":
        in_denominator = _enters(setting, first["months"], remission, levels(response))
    else:
        raise no_estimator(counting.estimand)
    in_year = setting.of_patients(first["year"]) == np.asarray(setting.years, dtype=float)[:, None]
    return setting, proportions(setting, in_denominator, in_year & in_denominator, counting)


def _count_nobody(cohort: Cohort, counting: Counting) -> tuple[Setting, Counted]:
    """Return where everybody is each year, where nobody's relapses are known."""
    by = counting.by
    setting = set_out(asked_for(cohort, by), by, counting.years, _seen, "", counting.window_months)
    nobody = np.zeros_like(setting.place, dtype=bool)
    return setting, proportions(setting, nobody, nobody, counting)


def _firsts(cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> pd.DataFrame:
    """Return row and months of the first relapse of each patient who has one."""
    months = _first_of_each(cohort, rule, remission, response)["months"]
    row = np.flatnonzero(~np.isnan(months))
    return pd.DataFrame({"row": row, "months": months[row]})


@per_patient
def _first_of_each(
    cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str
) -> dict[str, NDArray[Any]]:
    """Return of each patient the first relapse: months, year (missing where there is none), before_remission."""
    found = relapse_columns(cohort, rule, remission, response)
    first = np.flatnonzero(found["number"] == 1)
    row = found["row"][first]
    months, before = np.full(len(cohort), np.nan), np.zeros(len(cohort), dtype=bool)
    months[row] = found["months"][first]
    before[row] = ~found["after_remission"][first].to_numpy(dtype=bool, na_value=True)
    return {"months": months, "year": year_of(months), "before_remission": before}


@per_patient
def _seen(cohort: Cohort, measured: str, window_months: float) -> dict[str, NDArray[Any]]:
    """Return row and year of every patient seen alive, at a visit that could have told of a relapse."""
    could_tell = alive_at_visits(cohort)
    if measured:
        could_tell = could_tell & cohort.visits[measured].notna().to_numpy()
    row, months = cohort.visit_rows, cohort.visits["months"].to_numpy(dtype=float)
    could_tell = could_tell & under_observation(cohort, row, months)
    row, months = row[could_tell], months[could_tell]
    stands, year = seen_at_years(row, months, window_months)
    return {"row": row[stands], "year": year}


def _enters(setting: Setting, first: Floats, rule: RemissionRule, counts_as: tuple[str, ...]) -> Flags:
    """Return who enters each year followed, in remission and without a relapse so far."""
    begin, cohort = setting.year_end - 12, setting.cohort
    observed = setting.everybody() & (setting.of_patients(entry_months(cohort)) <= begin * (1 + SAME))
    remitted = in_states_at(cohort, rule, [12.0 * (year - 1) for year in setting.years], counts_as)
    followed = setting.of_patients(cohort.numbers("follow_up_months")) > begin * (1 + SAME)
    return observed & followed & setting.of_patients(remitted) & ~(setting.of_patients(first) <= begin * (1 + SAME))


def _entering_words(setting: Setting, enters: Flags, first: Floats) -> list[str]:
    words = ["the state at the last visit by the start of the year"]
    if not (enters & (setting.year_end == 12)).any():
        words.append("nobody is in remission at transplantation, so nobody enters year 1")
    short = setting.of_patients(setting.cohort.numbers("follow_up_months")) < setting.year_end * (1 - SAME)
    cut = enters & short & ~(setting.of_patients(first) <= setting.year_end)
    # A year of a patient who is in two groups is there twice.
    if number := sum(number_of_patients(setting.who.rows[of_year]) for of_year in cut):
        words.append(f"{count_words(number, 'patient-year')} not followed to the end, counted as without relapse")
    return words


def _notes(setting: Setting, found: Counted, firsts: Columns, whose: str, remission: str) -> list[str]:
    """Return how many first relapses are in no bar, and how many came before any remission."""
    inside, grouped = (np.zeros(len(setting.cohort), dtype=bool) for _ in range(2))
    inside[setting.who.rows[found.counted.any(axis=0)]] = True
    grouped[setting.who.rows] = bool(setting.years)
    outside = int((~np.isnan(firsts["months"]) & grouped & ~inside).sum())
    before = int((firsts["before_remission"] & grouped).sum())
    notes = [f"{count_words(outside, 'first relapse')}{whose} in no bar"] if outside else []
    return [*notes, f"{count_words(before, 'first relapse')} before any {remission}"] if before else notes
