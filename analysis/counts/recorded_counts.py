"""Numbers of patients with the data that figures need."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.facts.recorded_events import has_relapses
from analysis.facts.recorded_values import recorded_values


@dataclass(frozen=True)
class RecordedCounts:
    """Numbers of patients by the data they have.

    Attributes
    ----------
    patients
        All patients.
    visits, remission, sledai
        Patients with any visit, with a recorded state, with a SLEDAI.
    baseline_sledai
        Patients with a SLEDAI at transplantation.
    of_relapses
        Patients of cohorts with a column of relapses.
    visits_of_relapses
        Those of them with any visit.
    """

    patients: int
    visits: int
    remission: int
    sledai: int
    baseline_sledai: int
    of_relapses: int
    visits_of_relapses: int

    @classmethod
    @additive
    def of(cls, cohort: Cohort) -> RecordedCounts:
        """Return the counts of a cohort."""
        recorded = recorded_values(cohort)
        visits, remission, sledai, start = (
            int(recorded[name].sum()) for name in ("months", "remission", "sledai", "baseline")
        )
        known = has_relapses(cohort)
        return cls(len(cohort), visits, remission, sledai, start, len(cohort) * known, visits * known)

    def __add__(self, other: RecordedCounts) -> RecordedCounts:
        """Return the counts of the patients of both."""
        first, second = asdict(self), asdict(other)
        return RecordedCounts(**{name: first[name] + second[name] for name in first})

    def to_table(self) -> pd.DataFrame:
        """Return one row, with a column for each count."""
        return pd.DataFrame([asdict(self)])

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> RecordedCounts:
        """Return the counts in a table of `to_table`."""
        return cls(**{str(name): int(number) for name, number in table.iloc[0].items()})
