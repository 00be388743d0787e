"""The extent of visits: their number, the last month, and the lowest and highest value."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.groups import membership
from analysis.counts.presence import required, steps_of_values
from analysis.facts.scheduled_values import VALUE, What, has_values
from analysis.facts.scheduled_visits import ScheduledMeasure, visit_extremes


@dataclass(frozen=True)
class Extent:
    """Lowest and highest value, last month (all missing without a visit) and number of visits with a value.

    Visits of patients in two groups count twice.
    """

    lowest: float = np.nan
    highest: float = np.nan
    last_month: float = np.nan
    visits: int = 0

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, asked: ScheduledMeasure, by: By | None, what: What = VALUE, same_patients: bool = False
    ) -> Extent:
        """Return the extent of the visits of the patients that `analysis.counts.measured_values.Values` counts."""
        return _extent(cohort, asked, by, what, same_patients)

    def __add__(self, other: Extent) -> Extent:
        """Return the extent of the visits of both."""
        return Extent(
            float(np.fmin(self.lowest, other.lowest)),
            float(np.fmax(self.highest, other.highest)),
            float(np.fmax(self.last_month, other.last_month)),
            self.visits + other.visits,
        )

    def to_table(self) -> pd.DataFrame:
        """Return one row of lowest, highest, last_month, visits."""
        return pd.DataFrame([asdict(self)])

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> Extent:
        """Return the extent in a table of `to_table`."""
        lowest, highest, last_month, visits = next(table.itertuples(index=False, name=None))
        return cls(float(lowest), float(highest), float(last_month), int(visits))


@cached
def _extent(cohort: Cohort, asked: ScheduledMeasure, by: By | None, what: What, same_patients: bool) -> Extent:
    who, has = membership(cohort, by), required(steps_of_values(asked, what, same_patients=same_patients))
    extremes = visit_extremes(cohort, asked)
    rows = who.rows[has_values(cohort, asked)["has"][who.rows] & has == has]
    if not len(rows):
        return Extent()
    lowest, highest, last_month, visits = (
        extremes[name][rows] for name in (f"lowest_{what}", f"highest_{what}", "last_month", "visits")
    )
    ends = float(np.fmin.reduce(lowest)), float(np.fmax.reduce(highest)), float(last_month.max())
    return Extent(*ends, int(visits.sum()))
