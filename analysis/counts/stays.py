"""Sojourns in and out of remission: numbers of patients with the same path through the states."""

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
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.remission import RemissionRule, can_be_judged, levels, remission_words
from analysis.facts.remission_stays import remission_stays, state_at_start


@dataclass(frozen=True, eq=False)
class Stays(PathNumbers):
    """Numbers of patients with the same path through the states of remission, by group.

    The definition is that of remission. State and next state of a sojourn are indices into `STATES`.
    """

    @classmethod
    @additive
    def of(cls, cohort: Cohort, rule: RemissionRule, response: str = "complete", by: By | None = None) -> Self:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        rule, response
            The definition of remission.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column or the response is unknown, or the visits lack a column that the rule needs.

        Examples
        --------
        >>> from analysis import load_sample, sledai_at_most
        >>> Stays.of(load_sample(), sledai_at_most(4)).patients.sum()
        np.int64(87)
        """
        each = cls.of_each(cohort.whole, rule, response)
        return cls.counted(remission_words(rule, response), cohort, by, each)

    @classmethod
    def of_each(cls, whole: Cohort, rule: RemissionRule, response: str) -> PathOfEach:
        """Return the path of each patient of a cohort."""
        paths, code = _paths(whole, rule, levels(response))
        why = (~can_be_judged(whole, rule)).astype(np.intp)
        return PathOfEach(paths, code, why, (NO_BASELINE,) if rule.from_baseline else ())

    @classmethod
    def from_table(
        cls, table: pd.DataFrame, rule: RemissionRule, response: str = "complete", by: By | None = None
    ) -> Self:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        rule, response, by
            As they were given to `of`.
        """
        return cls.in_table(table, remission_words(rule, response), by)


@cached
def _paths(whole: Cohort, rule: RemissionRule, counts_as: tuple[str, ...]) -> tuple[Paths, Rows]:
    """Return the distinct paths of a cohort, sorted, and the index of each patient's path."""
    stays = remission_stays(whole, rule, counts_as)
    columns = (stays[name] for name in ("row", "state", "start", "stop", "next_state"))
    paths = Paths(state_at_start(whole, rule, counts_as)["state"], *columns)
    place, one_of_each = paths.sorted(np.zeros(len(whole), dtype=np.intp))
    return paths.at(one_of_each), place
