"""What yearly shares count, in the terms in which published numbers are compared with them."""

from __future__ import annotations

from analysis.centres.comparable import Present
from analysis.centres.published_fact import ASSESSED, ENROLLED, IN_REMISSION
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.relapse import RECORDED_RELAPSE
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import RECORDED

# Estimand to the published denominator that means the same.
DENOMINATORS = {"assessed": ASSESSED, "all_due": ENROLLED, "at_risk": IN_REMISSION}
# Published definition of a rule to the published outcome that means the same.
OUTCOMES = {
    "DORIS 2021": "DORIS remission",
    "LLDAS": "LLDAS",
    "SRI-4": "SRI-4",
    "Ranjbar 2022": "complete renal response",
}


def present_of(result: Yearly) -> Present:
    """Return what yearly shares count.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> own = present_of(yearly_remission(load_sample()))
    >>> own.outcome, own.same, own.denominator
    ('complete remission', ('complete remission',), 'assessed')
    """
    asked, way = result.settings.of_each, result.estimand
    denominator = DENOMINATORS.get(way.name, "")
    if isinstance(asked, RelapseByYear):
        same = ("relapse",) if asked.rule == RECORDED_RELAPSE else ()
        return Present("relapse", "relapse" if same else f"relapse {asked.rule.words}", same, denominator, way.of)
    outcome = asked.remission_words
    if asked.response != "complete":
        return Present("remission", outcome, (), denominator, way.of)
    if asked.rule == RECORDED:
        return Present("remission", outcome, ("complete remission",), denominator, way.of)
    published = OUTCOMES.get(asked.rule.published)
    return Present("remission", outcome, (published,) if published else (), denominator, way.of)
