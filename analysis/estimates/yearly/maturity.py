"""Maturity: the share of patients who could have been followed to each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Leaving, Steps
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.survival.kaplan_meier import survival_steps
from analysis.facts.endpoints import PotentialFollowUp

HALF = 0.5 - 1e-9  # a share of 1/2 may be a rounding error below it


@dataclass(frozen=True, repr=False)
class Maturity(Result):
    """The share of patients who could have been followed to each year.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, year, patients, could_be_followed (share; missing beyond the end of the curve), immature (less than half,
        or missing).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: Leaving, *, years: Sequence[int]) -> Maturity:
        """Return the shares from counts of potential follow-up.

        Parameters
        ----------
        counts
            The end of follow-up as the event, censored by death and loss.
        years
            Years after transplantation.
        """
        counts = counts.shown
        groups = zip(counts.groups.names, counts.patients.tolist(), strict=True)
        rows = [(group, year, patients) for group, patients in groups for year in years]
        share = could_be_followed(counts, years)
        table = pd.DataFrame(rows, columns=["group", "year", "patients"])
        table = table.assign(could_be_followed=share, immature=immature(share))
        left_out = counts.left_out.table
        method = (
            "Share who could have been followed so long by the reverse Kaplan-Meier method, death and loss censoring, "
            f"months from transplantation; {count_words(counts.groups.patients, 'patient')}"
        )
        question = "How many could have been followed to each year?"
        return cls(question, method_words(method, left_out), left_out, with_groups(table, counts.groups.names))


def maturity(cohort: Cohort, *, years: Sequence[int], by: By | None = None) -> Maturity:
    """Return the share of patients who could have been followed to the end of each year.

    Reverse Kaplan-Meier with one change: loss to follow-up censors as death does, for both hide how long a patient
    could have been followed. The result depends only on how long ago patients were transplanted. Follow-up that ended
    for an unknown reason counts as potential follow-up.

    Parameters
    ----------
    cohort
        The patients.
    years
        Years after transplantation.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    Returns
    -------
    Maturity; ``table`` has one row per group and year.

    References
    ----------
    Schemper M, Smith TL (1996), Controlled Clinical Trials 17:343-346.

    Examples
    --------
    >>> from analysis import load_sample
    >>> maturity(load_sample(), years=[1, 3]).table[["year", "could_be_followed"]].round(2).to_numpy().tolist()
    [[1.0, 1.0], [3.0, 0.38]]
    """
    return Maturity.of(Leaving.of(cohort, PotentialFollowUp(), by), years=years)


def could_be_followed(counts: Leaving, years: Sequence[int]) -> Floats:
    """Return the share that could have been followed, for each group shown and each year."""
    return np.array([_share(steps, 12.0 * year) for steps in counts.shown.steps() for year in years], dtype=float)


def immature(share: Floats) -> Flags:
    """Return whether shares are below one half or missing."""
    young: Flags = ~(share >= HALF)
    return young


def _share(steps: Steps, month: float) -> float:
    """Return the curve of one group just before a month; follow-up that ends at the month reaches it."""
    survival = survival_steps(steps["at_risk"].astype(float), steps["events"].astype(float))
    before = survival[np.flatnonzero(steps["months"] < month - slack(month))[-1]]
    known = steps["months"][-1] >= month - slack(month) or before == 0
    return float(before) if known else float("nan")
