"""Numbers of patients whose state by a rule differs from the recorded one, by year."""

from __future__ import annotations

import numpy as np

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.tally import Alike, Tally
from analysis.facts.place_by_year import WINDOW_MONTHS, seen_among
from analysis.facts.remission import RemissionRule
from analysis.facts.rule_against_record import rule_against_record

ASSESSED, JUDGED, INTO, OUT_OF = COLUMNS = ("assessed", "judged", "into_remission", "out_of_remission")


class Reclassifications(Tally):
    """Numbers of patients with equal reclassification over the years.

    Columns of the `Tally`, one row per year each: "assessed" (recorded state known), "judged" (state by the rule known
    too), "into_remission" and "out_of_remission" (in remission by the rule only, by the record only).
    """

    @classmethod
    def alike(
        cls, whole: Cohort, rule: RemissionRule, response: str = "complete", window_months: float = WINDOW_MONTHS
    ) -> Alike:
        """Return all patients of a cohort by profile; see `of`."""
        return _alike(whole, rule, response, window_months)

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, rule: RemissionRule, response: str = "complete", window_months: float = WINDOW_MONTHS
    ) -> Reclassifications:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule
            The rule to compare with the recorded state.
        response, window_months
            The states that count as remission, and the greatest distance of a visit from the end of the year.

        Raises
        ------
        ValueError
            If the visits lack a column that the rule needs, or the response or window is invalid.
        """
        return cls.counted(cohort, None, cls.alike(cohort.whole, rule, response, window_months))


@cached
def _alike(whole: Cohort, rule: RemissionRule, response: str, window_months: float) -> Alike:
    found = rule_against_record(whole, rule, response, window_months)
    years = 1 + int(found["year"].max(initial=0))
    assessed = np.ones(len(found["row"]), dtype=bool)
    columns = [assessed, *(found[name] for name in COLUMNS[1:])]
    flags = {name: seen_among(found, held, years, len(whole)) for name, held in zip(COLUMNS, columns, strict=True)}
    return Alike.of(flags, len(whole))
