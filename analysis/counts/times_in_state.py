"""Numbers of patients by their observed time and the time in remission within it."""

from __future__ import annotations

import numpy as np

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.reasons import LeftOut
from analysis.counts.tally import Alike, Tally
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.remission import RemissionRule, can_be_judged, levels
from analysis.facts.time_in_states import time_in_states

OBSERVED, INSIDE, JUDGED = "observed", "inside", "judged"
PER_MONTH = 1_000_000  # whole numbers, so that sums do not depend on their order
NOT_OBSERVED = "no time between two visits with a known state"


class TimesInState(Tally):
    """Numbers of patients by their observed time and the time in remission within it.

    Columns of the `Tally`: "observed" and "inside" (millionths of a month), "judged" (whether the patient has the
    baseline that the rule needs).
    """

    @classmethod
    def alike(cls, whole: Cohort, rule: RemissionRule, response: str = "complete") -> Alike:
        """Return all patients of a cohort by profile; see `of`."""
        return _alike(whole, rule, levels(response))

    @classmethod
    @additive
    def of(cls, cohort: Cohort, rule: RemissionRule, response: str = "complete", by: By | None = None) -> TimesInState:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule, response
            The definition of remission.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column or the response is unknown, or the visits lack a column that the rule needs.
        """
        return cls.counted(cohort, by, cls.alike(cohort.whole, rule, response))

    @property
    def left_out(self) -> LeftOut:
        """The numbers of patients left out, by reason."""
        without_group, grouped = super().left_out, self.member != WITHOUT_GROUP
        unjudged = grouped & ~self.columns[JUDGED]
        unobserved = grouped & self.columns[JUDGED] & (self.columns[OBSERVED] == 0)
        numbers = [int(self.patients[out].sum()) for out in (unjudged, unobserved)]
        return LeftOut((*without_group.reasons, NO_BASELINE, NOT_OBSERVED), (*without_group.patients, *numbers))


@cached
def _alike(whole: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> Alike:
    times = time_in_states(whole, rule, counts_as)
    columns = {name: np.round(times[name] * PER_MONTH).astype(np.int64) for name in (OBSERVED, INSIDE)}
    return Alike.of({**columns, JUDGED: can_be_judged(whole, rule)}, len(whole))
