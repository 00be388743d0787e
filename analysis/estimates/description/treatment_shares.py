"""The share of patients on each drug at transplantation and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.drugs import drug_names
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.treatment_counts import TreatmentCounts
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.facts.treatment_periods import check_treatments

MONTHS = (0, 3, 6, 12, 24, 36, 48)
MOST_SHOWN = 6  # drugs, unless they are named


@dataclass(frozen=True, repr=False)
class TreatmentShares(Result):
    """Shares of patients on each drug over time.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months, drug, patients (followed at that month), on (how many of them take the drug), share (fraction of
        1, missing where nobody is followed), lower, upper.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls, counts: TreatmentCounts, *, months: Sequence[float], interval: str = "wilson", level: float = 0.95
    ) -> TreatmentShares:
        """Return shares from counts.

        Parameters
        ----------
        counts
            Numbers of patients by the drugs that they take.
        months
            The months, as they were counted.
        interval, level
            As for `treatment_shares`.
        """
        left_out = counts.left_out.table
        method = (
            f"Share of the patients alive and followed at each month who take the drug then: from its recorded start, "
            f"no longer at its stop, and without a stop to the end of follow-up; {100 * level:g} % "
            f"{PROPORTION_INTERVALS[interval]} interval; {count_words(counts.groups.patients, 'patient')}"
        )
        unknown = counts.without_record
        if unknown:
            method += f", {unknown:,} of them without any recorded treatment, who count as not on it"
        return cls(
            "Who is on which treatment?",
            method_words(method, left_out),
            left_out,
            _table(counts, months, interval, level),
        )


def treatment_shares(
    cohort: Cohort,
    *,
    drugs: Sequence[str] | None = None,
    months: Sequence[float] = MONTHS,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
) -> TreatmentShares:
    """Return the share of patients on each drug at transplantation (month 0) and over time.

    The denominator is everyone alive and followed at the month. A patient takes a drug from its recorded start, no
    longer at its stop, and without a stop to the end of follow-up. Patients without any recorded treatment count as not
    on it; how many they are is told in the method, since their treatments may be unknown.

    Parameters
    ----------
    cohort
        The patients, with a table of treatments.
    drugs
        The names of drugs; by default the six that most patients of the whole cohort took.
    months
        The months since transplantation.
    interval
        "wilson" or "clopper-pearson".
    level
        Confidence level, between 0 and 1.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    TreatmentShares; ``table`` has one row per group, month and drug.

    Raises
    ------
    ValueError
        If the cohort has no table of treatments, a drug or the grouping column is unknown, there are more than 30
        drugs, or the interval or level is not possible.

    References
    ----------
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 22:209-12.

    Examples
    --------
    >>> from analysis import load_sample
    >>> table = treatment_shares(load_sample(), drugs=["mycophenolate"], months=[0, 12]).table
    >>> table[["months", "drug", "patients", "on"]].to_numpy().tolist()
    [[0.0, 'mycophenolate', 87, 17], [12.0, 'mycophenolate', 84, 17]]
    """
    check_treatments(cohort)
    known = drug_names(cohort)
    chosen = list(known[:MOST_SHOWN] if drugs is None else dict.fromkeys(drugs))
    for drug in chosen:
        if drug not in known:
            raise ValueError(f"The treatments have no drug {drug!r}. They have {', '.join(known) or 'none'}.")
    times = sorted({float(month) for month in months})
    return TreatmentShares.of(
        TreatmentCounts.of(cohort, chosen, times, by), months=times, interval=interval, level=level
    )


def _table(counts: TreatmentCounts, months: Sequence[float], interval: str, level: float) -> pd.DataFrame:
    groups, drugs = counts.groups.column(counts.groups.shown), counts.drugs
    rows = pd.MultiIndex.from_product(
        [
            pd.CategoricalIndex(groups, groups.categories, ordered=True),
            np.array(months, dtype=float),
            pd.CategoricalIndex(drugs, drugs, ordered=True),
        ],
        names=["group", "months", "drug"],
    )
    followed = np.repeat(counts.followed.T[:, :, None], len(drugs), axis=2).ravel()
    each = [counts.on(drug).T for drug in drugs]
    on = np.stack(each, axis=2).ravel() if each else np.empty(0, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        share = np.where(followed > 0, on / followed, np.nan)
    lower, upper = proportion_interval(on, followed, interval, level)
    return rows.to_frame(index=False).assign(patients=followed, on=on, share=share, lower=lower, upper=upper)
