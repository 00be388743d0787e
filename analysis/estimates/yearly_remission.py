"""Remission per year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from analysis.cohort.endpoints import FirstEvent
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.rules import (
    RECORDED,
    RemissionRule,
    among,
    first_in_remission,
    levels,
    remission_rule,
    remission_words,
    visit_states,
)
from analysis.estimates.estimands import REMISSION_ESTIMANDS
from analysis.estimates.ledger import (
    PLACES,
    Flags,
    Setting,
    asked_for,
    seen_at_years,
    set_out,
    shown_years,
)
from analysis.estimates.over_time import Counted, current_by_year, incidence_by_year
from analysis.estimates.yearly import WINDOW_MONTHS, Counting, Yearly, assemble, choose_estimand, proportions

DENOMINATORS = {
    "assessed": ("assessed",),
    "deaths_counted": ("assessed", "died_before"),
    "all_due": ("assessed", "died_before", "visit_missing", "lost_before", "ended_unknown"),
}


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
        before they could be assessed. "all_due": of all but those not yet due. "ever": cumulative incidence of the
        first remission, death competing. "current": probability of being alive and in remission (Aalen-Johansen).
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
        *(f"not applied: {part}" for part in chosen.not_applied(cohort)),
    ]
    return assemble(setting, found, estimand, asked.asked(words), parts, count)


def _count(cohort: Cohort, counting: Counting, rule: RemissionRule, response: str) -> tuple[Setting, Counted]:
    """Return where everybody is each year, and who counts."""
    estimand, level = counting.estimand, counting.level
    cohort = asked_for(cohort, counting.by)
    setting = set_out(cohort, counting.by, counting.years, _seen, rule, counting.window_months)
    if estimand in DENOMINATORS:
        seen = cohort.derived(_in_remission, counting.years, rule, response, counting.window_months)
        counted = setting.of_patients(seen["remitted"][: len(setting.years)])
        in_denominator = np.isin(PLACES, DENOMINATORS[estimand])[setting.place]
        return setting, proportions(setting, in_denominator, counted, counting)
    first = FirstEvent(first_in_remission, (rule, response), remission_words(rule, response))
    if estimand == "ever":
        return setting, incidence_by_year(setting, first, level)
    return setting, current_by_year(setting, rule, response, first, level)


def _seen(cohort: Cohort, rule: RemissionRule, window_months: float) -> dict[str, Any]:
    """Return row, year and state of every patient assessed in a year."""
    states = visit_states(cohort, rule)
    row = states["row"].to_numpy()
    stands, year = seen_at_years(row, states["months"].to_numpy(), window_months)
    return {"row": row[stands], "year": year, "state": states["state"].array[stands]}


def _in_remission(
    cohort: Cohort, years: tuple[int, ...] | None, rule: RemissionRule, response: str, window_months: float
) -> dict[str, Flags]:
    """Return who was seen in remission in which year, a row a year."""
    seen = cohort.derived(_seen, rule, window_months)
    years = shown_years(seen, years)
    inside = among(seen["state"], levels(response))
    row, year = seen["row"][inside], seen["year"][inside]
    remitted = np.zeros((len(years), len(cohort)), dtype=bool)
    for of_year, shown in zip(remitted, years, strict=True):
        of_year[row[year == shown]] = True
    return {"remitted": remitted}
