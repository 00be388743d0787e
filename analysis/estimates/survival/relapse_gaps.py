"""The months between one relapse and the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.relapse_paths import RelapsePaths
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.relapse_spells import RELAPSED

COLUMNS = ["group", "number", "patients", "again", "median", "shortest", "longest"]


@dataclass(frozen=True, repr=False)
class RelapseGaps(Result):
    """The gaps between relapses.

    Attributes
    ----------
    question, method
        What the gaps answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, number (of the relapse at which the gap begins, from 1), patients (who had that relapse), again (of these
        with a further relapse), median, shortest, longest (months from the one to the next, of those with a further
        one; missing without any). Groups without relapses have no rows.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: RelapsePaths) -> RelapseGaps:
        """Return the gaps from counts of patients by the course of their relapses."""
        rows: list[tuple[object, ...]] = []
        groups = []
        for group, paths, patients in counts.of_groups():
            groups.append(group)
            length, of_each = paths.stop - paths.start, patients[paths.path]
            for number in range(1, 1 + int(paths.state.max(initial=0))):
                began = paths.state == number
                again = began & (paths.next_state == RELAPSED)
                gaps = np.repeat(length[again], of_each[again])
                told = (np.median(gaps), gaps.min(), gaps.max()) if len(gaps) else (np.nan,) * 3
                rows.append((group, number, int(of_each[began].sum()), len(gaps), *map(float, told)))
        method = (
            f"Months from each relapse to the next of the same patient, relapses {counts.definition}; only of those "
            "who had a further one by the end of follow-up, so that gaps appear shorter than they are; "
            f"{count_words(counts.groups.patients, 'patient')}"
        )
        left_out = counts.left_out.table
        table = with_groups(pd.DataFrame(rows, columns=COLUMNS), groups)
        return cls("How long is it from one relapse to the next?", method_words(method, left_out), left_out, table)


def relapse_gaps(cohort: Cohort, *, rule: str | RelapseRule = "recorded", by: By | None = None) -> RelapseGaps:
    """Return the months between one relapse and the next, of those who relapsed again.

    These are plain numbers: they do not allow for those who have not relapsed again so far.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of relapse, as for `mean_relapses`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    RelapseGaps; ``table`` has one row per group and number of a relapse.

    Raises
    ------
    ValueError
        If the rule or the grouping column is unknown, or the cohort lacks a column that the rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> relapse_gaps(load_sample()).table[["number", "patients", "again"]].to_numpy().tolist()
    [[1, 20, 4], [2, 4, 1], [3, 1, 0]]
    """
    return RelapseGaps.of(RelapsePaths.of(cohort, relapse_rule(rule), by))
