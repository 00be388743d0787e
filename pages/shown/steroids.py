"""The fold of prednisone on the Remission & relapse page: remission on little of it, and the cumulative dose."""

from __future__ import annotations

from analysis import cumulative_dose, with_prednisone_at_most, yearly_remission
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.prednisone_taken import DOSE
from analysis.figures.common.markdown import plain
from analysis.figures.scores.cumulative_dose import dose_difference_table, dose_table
from analysis.figures.yearly.steroid_sparing import sparing_line, sparing_table
from pages.shown import figure
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import ESTIMAND, SHARE_INTERVAL, TIME_TO, of_remission

# Doses at which tapering succeeds: LLDAS (Franklyn et al. 2016) and DORIS (van Vollenhoven et al. 2021); none at all.
DOSES = {"At most 7.5 mg/day": 7.5, "At most 5 mg/day": 5.0, "None": 0.0}
QUESTION = "How many are in remission on little prednisone?"


def sparing(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw remission by the highest dose that counts and the cumulative dose; return how they were computed."""
    if DOSE not in view.whole.visit_columns:
        return {}
    asked = of_remission(chosen)
    rules = {"Any dose": asked["rule"]} | {
        heading: with_prednisone_at_most(asked["rule"], dose) for heading, dose in DOSES.items()
    }

    def by_dose() -> dict[str, Yearly]:
        return {
            heading: session.estimate(
                yearly_remission,
                view.cohort,
                estimand=chosen[ESTIMAND],
                interval=chosen[SHARE_INTERVAL],
                by=view.by,
                **{**asked, "rule": rule},
            )
            for heading, rule in rules.items()
        }

    told = sparing_line(by_dose()) if view.by is None else ""
    doses = session.estimate(cumulative_dose, view.cohort, months=chosen[TIME_TO], by=view.by)
    with figure.folded("steroids", QUESTION, told) as place:
        if place.open:
            figure.numbers("In remission, by the highest dose at the visit that counts", sparing_table(by_dose()))
            figure.numbers(plain(doses.question), dose_table(doses, view.alone))
            if len(doses.differences):
                figure.numbers("Difference in cumulative dose (95 % interval)", dose_difference_table(doses))
    return {"Cumulative dose.": doses.method}
