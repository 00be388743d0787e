"""Numbers of patients with the data that each figure needs."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.counts.recorded_counts import RecordedCounts


def usable(cohort: Cohort) -> pd.DataFrame:
    """Return the number of patients with the data that each figure needs.

    Parameters
    ----------
    cohort
        The patients.

    Returns
    -------
    DataFrame
        figure, patients, needs (in words), in the order of the pages.

    Examples
    --------
    >>> from analysis import load_sample
    >>> usable(load_sample())[["figure", "patients"]].values.tolist()[0]
    ['Survival', 87]
    """
    return usable_of(RecordedCounts.of(cohort))


def usable_of(counts: RecordedCounts) -> pd.DataFrame:
    """Return the table of `usable` from counts."""
    rows = [
        ("Survival", counts.patients, "follow-up and whether the patient died"),
        ("Relapse-free survival", counts.of_relapses, "the same, and relapses"),
        ("Remission per year", counts.remission, "a visit with a recorded state of remission"),
        ("Relapse per year", counts.visits_of_relapses, "relapses, and a visit"),
        ("SLEDAI over time", counts.sledai, "a visit with a SLEDAI"),
        ("Change of SLEDAI", counts.baseline_sledai, "a SLEDAI at transplantation"),
    ]
    return pd.DataFrame(rows, columns=["figure", "patients", "needs"])
