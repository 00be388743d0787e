"""How many patients a rule takes into remission or out of it in each year."""

from __future__ import annotations

import numpy as np

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.tally import Alike, Tally
from analysis.facts.place_by_year import WINDOW_MONTHS, seen_among
from analysis.facts.remission import RemissionRule
from analysis.facts.rule_against_record import rule_against_record

ASSESSED, JUDGED, INTO, OUT_OF = COLUMNS = ("assessed", "judged", "into_remission", "out_of_remission")


class Reclassifications(Tally):
    """How many patients are alike in what a rule changes over the years.

    The columns of a `Tally`, each with a row a year: "assessed" by the recorded state, "judged" by the rule too,
    "into_remission" and "out_of_remission".
    """

    @classmethod
    def of(
        cls, cohort: Cohort, rule: RemissionRule, response: str = "complete", window_months: float = WINDOW_MONTHS
    ) -> Reclassifications:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule
            The rule that is set against the recorded state.
        response, window_months
            Which recorded states are remission, and how far from the year a visit may lie.

        Raises
        ------
        ValueError
            If the visits lack a column that the rule needs, or an argument is not one of those above.
        """
        return cls.counted(cohort, None, _alike(cohort.whole, rule, response, window_months))


@cached
def _alike(whole: Cohort, rule: RemissionRule, response: str, window_months: float) -> Alike:
    found = rule_against_record(whole, rule, response, window_months)
    years = 1 + int(found["year"].max(initial=0))
    assessed = np.ones(len(found["row"]), dtype=bool)
    columns = [assessed, *(found[name] for name in COLUMNS[1:])]
    flags = {name: seen_among(found, held, years, len(whole)) for name, held in zip(COLUMNS, columns, strict=True)}
    return Alike.of(flags, len(whole))
