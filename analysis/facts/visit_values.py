"""The values of the visits as numbers, with each patient's baseline and earlier values beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import by_patient, first_of_each, slack

GRADES = "ABCDE"  # of BILAG: A is the most active, E has never been active


@dataclass(frozen=True, eq=False)
class VisitValues:
    """The visits of a cohort, for a criterion to be judged at each of them.

    Attributes
    ----------
    cohort
        The patients.
    """

    cohort: Cohort
    _held: dict[str, Floats] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> pd.Index:
        """The names of the visit columns."""
        return self.cohort.visit_columns

    @property
    def after_baseline(self) -> Flags:
        """Whether each visit is after month 0."""
        after: Flags = self.cohort.visits["months"].to_numpy(dtype=float) > slack(0)
        return after

    def of(self, column: str) -> Floats:
        """Return a column at each visit; true and false are 1 and 0, grades A to E are 0 to 4, missing is NaN."""
        if column not in self._held:
            self._held[column] = _numbers(self.cohort.visits[column])
        return self._held[column]

    def baseline_of_each(self, column: str) -> Floats:
        """Return each patient's last known value at or before month 0; NaN without one."""
        values: Floats = _baseline(self.cohort, column)["value"]
        return values

    def baseline(self, column: str) -> Floats:
        """Return at each visit the baseline of its patient, as `baseline_of_each`."""
        return self.baseline_of_each(column)[self.cohort.visit_rows]

    def before(self, values: Floats) -> Floats:
        """Return at each visit the patient's last known value at an earlier visit; NaN without one.

        Parameters
        ----------
        values
            A value for each visit.
        """
        row, months = self.cohort.visit_rows, self.cohort.visits["months"].to_numpy(dtype=float)
        order = np.arange(len(row))[by_patient(row, months)]
        row, values = row[order], values[order]
        place = np.arange(len(row))
        known = np.maximum.accumulate(np.append(-1, np.where(np.isnan(values), -1, place)))[:-1]
        begins = place[first_of_each(row)]
        start = np.repeat(begins, np.diff(np.append(begins, len(row))))
        earlier = np.empty(len(row))
        earlier[order] = np.where(known >= start, np.append(values, np.nan)[known], np.nan)
        return earlier


@per_patient
def _baseline(cohort: Cohort, column: str) -> dict[str, Floats]:
    row, months = cohort.visit_rows, cohort.visits["months"].to_numpy(dtype=float)
    values = _numbers(cohort.visits[column])
    early: Rows = np.flatnonzero(~np.isnan(values) & (months <= slack(0)))
    early = early[np.lexsort((months[early], row[early]))]
    found = np.full(len(cohort), np.nan)
    found[row[early]] = values[early]  # of several the last wins
    return {"value": found}


def _numbers(values: pd.Series) -> Floats:
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, found = values.cat.codes.to_numpy(), values.cat.categories
    elif values.dtype == object:
        codes, found = pd.factorize(values)
    else:
        numbers: Floats = values.to_numpy(dtype=float, na_value=np.nan)
        return numbers
    return np.array([*(GRADES.index(each) if each in (*GRADES,) else float(each) for each in found), np.nan])[codes]
