"""The state by a rule against the recorded state, at the same visits, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.facts.place_by_year import seen_at_years
from analysis.facts.remission import RECORDED, RemissionRule, levels, visit_states


@per_patient
def rule_against_record(cohort: Cohort, rule: RemissionRule, response: str, window_months: float) -> pd.DataFrame:
    """Return the visits that stand for a year by their recorded state, with the state by a rule.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The rule.
    response, window_months
        The states that count as remission, and the greatest distance of a visit from the end of the year.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), year, recorded, by_rule (missing if a value is
    missing), judged (whether it is known), into_remission and out_of_remission (in remission by the rule only, by the
    record only), in the order of the visits.
    """
    counts_as = levels(response)
    states = visit_states(cohort, RECORDED)
    stands, year = seen_at_years(states["row"].to_numpy(), states["months"].to_numpy(), window_months)
    seen = states.iloc[stands]
    by_rule = visit_states(cohort, rule)["state"].reindex(seen.index)
    recorded = seen["state"].astype(str)
    before, after, judged = recorded.isin(counts_as), by_rule.isin(counts_as), by_rule.notna()
    return pd.DataFrame(
        {
            "row": seen["row"].to_numpy(),
            "year": year.astype(np.int64),
            "recorded": recorded.to_numpy(),
            "by_rule": by_rule.array,
            "judged": judged.to_numpy(),
            "into_remission": (judged & after & ~before).to_numpy(),
            "out_of_remission": (judged & before & ~after).to_numpy(),
        }
    )
