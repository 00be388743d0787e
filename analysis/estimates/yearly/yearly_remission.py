"""Remission per year."""

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

    Returns
    -------
    Yearly, with a row a group and year in ``bars`` (shares as fractions of 1) and ``ledger`` (patients).

    Raises
    ------
    ValueError
        If an argument is not one of those above, or the visits lack a column that the rule needs.

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
    return Yearly.of(YearlyCounts.of(cohort, of_each, columns=way.columns, tables=way.tables, by=by), settings)
