"""Remission per year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.rules import RECORDED, RemissionRule, levels, remission_rule, remission_words, visit_states
from analysis.estimates.estimands import REMISSION_ESTIMANDS
from analysis.estimates.intervals import check_proportion_interval
from analysis.estimates.ledger import Setting, asked_for, seen_at_years, set_out
from analysis.estimates.over_time import current_by_year, first_within, incidence_by_year
from analysis.estimates.yearly import WINDOW_MONTHS, Yearly, assemble, choose_estimand, proportions

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
    chosen, counts_as = remission_rule(rule), levels(response)
    check_proportion_interval(interval)
    cohort = asked_for(cohort, by)
    states = visit_states(cohort, chosen)
    seen = seen_at_years(states, window_months)
    setting = set_out(cohort, seen, by, years)
    in_remission = states["state"].isin(counts_as)
    if estimand in DENOMINATORS:
        counted = _marked(setting, seen[in_remission[seen.index]])
        in_denominator = setting.members["place"].isin(DENOMINATORS[estimand])
        found = proportions(setting, in_denominator, counted, interval, level)
    else:
        after = states[in_remission & (states["months"] > 0)]
        found = incidence_by_year(setting, first_within(cohort, after), level)
        if estimand == "current":
            found = current_by_year(setting, chosen, response, found, level)
    words = remission_words(chosen, response)
    parts = [
        f"In {words if chosen == RECORDED else chosen.state} {chosen.words}",
        f"of {asked.denominator}",
        *([f"visits within {window_months:g} months of the year, the nearest one"] if estimand in DENOMINATORS else []),
        found.details,
        *(f"not applied: {part}" for part in chosen.not_applied(cohort)),
    ]
    return assemble(setting, found, estimand, asked.asked(words), parts)


def _marked(setting: Setting, rows: pd.DataFrame) -> pd.Series:
    """Return which rows of the members are among these: patient_id, year."""
    keys = pd.MultiIndex.from_frame(setting.members[["patient_id", "year"]])
    marked = keys.isin(pd.MultiIndex.from_frame(rows[["patient_id", "year"]]))
    return pd.Series(marked, index=setting.members.index)
