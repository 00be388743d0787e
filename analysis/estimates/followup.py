"""How long patients were followed (reverse Kaplan-Meier)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import Grouping, group_labels, without_group
from analysis.cohort.model import Cohort
from analysis.estimates.intervals import proportion_interval
from analysis.estimates.survival import product_limit
from analysis.estimates.words import count_words, method_words


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


def follow_up(cohort: Cohort, *, by: str | Grouping | None = None) -> FollowUp:
    """Return median follow-up by reverse Kaplan-Meier (Schemper and Smith 1996), range and mean.

    A death hides how long the patient would have been followed, so it censors; being alive at last contact is the
    event. The limits are those of R's survfit under its defaults (interval on the log scale).
    """
    patients = cohort.patients
    labels = group_labels(cohort, by)
    _, summary = product_limit(labels, patients["follow_up_months"], ~patients["died"], interval="log", level=0.95)
    observed = patients["follow_up_months"].groupby(labels, observed=False).agg(["min", "max", "mean"])
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
    left_out = without_group(cohort, labels)
    method = method_words(
        "Median follow-up by the reverse Kaplan-Meier method, months from transplantation, 95 % log interval, "
        + count_words(len(cohort) - len(left_out), "patient"),
        left_out,
    )
    return FollowUp(
        "How long were patients followed?", method, left_out, table, _alive(summary["group"], labels, patients)
    )


def _alive(groups: pd.Series, labels: pd.Series, patients: pd.DataFrame) -> pd.DataFrame:
    alive = (~patients["died"]).groupby(labels, observed=False).agg(["sum", "size"]).astype(int)
    lower, upper = proportion_interval(alive["sum"].tolist(), alive["size"].tolist())
    return pd.DataFrame(
        {
            "group": groups,
            "alive": alive["sum"].to_numpy(),
            "patients": alive["size"].to_numpy(),
            "share": (alive["sum"] / alive["size"]).to_numpy(),
            "lower": lower,
            "upper": upper,
        }
    )
