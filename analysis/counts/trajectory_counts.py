"""All counts from which a trajectory is computed: values, changes, presence, and the extent of visits."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.counts.extent import Extent
from analysis.counts.measured_values import Values
from analysis.counts.presence import Presence
from analysis.facts.scheduled_values import CHANGE, VALUE, What
from analysis.facts.scheduled_visits import ScheduledMeasure


@dataclass(frozen=True)
class TrajectoryCounts:
    """The counts of a trajectory.

    Attributes
    ----------
    values
        Values, changes or changes in percent, for the summary.
    changes
        The changes of the same patients.
    presence
        The presence of values.
    extent
        The extent of the visits of the same patients.
    """

    values: Values
    changes: Values
    presence: Presence
    extent: Extent

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, asked: ScheduledMeasure, by: By | None, what: What = VALUE, same_patients: bool = False
    ) -> TrajectoryCounts:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the visits have no such measure, or the patients no such grouping column.
        """
        return cls(
            Values.of(cohort, asked, by, what, same_patients),
            Values.of(cohort, asked, by, CHANGE, same_patients),
            Presence.of(cohort, asked, by),
            Extent.of(cohort, asked, by, what, same_patients),
        )

    def __add__(self, other: TrajectoryCounts) -> TrajectoryCounts:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If their values or groupings differ.
        """
        return TrajectoryCounts(
            self.values + other.values,
            self.changes + other.changes,
            self.presence + other.presence,
            self.extent + other.extent,
        )
