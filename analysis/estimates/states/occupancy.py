"""State occupancy: numbers of patients in each state at some months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats, Integers
from analysis.counts.groups import Groups
from analysis.counts.reasons import LeftOut
from analysis.counts.state_changes import StateChanges


@dataclass(frozen=True, eq=False)
class Occupancy:
    """Numbers of patients in each state at some months, by group.

    Attributes
    ----------
    groups
        The groups that are shown.
    months
        The months.
    states
        The states from the best to the worst.
    patients
        Groups by months by states; at each month the states add up to all patients in the group.
    number_of_patients
        Distinct patients of all groups; None where the number is hidden.
    left_out
        Numbers of patients left out, by reason.
    """

    groups: Groups
    months: Floats
    states: tuple[str, ...]
    patients: Integers
    number_of_patients: int | None
    left_out: LeftOut

    @classmethod
    def of(cls, counts: StateChanges, months: Sequence[float] | None) -> Occupancy:
        """Return the state occupancy from monthly changes.

        Parameters
        ----------
        counts
            The changes at these months, or at every whole month.
        months
            The months; None for every whole month up to the last anyone is followed to.
        """
        shown = counts.groups.shown
        states = counts.states if counts.late[shown].any() else counts.states[:-1]
        grid = np.arange(counts.longest + 1.0) if months is None else np.asarray(months, dtype=float)
        held = counts.changes.cumsum(axis=1)[shown, :, : len(states)]
        return cls(
            counts.groups.only(shown),
            grid,
            states,
            held[:, np.searchsorted(counts.months, grid)],
            counts.groups.patients,
            counts.left_out,
        )
