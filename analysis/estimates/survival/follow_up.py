"""How long patients were followed (reverse Kaplan-Meier)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Counts
from analysis.estimates.common.grouped_outcome import LATE_ENTRIES, grouped_outcome
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.survival.kaplan_meier import product_limit
from analysis.facts.endpoints import OVERALL_SURVIVAL


@dataclass(frozen=True)
class FollowUp:
    """How long patients were followed.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no number.
    table
        group, patients, median, lower, upper, minimum, maximum, mean, all in months; the median is that of the
        reverse Kaplan-Meier curve and missing where not reached.
    alive
        group, alive (at last contact), patients, share, lower, upper (95 % Wilson).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    alive: pd.DataFrame


def follow_up(cohort: Cohort, *, by: By | None = None) -> FollowUp:
    """Return median follow-up by reverse Kaplan-Meier (Schemper and Smith 1996), range and mean.

    A death hides how long the patient would have been followed, so it censors; being alive at last contact is the
    event. The limits are those of R's survfit under its defaults (interval on the log scale).
    """
    outcome = grouped_outcome(cohort, OVERALL_SURVIVAL, by)
    _, summary = product_limit(outcome.counts.reversed(), interval="log", level=0.95)
    observed = pd.Series(outcome.columns["months"]).groupby(outcome.group, observed=False).agg(["min", "max", "mean"])
    table = pd.DataFrame(
        {
            "group": summary["group"],
            "patients": summary["patients"],
            "median": summary["median"],
            "lower": summary["median_lower"],
            "upper": summary["median_upper"],
            "minimum": observed["min"].to_numpy(),
            "maximum": observed["max"].to_numpy(),
            "mean": observed["mean"].to_numpy(),
        }
    )
    parts = [
        "Median follow-up by the reverse Kaplan-Meier method",
        "months from transplantation",
        "95 % log interval",
        *([LATE_ENTRIES] if outcome.counts.late_entries else []),
        count_words(int(summary["patients"].sum()), "patient"),
    ]
    method = method_words(", ".join(parts), outcome.left_out)
    return FollowUp("How long were patients followed?", method, outcome.left_out, table, _alive(outcome.counts))


def _alive(counts: Counts) -> pd.DataFrame:
    alive = counts.patients - counts.events.sum(axis=0)
    lower, upper = proportion_interval(alive.tolist(), counts.patients.tolist())
    with np.errstate(invalid="ignore"):
        share = alive / counts.patients
    return pd.DataFrame(
        {
            "group": counts.group,
            "alive": alive,
            "patients": counts.patients,
            "share": share,
            "lower": lower,
            "upper": upper,
        }
    )
