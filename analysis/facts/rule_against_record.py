"""The state of each patient year by year by a rule, and as the clinic recorded it at the same visit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.facts.place_by_year import seen_at_years
from analysis.facts.remission import RECORDED, RemissionRule, levels, visit_states


@per_patient
def rule_against_record(cohort: Cohort, rule: RemissionRule, response: str, window_months: float) -> pd.DataFrame:
    """Return the visits at which the recorded state is assessed, with the state by a rule.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The rule.
    response, window_months
        Which recorded states are remission, and how far from the year a visit may lie.

    Returns
    -------
    DataFrame with row (the place of the patient among the patients), year, recorded, by_rule (missing where a value
    that it needs is), judged (whether it is not), into_remission and out_of_remission (whether the rule takes the
    patient into remission or out of it), in the order of the visits.
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
