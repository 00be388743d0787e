"""Shares of patients in bands of SLEDAI, by published schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.column_words import column_label
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.distribution import Distribution
from analysis.counts.measured_values import Values
from analysis.counts.presence import NO_SCHEDULED_VALUE, Presence
from analysis.estimates.common.intervals import PROPORTION_INTERVALS
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.scores.by_month import month_table
from analysis.estimates.scores.response_share import shares
from analysis.facts.scheduled_values import Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure

MEASURE = "sledai"


@dataclass(frozen=True)
class Scheme:
    """A scheme of bands of SLEDAI.

    Attributes
    ----------
    label
        Its name on the screen.
    source
        The publication.
    bands
        Name and highest score of each band, from the lowest; the last has no highest score.
    """

    label: str
    source: str
    bands: tuple[tuple[str, float], ...]

    @property
    def names(self) -> list[str]:
        """The bands, from the lowest."""
        return [name for name, _ in self.bands]

    def patients(self, scores: Distribution) -> Integers:
        """Return the number of patients in each band."""
        ends = [end for _, end in self.bands[:-1]]
        patients = np.zeros(len(self.bands), dtype=np.int64)
        np.add.at(patients, np.searchsorted(ends, scores.values), scores.patients)
        return patients


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


@dataclass(frozen=True, repr=False)
class SeverityBands(Result):
    """Shares of patients in each band of SLEDAI, over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    scheme
        The bands, and their source.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months (scheduled), band (ordered, from the lowest), events, patients, share, lower, upper; the events
        of a month add up to its patients.
    """

    question: str
    method: str
    scheme: Scheme
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, scores: Values, presence: Presence, *, scheme: Scheme, interval: str, level: float) -> SeverityBands:
        """Return the shares from counts of scores, and of their presence; see `severity_bands`."""

        def numbers(group: int, month: int) -> tuple[object, ...]:
            held = scores.at(group, month)
            return *scheme.patients(held), held.size

        wide = month_table(scores.groups, scores.months, [*scheme.names, "patients"], numbers)
        each = np.repeat(np.arange(len(wide)), len(scheme.bands))
        counts = pd.DataFrame(
            {
                "group": wide["group"].array[each],
                "months": wide["months"].to_numpy()[each],
                "band": pd.Categorical(scheme.names * len(wide), scheme.names, ordered=True),
                "events": np.column_stack([wide[name] for name in scheme.names]).ravel(),
                "patients": wide["patients"].to_numpy()[each],
            }
        )
        left_out = presence.left_out([(Has.SCHEDULED, NO_SCHEDULED_VALUE)]).table
        label, patients = column_label(MEASURE), count_words(presence.number(Has.SCHEDULED), "patient")
        interval_words = f"{100 * level:g} % interval ({PROPORTION_INTERVALS.get(interval, interval)})"
        return cls(
            question=f"How many patients are in each band of {label}?",
            method=method_words(
                f"Share of those with a value in each band of {label}, bands of {scheme.source}; "
                + "; ".join([interval_words, *limit_words(presence, Has.SCHEDULED), patients]),
                left_out,
            ),
            scheme=scheme,
            left_out=left_out,
            table=shares(counts, interval, level),
        )


def severity_bands(
    cohort: Cohort,
    *,
    scheme: str = "cook",
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
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
        One of `SCHEMES`, which differ in their limits.
    schedule, window_months, at_limit
        As for `trajectory`.
    interval, level
        "wilson" or "clopper-pearson", and its confidence level, for each band separately.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    SeverityBands
        Shares as fractions of 1, with one row per group, scheduled month and band.

    Raises
    ------
    ValueError
        If the visits have no SLEDAI, or the scheme or interval is unknown.

    Examples
    --------
    >>> from analysis import load_sample
    >>> severity_bands(load_sample(), scheme="bsr", schedule=[0]).table[["band", "events"]].values.tolist()
    [['mild: below 6', 0], ['moderate: 6 to 12', 39], ['severe: above 12', 48]]
    """
    if scheme not in SCHEMES:
        raise ValueError(f"Unknown scheme {scheme!r}; known are {', '.join(SCHEMES)}.")
    asked = ScheduledMeasure.of(MEASURE, schedule, window_months, at_limit)
    scores, presence = Values.of(cohort, asked, by), Presence.of(cohort, asked, by)
    return SeverityBands.of(scores, presence, scheme=SCHEMES[scheme], interval=interval, level=level)
