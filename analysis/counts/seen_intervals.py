"""Numbers of patients whose first event lies between the same two visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.paths import PathNumbers, PathOfEach, Paths
from analysis.facts.seen_between import SeenEvent, seen_between

HAPPENED, CENSORED = 1, -1


@dataclass(frozen=True, eq=False)
class SeenIntervals(PathNumbers):
    """Numbers of patients by the two visits between which their first event lies, by group.

    Each path has one sojourn: from the last visit known to be before the event to the first that shows it, with
    the next state `HAPPENED`; or, if none shows it, censored at the last visit.
    """

    @classmethod
    @additive
    def of(cls, cohort: Cohort, event: SeenEvent, by: By | None = None) -> Self:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        event
            The first remission or relapse by a definition.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column is unknown, or the cohort lacks a column that the definition needs.

        Examples
        --------
        >>> from analysis import load_sample
        >>> from analysis.facts.seen_between import SeenRemission
        >>> counts = SeenIntervals.of(load_sample(), SeenRemission())
        >>> int(counts.patients.sum())
        87
        """
        return cls.counted(event.words, cohort, by, cls.of_each(cohort.whole, event))

    @classmethod
    def of_each(cls, whole: Cohort, event: SeenEvent) -> PathOfEach:
        """Return the interval of each patient of a cohort."""
        paths, code = _paths(whole, event)
        reason = seen_between(whole, event)["reason"]
        return PathOfEach(paths, code, reason.codes.astype(np.intp), tuple(reason.categories[1:]))

    @classmethod
    def from_table(cls, table: pd.DataFrame, event: SeenEvent, by: By | None = None) -> Self:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        event, by
            As they were given to `of`.
        """
        return cls.in_table(table, event.words, by)


@cached
def _paths(whole: Cohort, event: SeenEvent) -> tuple[Paths, Rows]:
    """Return the distinct intervals of a cohort, sorted, and the index of each patient's."""
    seen = seen_between(whole, event)
    left, right = seen["left"], seen["right"]
    shown = np.isfinite(right)
    everybody = np.arange(len(whole))
    none = np.zeros(len(whole), dtype=np.int64)
    paths = Paths(none, everybody, none, left, np.where(shown, right, left), np.where(shown, HAPPENED, CENSORED))
    place, one_of_each = paths.sorted(none)
    return paths.at(one_of_each), place
