"""Follow-up divided at every relapse: numbers of patients with the same relapses and the same end."""

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
from analysis.facts.observed_times import entry_months
from analysis.facts.relapse import RelapseRule
from analysis.facts.relapse_spells import CENSORED, RELAPSED, relapse_spells

NOT_OBSERVED = "observed only after follow-up had ended"


@dataclass(frozen=True, eq=False)
class RelapsePaths(PathNumbers):
    """Numbers of patients with the same relapses and the same beginning and end of follow-up, by group.

    The definition is that of relapse. The state of a sojourn is the number of relapses before it; the next state is
    `RELAPSED` or `DEAD` of `analysis.facts.relapse_spells`, -1 if censored. Single patients have to be told apart,
    because the relapses of one patient are not independent of each other.
    """

    @classmethod
    @additive
    def of(cls, cohort: Cohort, rule: RelapseRule, by: By | None = None) -> Self:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule
            The definition of relapse.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column is unknown, or the cohort lacks a column that the rule needs.

        Examples
        --------
        >>> from analysis import load_sample
        >>> from analysis.facts.relapse import RECORDED_RELAPSE
        >>> counts = RelapsePaths.of(load_sample(), RECORDED_RELAPSE)
        >>> counts.groups.patients, counts.number_of_relapses
        (87, 25)
        """
        return cls.counted(rule.words, cohort, by, cls.of_each(cohort.whole, rule))

    @classmethod
    def of_each(cls, whole: Cohort, rule: RelapseRule) -> PathOfEach:
        """Return the path of each patient of a cohort."""
        paths, code = _paths(whole, rule)
        return PathOfEach(paths, code, (code < 0).astype(np.intp), (NOT_OBSERVED,))

    @classmethod
    def from_table(cls, table: pd.DataFrame, rule: RelapseRule, by: By | None = None) -> Self:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        rule, by
            As they were given to `of`.
        """
        return cls.in_table(table, rule.words, by)

    @property
    def number_of_relapses(self) -> int:
        """The number of observed relapses; those of a patient in two groups are counted once."""
        return int(self.patients[self.paths.path[self.paths.next_state == RELAPSED]].sum())

    @property
    def late_entries(self) -> bool:
        """Whether a patient came under observation after time zero."""
        return bool((self.paths.at_start == CENSORED).any())


@cached
def _paths(whole: Cohort, rule: RelapseRule) -> tuple[Paths, Rows]:
    """Return the distinct paths of a cohort, sorted, and the index of each patient's path; -1 without observation."""
    spells = relapse_spells(whole, rule)
    row = spells["row"]
    held = np.unique(row)
    number = np.searchsorted(held, row)
    columns = (spells[name] for name in ("state", "start", "stop", "next_state"))
    at_start = np.where(entry_months(whole)[held] > 0, CENSORED, 0)
    paths = Paths(at_start, number, *columns)
    place, one_of_each = paths.sorted(np.zeros(len(held), dtype=np.intp))
    code = np.full(len(whole), CENSORED)
    code[held] = place
    return paths.at(one_of_each), code
