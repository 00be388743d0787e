"""The share of patients within each band of SLEDAI, by schemes from the literature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import column_label
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.intervals import PROPORTION_INTERVALS
from analysis.estimates.common.method_words import method_words
from analysis.estimates.scores.at_months import at_months
from analysis.estimates.scores.response_share import shares
from analysis.estimates.scores.scheduled import (
    SCHEDULE,
    grouped_table,
    rising_months,
)

MEASURE = "sledai"


@dataclass(frozen=True)
class Scheme:
    """Bands of SLEDAI.

    Attributes
    ----------
    label
        What the scheme is called on the screen.
    source
        Where it comes from.
    bands
        Name of each band, from the lowest, and the highest score that belongs to it; the last has no end.
    """

    label: str
    source: str
    bands: tuple[tuple[str, float], ...]

    @property
    def names(self) -> list[str]:
        """The bands, from the lowest."""
        return [name for name, _ in self.bands]

    def places(self, values: Floats) -> list[int]:
        """Return how many of the values are in each band."""
        ends = [end for _, end in self.bands[:-1]]
        return [int(number) for number in np.bincount(np.searchsorted(ends, values), minlength=len(self.bands))]


SCHEMES = {
    "cook": Scheme(
        label="Five bands (Cook 2000)",
        source="Cook RJ et al. (2000), J Rheumatol 27(8):1892-1895: bands by their risk of death within six months",
        bands=(("0", 0), ("1 to 5", 5), ("6 to 10", 10), ("11 to 19", 19), ("20 or more", np.inf)),
    ),
    "bsr": Scheme(
        label="Mild, moderate, severe (British guideline 2018)",
        source="Gordon C et al. (2018), Rheumatology 57(1):e1-e45: British Society for Rheumatology guideline",
        bands=(("mild: below 6", 5), ("moderate: 6 to 12", 12), ("severe: above 12", np.inf)),
    ),
    "malaysia": Scheme(
        label="Remission, low, moderate, high (Malaysian guideline 2024)",
        source="Ministry of Health Malaysia (2024), Clinical practice guidelines: management of systemic lupus "
        "erythematosus, table 3",
        bands=(("remission: 0", 0), ("low: 1 to 4", 4), ("moderate: 5 to 10", 10), ("high: above 10", np.inf)),
    ),
}


@dataclass(frozen=True)
class SeverityBands:
    """How many patients are in each band of SLEDAI, over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    scheme
        The bands, and where they come from.
    left_out
        patient_id, reason: patients who are in no number.
    table
        group, months (scheduled), band (ordered, from the lowest), events, patients, share, lower, upper; the events
        of a month add up to its patients.
    """

    question: str
    method: str
    scheme: Scheme
    left_out: pd.DataFrame
    table: pd.DataFrame


def severity_bands(
    cohort: Cohort,
    *,
    scheme: str = "cook",
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
) -> SeverityBands:
    """Return the share of patients in each band of SLEDAI at each scheduled month.

    Parameters
    ----------
    cohort
        The patients.
    scheme
        One of `SCHEMES`. They differ in where activity is called high, and so do their figures.
    schedule, window_months
        As for `trajectory`.
    interval, level
        "wilson" or "clopper-pearson", and its confidence level; each band stands alone.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the visits have no SLEDAI, or the scheme or interval is unknown.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"Unknown scheme {scheme!r}; known are {', '.join(SCHEMES)}.")
    chosen = SCHEMES[scheme]
    who = members(cohort, by)
    months = rising_months(schedule)
    measured = at_months(cohort, who, MEASURE, months, window_months)
    counted = measured.only(np.any(measured.measured(months), axis=0))
    rows = [
        (group, month, band, number, len(values))
        for group, month, values in counted.by_month(months)
        for band, number in zip(chosen.names, chosen.places(values), strict=True)
    ]
    counts = grouped_table(rows, ["group", "months", "band", "events", "patients"], counted.group)
    counts = counts.assign(band=pd.Categorical(counts["band"], chosen.names, ordered=True))
    left_out = who.left_out(cohort, (counted.row, "no value at any scheduled month"))
    label, patients = column_label(MEASURE), count_words(number_of_patients(counted.row), "patient")
    return SeverityBands(
        question=f"How many patients are in each band of {label}?",
        method=method_words(
            f"Share of those with a value in each band of {label}, bands of {chosen.source}; "
            f"{100 * level:g} % interval ({PROPORTION_INTERVALS.get(interval, interval)}); {patients}",
            left_out,
        ),
        scheme=chosen,
        left_out=left_out,
        table=shares(counts, interval, level),
    )
