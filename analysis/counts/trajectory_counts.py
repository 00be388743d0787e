"""All that a measure over time is made of: values, changes, who has any, and the extent of the visits."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.extent import Extent
from analysis.counts.measured_values import Values
from analysis.counts.presence import Presence
from analysis.facts.scheduled_values import CHANGE, VALUE, What
from analysis.facts.scheduled_visits import ScheduledMeasure


@dataclass(frozen=True)
class TrajectoryCounts:
    """What a measure over time is made of.

    Attributes
    ----------
    values
        What is shown: values, changes or changes in percent.
    changes
        The changes, of the same patients.
    presence
        Who has a value.
    extent
        Of the visits of those who are shown.
    """

    values: Values
    changes: Values
    presence: Presence
    extent: Extent

    @classmethod
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
        """Return the counts of these patients and of others.

        Raises
        ------
        ValueError
            If they are of another measure, or by other groups.
        """
        return TrajectoryCounts(
            self.values + other.values,
            self.changes + other.changes,
            self.presence + other.presence,
            self.extent + other.extent,
        )
