"""Reclassification: the state by a remission rule against the recorded one, at the same visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.reasons import LeftOut
from analysis.counts.reclassifications import COLUMNS, Reclassifications
from analysis.estimates.common.result import Result
from analysis.facts.place_by_year import WINDOW_MONTHS
from analysis.facts.remission import RECORDED, RemissionRule, remission_words


@dataclass(frozen=True, repr=False)
class Reclassified(Result):
    """Numbers of patients in remission by the rule only, or by the record only.

    Attributes
    ----------
    question, method
        What the counts answer, and how.
    left_out
        reason, patients: always empty.
    counts
        year, assessed (with a recorded state), judged (also with a state by the rule), reclassified, into_remission,
        out_of_remission. `analysis.listings.reclassified_patients.reclassified_patients` lists the patients.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    counts: pd.DataFrame

    @classmethod
    def of(
        cls,
        counts: Reclassifications,
        rule: RemissionRule,
        *,
        response: str,
        window_months: float,
        not_applied: Sequence[str] = (),
    ) -> Reclassified:
        """Return the reclassification from counts.

        Parameters
        ----------
        counts
            The counts.
        rule, response, window_months
            As for `reclassified`.
        not_applied
            Parts of the rule that cannot be applied, in words.
        """
        numbers = {name: counts.by_group(counts.columns[name])[:, 0] for name in COLUMNS}
        table = pd.DataFrame(
            {
                "year": np.arange(1, 1 + len(numbers["assessed"]), dtype=np.int64),
                "assessed": numbers["assessed"],
                "judged": numbers["judged"],
                "reclassified": numbers["into_remission"] + numbers["out_of_remission"],
                "into_remission": numbers["into_remission"],
                "out_of_remission": numbers["out_of_remission"],
            }
        )
        recorded = remission_words(RECORDED, response)
        parts = [
            f"In {recorded} as recorded against {rule.state} {rule.words}, at the same visit",
            f"visits within {window_months:g} months of the year, the nearest one with a recorded state",
            *(f"not applied: {part}" for part in not_applied),
            count_words(counts.groups.patients, "patient"),
        ]
        return cls(
            f"Whom does {rule.name} classify otherwise than the clinic?",
            "; ".join(parts) + ".",
            LeftOut().table,
            table[table["assessed"] > 0].reset_index(drop=True),
        )

    def words(self, year: int) -> str:
        """Return the reclassification in a year in words, such as "reclassifies 7 of 83"."""
        row = self.counts.set_index("year").loc[year]
        unjudged = int(row["assessed"] - row["judged"])
        missing = f"; {count_words(unjudged, 'patient')} cannot be judged" if unjudged else ""
        return f"reclassifies {row['reclassified']} of {row['judged']}{missing}"


def reclassified(
    cohort: Cohort, rule: RemissionRule, *, response: str = "complete", window_months: float = WINDOW_MONTHS
) -> Reclassified:
    """Compare the state by a rule with the recorded one, at the visits that stand for each year.

    Parameters
    ----------
    cohort
        The patients.
    rule
        As for `yearly_remission`.
    response
        The recorded states that count as remission: "complete", or "any" for partial too.
    window_months
        As for `yearly_remission`.

    Returns
    -------
    Reclassified; ``counts`` has one row per year.

    Raises
    ------
    ValueError
        If the rule needs columns that the visits lack, or the response or window is invalid.

    Examples
    --------
    >>> from analysis import load_sample, sledai_at_most
    >>> reclassified(load_sample(), sledai_at_most(4)).words(1)
    'reclassifies 16 of 83'
    """
    counts = Reclassifications.of(cohort, rule, response, window_months)
    return Reclassified.of(
        counts, rule, response=response, window_months=window_months, not_applied=rule.not_applied(cohort)
    )
