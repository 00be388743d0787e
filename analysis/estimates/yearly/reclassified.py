"""What a remission rule changes: the same visits by the rule and as recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.ledger import seen_at_years
from analysis.estimates.yearly.yearly import WINDOW_MONTHS
from analysis.facts.remission import RECORDED, RemissionRule, levels, remission_words, visit_states


@dataclass(frozen=True)
class Reclassified:
    """Whom a rule takes out of remission or into it.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        patient_id, reason: nobody.
    table
        patient_id, year, recorded, by_rule (missing where a value it needs is), reclassified; a row a patient assessed
        by the recorded state, sorted by year.
    counts
        year, assessed (with a recorded state), judged (with one by the rule too), reclassified, into_remission,
        out_of_remission.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    counts: pd.DataFrame

    def words(self, year: int) -> str:
        """Return what the rule changes in a year, such as "reclassifies 7 of 83"."""
        row = self.counts.set_index("year").loc[year]
        unjudged = int(row["assessed"] - row["judged"])
        missing = f"; {count_words(unjudged, 'patient')} cannot be judged" if unjudged else ""
        return f"reclassifies {row['reclassified']} of {row['judged']}{missing}"


def reclassified(
    cohort: Cohort, rule: RemissionRule, *, response: str = "complete", window_months: float = WINDOW_MONTHS
) -> Reclassified:
    """Return the state by a rule and as recorded, at the visits that the recorded state is assessed at.

    Parameters
    ----------
    cohort
        The patients.
    rule
        As for `yearly_remission`.
    response
        Which recorded states count as remission: "complete", or "any" for partial too.
    window_months
        As for `yearly_remission`.

    Raises
    ------
    ValueError
        If the rule needs columns that the visits lack, or an argument is not one of those above.
    """
    counts_as = levels(response)
    states = visit_states(cohort, RECORDED)
    stands, year = seen_at_years(states["row"].to_numpy(), states["months"].to_numpy(), window_months)
    seen = states.iloc[stands].assign(year=year.astype(np.int64))
    by_rule = visit_states(cohort, rule)["state"].reindex(seen.index)
    recorded = seen["state"].astype(str)
    before, after = recorded.isin(counts_as), by_rule.isin(counts_as)
    differs = (before != after) & by_rule.notna()
    table = pd.DataFrame(
        {
            "patient_id": cohort.values("patient_id")[seen["row"]],
            "year": seen["year"],
            "recorded": recorded,
            "by_rule": by_rule,
            "reclassified": differs,
        }
    ).sort_values("year", kind="stable")
    marks = pd.DataFrame(
        {
            "assessed": True,
            "judged": by_rule.notna(),
            "reclassified": differs,
            "into_remission": differs & after,
            "out_of_remission": differs & before,
        },
        index=seen.index,
    )
    counts = marks.groupby(seen["year"]).sum().astype(int).reset_index()
    parts = [
        f"In {remission_words(RECORDED, response)} as recorded against {rule.state} {rule.words}, at the same visit",
        f"visits within {window_months:g} months of the year, the nearest one with a recorded state",
        *(f"not applied: {part}" for part in rule.not_applied(cohort)),
        count_words(len(cohort), "patient"),
    ]
    return Reclassified(
        f"Whom does {rule.name} classify otherwise than the clinic?",
        "; ".join(parts) + ".",
        pd.DataFrame({"patient_id": [], "reason": []}, dtype=object),
        table.reset_index(drop=True),
        counts,
    )
