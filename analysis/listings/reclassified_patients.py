"""The patients whose state by a remission rule differs from the recorded one."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.facts.place_by_year import WINDOW_MONTHS
from analysis.facts.remission import RemissionRule
from analysis.facts.rule_against_record import rule_against_record


def reclassified_patients(
    cohort: Cohort, rule: RemissionRule, *, response: str = "complete", window_months: float = WINDOW_MONTHS
) -> pd.DataFrame:
    """Return the patients in remission by the rule only, or by the record only, at the visits that stand for a year.

    Parameters
    ----------
    cohort, rule, response, window_months
        As for `reclassified`.

    Returns
    -------
    DataFrame with patient_id, year, recorded, by_rule (the two states), into_remission (in remission by the rule only,
    not by the record only): one row per patient and year, sorted by year.

    Raises
    ------
    ValueError
        If the rule needs columns that the visits lack, or the response or window is invalid.

    Examples
    --------
    >>> from analysis import load_sample, sledai_at_most
    >>> reclassified_patients(load_sample(), sledai_at_most(4)).columns.tolist()
    ['patient_id', 'year', 'recorded', 'by_rule', 'into_remission']
    """
    found = rule_against_record(cohort, rule, response, window_months)
    table = pd.DataFrame(
        {
            "patient_id": cohort.values("patient_id")[found["row"]],
            "year": found["year"],
            "recorded": found["recorded"],
            "by_rule": found["by_rule"],
            "into_remission": found["into_remission"],
        }
    )[found["into_remission"] | found["out_of_remission"]]
    return table.sort_values("year", kind="stable", ignore_index=True)
