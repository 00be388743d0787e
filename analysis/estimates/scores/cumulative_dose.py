"""Mean cumulative dose of prednisone up to a month, and its differences between groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.cumulative_doses import CumulativeDoses
from analysis.estimates.common.means import centre_and_limits, mean_difference
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result


@dataclass(frozen=True, repr=False)
class CumulativeDose(Result):
    """Mean cumulative doses of prednisone.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months, patients, mean, lower, upper (grams).
    differences
        group_a, group_b, months, difference (`group_b` minus `group_a`), lower, upper (grams): one row per pair of
        groups, none where groups share patients.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    differences: pd.DataFrame

    @classmethod
    def of(cls, counts: CumulativeDoses, *, months: float) -> CumulativeDose:
        """Return mean doses from counts.

        Parameters
        ----------
        counts
            Numbers of patients by cumulative dose.
        months
            The month up to which doses add up, as they were counted.
        """
        shown = counts.groups.shown
        doses = {counts.groups.names[group]: counts.grams(group) for group in shown}
        rows = [(months, each.size, *centre_and_limits(each)) for each in doses.values()]
        table = pd.DataFrame(rows, columns=["months", "patients", "mean", "lower", "upper"])
        table.insert(0, "group", counts.groups.column(shown))
        pairs = [] if counts.groups.shared else list(combinations(doses, 2))
        apart = [(a, b, months, *mean_difference(doses[b], doses[a])) for a, b in pairs]
        differences = pd.DataFrame(apart, columns=["group_a", "group_b", "months", "difference", "lower", "upper"])
        left_out = counts.left_out.table
        method = (
            f"Mean cumulative dose of prednisone to month {months:g} of patients followed so long, each dose kept from "
            "its visit until the next with a dose, 95 % interval (t), Welch's for differences; "
            f"{count_words(sum(each.size for each in doses.values()), 'patient')}"
        )
        question = f"How much prednisone was taken in the first {months:g} months, on average?"
        return cls(question, method_words(method, left_out), left_out, table, differences)


def cumulative_dose(cohort: Cohort, *, months: float, by: By | None = None) -> CumulativeDose:
    """Return the mean cumulative dose of prednisone up to a month, of the patients who were followed so long.

    A dose is that of each day from its visit until the next visit with a dose: what was changed in between is not seen.
    Who died or was lost before is left out, so that doses of unequal lengths are not mixed.

    Parameters
    ----------
    cohort
        The patients, with `prednisone_mg_per_day` of the visits.
    months
        The month up to which doses add up.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    CumulativeDose; ``table`` has one row per group, in grams.

    Raises
    ------
    ValueError
        If the visits have no doses, the grouping column is unknown, or the month is not above 0.

    Examples
    --------
    >>> from analysis import load_sample
    >>> cumulative_dose(load_sample(), months=12).table[["patients", "mean"]].round(1).to_numpy().tolist()
    [[84.0, 6.4]]
    """
    if not 0 < months < np.inf:
        raise ValueError("Doses add up to a number of months above 0.")
    return CumulativeDose.of(CumulativeDoses.of(cohort, months, by), months=months)
