"""Numbers of patients by their number of relapses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.tally import Alike, Tally
from analysis.facts.relapse import SEVERE, RelapseRule, relapse_columns, tells_states
from analysis.facts.remission import RemissionRule

RELAPSES, SEVERE_ONES, BEFORE = ("relapses", "severe", "before_remission")
TELLS_STATES = "tells_states"


@dataclass(frozen=True, eq=False)
class RelapseNumbers(Tally):
    """Numbers of patients by their number of relapses.

    Columns of the `Tally`: "relapses" and "severe" (numbers for each patient), "before_remission" (whether the first
    relapse came before any known remission).

    Attributes
    ----------
    tells_states
        Whether any visit has a known state; without one, relapses are neither before nor after remission.
    """

    tells_states: bool = True

    @classmethod
    def alike(cls, whole: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> Alike:
        """Return all patients of a cohort by their number of relapses."""
        return _alike(whole, rule, remission, response)

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str, by: By | None = None
    ) -> RelapseNumbers:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule, remission, response
            The definitions of relapse and remission.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column or the response is unknown, or the cohort lacks a column that a rule needs.
        """
        counted = cls.counted(cohort, by, cls.alike(cohort.whole, rule, remission, response))
        return replace(counted, tells_states=tells_states(cohort, remission))

    def __add__(self, other: Self) -> Self:
        """Return the numbers of the patients of both.

        Raises
        ------
        ValueError
            If their groupings differ.
        """
        return replace(super().__add__(other), tells_states=self.tells_states or other.tells_states)

    def to_table(self) -> pd.DataFrame:
        """Return the table of a `Tally` with a constant column tells_states."""
        return super().to_table().assign(**{TELLS_STATES: self.tells_states})

    @classmethod
    def from_table(cls, table: pd.DataFrame, by: By | None = None) -> Self:
        """Return the numbers in a table; see `Tally.from_table`."""
        held = super().from_table(table.drop(columns=TELLS_STATES), by)
        return replace(held, tells_states=bool(table[TELLS_STATES].any()))


@cached
def _alike(whole: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> Alike:
    found = relapse_columns(whole, rule, remission, response)
    row, after = found["row"], found["after_remission"]
    first = found["number"] == 1

    def of_each(held: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(row[held], minlength=len(whole))

    columns: dict[str, NDArray[Any]] = {
        RELAPSES: of_each(np.ones(len(row), dtype=bool)),
        SEVERE_ONES: of_each(np.asarray(found["severity"] == SEVERE, dtype=bool)),
        BEFORE: of_each(first & ~after.to_numpy(dtype=bool, na_value=False)) > 0,
    }
    return Alike.of(columns, len(whole))
