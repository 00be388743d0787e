"""Remission per year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from analysis.cohort.arrays import Flags
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.estimands import REMISSION_ESTIMANDS, no_estimator
from analysis.estimates.yearly.ledger import (
    Setting,
    asked_for,
    late_words,
    seen_at_years,
    set_out,
    shown_years,
    under_observation,
)
from analysis.estimates.yearly.over_time import Counted, current_by_year, incidence_by_year
from analysis.estimates.yearly.yearly import WINDOW_MONTHS, Counting, Yearly, assemble, choose_estimand, proportions
from analysis.facts.endpoints import FirstEvent
from analysis.facts.remission import (
    RECORDED,
    RemissionRule,
    among,
    first_in_remission,
    levels,
    remission_rule,
    remission_words,
    visit_states,
)

DENOMINATORS = {
    "assessed": ("assessed",),
    "deaths_counted": ("assessed", "died_before"),
    "all_due": ("assessed", "died_before", "visit_missing", "lost_before", "ended_unknown"),
}
# The dead are in their denominators. Who died before observation began could not get in, so that of those observed only
# from later than transplantation on no share with the dead can be counted.
WITH_THE_DEAD = ("deaths_counted", "all_due")


def yearly_remission(
    cohort: Cohort,
    *,
    estimand: str = "assessed",
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    window_months: float = WINDOW_MONTHS,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
    years: Sequence[int] | None = None,
) -> Yearly:
    """Return the share in remission at 12, 24, ... months.

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed": of the patients alive at a visit with a known state within the window, the state at the visit
        nearest to the year, of two equally near ones the earlier. "deaths_counted": of those, and of all who died
        before they could be assessed; who has died by the end of the year is not in remission, also after a visit in
        remission. "all_due": the same of all but those not yet due. Both are of the patients observed from
        transplantation on. "ever": cumulative incidence of the first remission, death competing. "current":
        probability of being alive and in remission (Aalen-Johansen).
    rule
        "recorded": the state as the clinic recorded it; or a rule made by `sledai_at_most`, `doris_2021` or `lldas`.
    response
        "complete", or "any" for complete or partial remission. Only the recorded state tells them apart.
    window_months
        How far from 12, 24, ... months a visit may lie, in months; above 0, at most 6.
    interval, level
        "wilson" or "clopper-pearson", and the confidence level; "ever" and "current" have log-log limits.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".
    years
        The years to show; without them 1 to the last with anyone assessed.

    Raises
    ------
    ValueError
        If an argument is not one of those above, or the visits lack a column that the rule needs.
    """
    asked = choose_estimand(REMISSION_ESTIMANDS, estimand)
    chosen = remission_rule(rule)
    counting = Counting(estimand, window_months, interval, level, by, None if years is None else tuple(years))
    count = partial(_count, cohort, counting, chosen, response)
    setting, found = count()
    words = remission_words(chosen, response)
    parts = [
        f"In {words if chosen == RECORDED else chosen.state} {chosen.words}",
        f"of {asked.denominator}",
        *([f"visits within {window_months:g} months of the year, the nearest one"] if estimand in DENOMINATORS else []),
        found.details,
        *_notes(setting, found, estimand),
        *(f"not applied: {part}" for part in chosen.not_applied(cohort)),
    ]
    return assemble(setting, found, estimand, asked.asked(words), parts, count)


def _count(cohort: Cohort, counting: Counting, rule: RemissionRule, response: str) -> tuple[Setting, Counted]:
    """Return where everybody is each year, and who counts."""
    estimand, level = counting.estimand, counting.level
    cohort = asked_for(cohort, counting.by)
    from_start = estimand in WITH_THE_DEAD
    setting = set_out(cohort, counting.by, counting.years, _seen, rule, counting.window_months, from_start=from_start)
    if estimand in DENOMINATORS:
        seen = _in_remission(cohort, counting.years, rule, response, counting.window_months)
        remitted = setting.of_patients(seen["remitted"][: len(setting.years)]) & setting.everybody()
        in_denominator = setting.among(DENOMINATORS[estimand])
        if estimand not in WITH_THE_DEAD:
            return setting, proportions(setting, in_denominator, remitted, counting)
        died = setting.died()
        died_in_remission = setting.number_of(remitted & died)
        counted = remitted & ~died
        return setting, proportions(setting, in_denominator, counted, counting, died_in_remission=died_in_remission)
    first = FirstEvent(first_in_remission, (rule, response), remission_words(rule, response))
    if estimand == "ever":
        return setting, incidence_by_year(setting, first, level)
    if estimand == "current":
        return setting, current_by_year(setting, rule, response, first, level)
    raise no_estimator(estimand)


def _notes(setting: Setting, found: Counted, estimand: str) -> list[str]:
    """Return what the numbers do not show: who died after a visit in remission, and who is observed late."""
    notes = late_words(setting)
    if estimand in WITH_THE_DEAD and (died := int(found.bars["died_in_remission"].sum())):
        # A year of a patient who is in two groups is there twice.
        words = count_words(died, "patient-year")
        notes.append(f"{words} of patients who died by the end of the year after a visit in remission, not counted")
    return notes


@per_patient
def _seen(cohort: Cohort, rule: RemissionRule, window_months: float) -> dict[str, Any]:
    """Return row, year and state of every patient assessed in a year."""
    states = visit_states(cohort, rule)
    observed = under_observation(cohort, states["row"].to_numpy(), states["months"].to_numpy())
    row, months, state = (states[name].array[observed] for name in ("row", "months", "state"))
    row = row.to_numpy()
    stands, year = seen_at_years(row, months.to_numpy(), window_months)
    return {"row": row[stands], "year": year, "state": state[stands]}


@per_patient
def _in_remission(
    cohort: Cohort, years: tuple[int, ...] | None, rule: RemissionRule, response: str, window_months: float
) -> dict[str, Flags]:
    """Return who was seen in remission in which year, a row a year."""
    seen = _seen(cohort, rule, window_months)
    years = shown_years(seen, years)
    inside = among(seen["state"], levels(response))
    row, year = seen["row"][inside], seen["year"][inside]
    remitted = np.zeros((len(years), len(cohort)), dtype=bool)
    for of_year, shown in zip(remitted, years, strict=True):
        of_year[row[year == shown]] = True
    return {"remitted": remitted}
