"""Numbers of patients by their cumulative dose of prednisone."""

from __future__ import annotations

import numpy as np

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.distribution import Distribution
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.reasons import LeftOut
from analysis.counts.tally import Alike, Tally
from analysis.facts.prednisone_taken import KNOWN, REASONS, prednisone_taken

DOSE, REASON = "dose", "reason"
PER_MILLIGRAM = 1000  # whole numbers, so that sums do not depend on their order


class CumulativeDoses(Tally):
    """Numbers of patients by their cumulative dose up to a month.

    Columns of the `Tally`: "dose" (thousandths of a milligram), "reason" (why it is not known, an index into the
    `REASONS` of the fact).
    """

    @classmethod
    def alike(cls, whole: Cohort, months: float) -> Alike:
        """Return all patients of a cohort by profile; see `of`."""
        return _alike(whole, months)

    @classmethod
    @additive
    def of(cls, cohort: Cohort, months: float, by: By | None = None) -> CumulativeDoses:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        months
            The month up to which doses add up.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the visits have no doses, or the grouping column is unknown.
        """
        return cls.counted(cohort, by, cls.alike(cohort.whole, months))

    def grams(self, group: int) -> Distribution:
        """Return the known doses in a group, in grams."""
        held = ((self.member == group) | (self.member == len(self.groups.names))) & (self.columns[REASON] == KNOWN)
        doses, place = np.unique(self.columns[DOSE][held], return_inverse=True)
        patients = np.bincount(place, self.patients[held], minlength=len(doses)).astype(np.int64)
        return Distribution(doses / (1000 * PER_MILLIGRAM), patients)

    @property
    def left_out(self) -> LeftOut:
        """The numbers of patients left out, by reason."""
        without_group, grouped = super().left_out, self.member != WITHOUT_GROUP
        whys = [place for place, reason in enumerate(REASONS) if reason]
        numbers = [int(self.patients[grouped & (self.columns[REASON] == why)].sum()) for why in whys]
        reasons = (*without_group.reasons, *(REASONS[why] for why in whys))
        return LeftOut(reasons, (*without_group.patients, *numbers))


@cached
def _alike(whole: Cohort, months: float) -> Alike:
    found = prednisone_taken(whole, months)
    dose = np.round(found["milligrams"] * PER_MILLIGRAM).astype(np.int64)
    return Alike.of({REASON: found["reason"], DOSE: dose}, len(whole))
