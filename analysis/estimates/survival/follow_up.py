"""Length of follow-up: median by reverse Kaplan-Meier, range, mean and share alive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Leaving
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.common.method_words import LATE_ENTRIES, method_words
from analysis.estimates.common.result import Result
from analysis.estimates.survival.kaplan_meier import product_limit
from analysis.facts.endpoints import OVERALL_SURVIVAL


@dataclass(frozen=True, repr=False)
class FollowUp(Result):
    """Length of follow-up.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, patients, median, lower, upper, minimum, maximum, mean (all in months). The median is that of the reverse
        Kaplan-Meier curve, missing if not reached.
    alive
        group, alive (at last contact), patients, share, lower, upper (95 % Wilson).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    alive: pd.DataFrame

    @classmethod
    def of(cls, counts: Leaving) -> FollowUp:
        """Return follow-up from counts of overall survival."""
        counts = counts.shown
        _, summary = product_limit(counts.reversed(), interval="log", level=0.95)
        table = summary.rename(columns={"median_lower": "lower", "median_upper": "upper"}).drop(columns="events")
        parts = [
            "Median follow-up by the reverse Kaplan-Meier method",
            f"months from {counts.outcome.time_zero}",
            "95 % log interval",
            *([LATE_ENTRIES] if counts.late_entries else []),
            count_words(counts.number_of_patients, "patient"),
        ]
        left_out = counts.left_out.table
        method = method_words(", ".join(parts), left_out)
        question = "How long were patients followed?"
        return cls(question, method, left_out, table.assign(**_range(counts)), _alive(counts))


def follow_up(cohort: Cohort, *, by: By | None = None) -> FollowUp:
    """Return the median follow-up by reverse Kaplan-Meier, with its range and mean.

    Death censors, for it hides how long the patient would have been followed; last contact alive is the event. The
    limits are on the log scale, as in R's survfit by default.

    Parameters
    ----------
    cohort, by
        As for `kaplan_meier`.

    Returns
    -------
    FollowUp; ``table`` and ``alive`` have one row per group.

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Schemper M, Smith TL (1996), Controlled Clinical Trials 17:343-346.

    Examples
    --------
    >>> from analysis import load_sample
    >>> follow_up(load_sample()).table[["patients", "median", "maximum"]].to_numpy().tolist()
    [[87.0, 25.8, 48.7]]
    """
    return FollowUp.of(Leaving.of(cohort, OVERALL_SURVIVAL, by))


def _range(counts: Leaving) -> dict[str, Floats]:
    """Return the shortest, longest and mean follow-up of each group; missing for an empty group."""
    columns = []
    for leaving in counts.leaving.T:
        left = np.flatnonzero(leaving)
        months, patients = counts.months[left], leaving[left]
        mean = (months * patients).sum() / patients.sum() if len(left) else np.nan
        columns.append((months[0], months[-1], mean) if len(left) else (np.nan, np.nan, np.nan))
    minimum, maximum, means = np.reshape(columns, (len(columns), 3)).T
    return {"minimum": minimum, "maximum": maximum, "mean": means}


def _alive(counts: Leaving) -> pd.DataFrame:
    alive = counts.patients - counts.events.sum(axis=0)
    lower, upper = proportion_interval(alive.tolist(), counts.patients.tolist())
    with np.errstate(invalid="ignore"):
        share = alive / counts.patients
    return pd.DataFrame(
        {
            "group": counts.groups.column(np.arange(len(alive))),
            "alive": alive,
            "patients": counts.patients,
            "share": share,
            "lower": lower,
            "upper": upper,
        }
    )
