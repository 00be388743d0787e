"""Yearly remission."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.yearly import Yearly, years_asked
from analysis.facts.place_by_year import WINDOW_MONTHS
from analysis.facts.remission import RemissionRule, remission_rule
from analysis.facts.remission_by_year import RemissionByYear


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
        "assessed": of patients alive at a visit with a known state within the window, by the visit nearest to the year,
        the earlier one of a tie. "deaths_counted": of those and of patients who died before they could be assessed; the
        dead are not in remission, even after a visit in remission within the window. "all_due": of all patients but
        those not yet due; the dead and those not assessed are not in remission. Both exclude patients with late entry.
        "ever": cumulative incidence of the first remission, with death competing. "current": probability of being alive
        and in remission (Aalen-Johansen).
    rule
        "recorded" for the state recorded by the clinic, or a rule made by a function such as `sledai_at_most`,
        `doris_2021` or `renal_response_kdigo_2024`. Patients without the baseline that a rule needs are in no year.
    response
        "complete", or "any" for complete or partial remission; rules without a partial state have only one.
    window_months
        The greatest distance of a visit from 12, 24, ... months; above 0, at most 6.
    interval, level
        "wilson" or "clopper-pearson", and the confidence level; "ever" and "current" have log-log limits.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".
    years
        The years to show; by default 1 to the last with anyone assessed.

    Returns
    -------
    Yearly; ``bars`` (shares as fractions of 1) and ``ledger`` (patients) have one row per group and year.

    Raises
    ------
    ValueError
        If an argument is invalid, or the visits lack a column that the rule needs.

    References
    ----------
    Wilson EB (1927), Journal of the American Statistical Association 22:209-212. Aalen OO, Johansen S (1978),
    Scandinavian Journal of Statistics 5:141-150.

    Examples
    --------
    >>> from analysis import load_sample
    >>> yearly_remission(load_sample()).bars[["year", "events", "patients"]].to_numpy().tolist()
    [[1, 23, 83], [2, 12, 39], [3, 5, 12], [4, 3, 6]]
    """
    way = choose_estimand("remission", estimand)
    of_each = RemissionByYear(remission_rule(rule), response, window_months)
    settings = YearlySettings(estimand, of_each, by, years_asked(years), interval, level)
    counts = YearlyCounts.of(cohort, of_each, columns=way.columns, tables=way.tables, by=by)
    return Yearly.of(way.numbers(counts, settings))
