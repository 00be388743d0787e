"""Yearly relapse."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.yearly import Yearly, years_asked
from analysis.facts.place_by_year import WINDOW_MONTHS
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import RemissionRule, remission_rule


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
        "assessed": first relapses in the year among patients alive at a visit within the window around its end;
        relapses of patients not assessed are in no bar, and the method tells their number. "at_risk": first relapses
        among patients followed into the year, in remission at the last visit with a known state and without a relapse
        so far. "rate": first relapses per 100 patient-years. "cumulative": cumulative incidence of the first relapse,
        with death competing.
    rule
        "recorded" (``relapse_months`` of the patients, else the visits), "visits", or a rule made by
        `rise_after_remission` or `selena_flare`.
    remission, response
        The definition of remission for "at_risk" and for relapses before any remission; as for `yearly_remission`.
    window_months, by, years
        As for `yearly_remission`.
    interval, level
        As for `yearly_remission`; "rate" has exact Poisson limits, "cumulative" log-log limits.

    Returns
    -------
    Yearly; ``bars`` (shares as fractions of 1, rates per 100 patient-years) and ``ledger`` (patients) have one row per
    group and year.

    Raises
    ------
    ValueError
        If an argument is invalid, or the cohort lacks a column that the rule needs.

    References
    ----------
    Aalen OO, Johansen S (1978), Scandinavian Journal of Statistics 5:141-150. Garwood F (1936), Biometrika 28:437-442.

    Examples
    --------
    >>> from analysis import load_sample
    >>> rates = yearly_relapse(load_sample(), estimand="rate").bars
    >>> rates[["year", "events"]].to_numpy().tolist()
    [[1, 10], [2, 7], [3, 2], [4, 1]]
    """
    way = choose_estimand("relapse", estimand)
    of_each = RelapseByYear(relapse_rule(rule), remission_rule(remission), response, window_months)
    settings = YearlySettings(estimand, of_each, by, years_asked(years), interval, level)
    counts = YearlyCounts.of(cohort, of_each, columns=way.columns, tables=way.tables, by=by)
    return Yearly.of(way.numbers(counts, settings))
