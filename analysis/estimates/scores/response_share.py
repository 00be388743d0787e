"""Share of patients with a response: a fall of a measure since the first scheduled month by a given amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.column_words import measure_words, unit_words
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.measures import RESPONSE_FALLS
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.counts.measured_values import Values
from analysis.counts.presence import Presence, required, steps_of_values
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, proportion_interval
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.scores.by_month import month_table
from analysis.facts.scheduled_values import CHANGE, START, Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure


@dataclass(frozen=True, repr=False)
class ResponseShare(Result):
    """Shares of patients with a fall of at least a given size, over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months (scheduled, without the first), events, patients (with a value then and at the first scheduled
        month), share, lower, upper; missing without patients.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls, changes: Values, starts: Values, presence: Presence, *, fall: float, interval: str, level: float
    ) -> ResponseShare:
        """Return the shares from counts.

        Parameters
        ----------
        changes
            The changes from the first scheduled month.
        starts
            The values at the first scheduled month, of patients with a later one.
        presence
            Counts of the presence of values.
        fall, interval, level
            As for `response_share`.
        """
        asked, enough = changes.asked, fall * (1 - SAME)
        first = f"month {asked.months[0]:g}"
        steps = [
            *steps_of_values(asked, CHANGE),
            (Has.LATER, "no value at any later scheduled month"),
        ]
        left_out = presence.left_out(steps).table
        label, amount = measure_words(asked.measure), f"{fall:g} {unit_words(asked.measure)}".strip()
        *of_groups, of_two = (int(each.patients[each.values < enough].sum()) for each in starts.of_patients(0))
        too_low = sum(of_groups) - of_two
        words = [
            f"Share with a fall of {label} by {amount} or more since {first}, of those with both values",
            f"{100 * level:g} % interval ({PROPORTION_INTERVALS.get(interval, interval)})",
            *([f"{count_words(too_low, 'patient')} started below {amount} and cannot fall by it"] if too_low else []),
            *limit_words(presence, required(steps)),
            count_words(presence.number(required(steps)), "patient"),
        ]

        def numbers(group: int, month: int) -> tuple[object, ...]:
            held = changes.at(group, month + 1)
            return int(held.patients[held.values <= -enough].sum()), held.size

        counts = month_table(changes.groups, asked.months[1:], ["events", "patients"], numbers)
        return cls(
            question=f"How many patients have a fall of {label} by {amount} or more?",
            method=method_words("; ".join(words), left_out),
            left_out=left_out,
            table=shares(counts, interval, level),
        )


def response_share(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    fall: float | None = None,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
) -> ResponseShare:
    """Return the share of patients whose measure has fallen by at least `fall` since the first scheduled month.

    A fall of SLEDAI by 4 is one criterion of the SLE Responder Index (Furie et al. 2009). The index also requires no
    worsening of organs or in the physician's assessment.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    fall
        The smallest fall that counts, above 0, in the unit of the measure; there is a default only for SLEDAI.
    schedule, window_months, at_limit
        As for `trajectory`.
    interval, level
        "wilson" or "clopper-pearson", and its confidence level.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    ResponseShare
        Shares as fractions of 1, with one row per group and scheduled month after the first.

    Raises
    ------
    ValueError
        If the visits have no such measure, the fall is not above 0 or has no default, or the interval is unknown.

    References
    ----------
    Furie RA et al. (2009), Arthritis & Rheumatism 61:1143-1151.

    Examples
    --------
    >>> from analysis import load_sample
    >>> response_share(load_sample(), schedule=[0, 12]).table[["months", "events", "patients"]].values.tolist()
    [[12.0, 70.0, 83.0]]
    """
    fall = RESPONSE_FALLS.get(measure) if fall is None else fall
    if fall is None:
        raise ValueError(f"No fall of {measure_words(measure)} is known to be a response: name the fall that counts.")
    if not fall > 0:
        raise ValueError("A fall is a number above 0.")
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    changes, starts = (Values.of(cohort, asked, by, what) for what in (CHANGE, START))
    presence = Presence.of(cohort, asked, by)
    return ResponseShare.of(changes, starts, presence, fall=fall, interval=interval, level=level)


def shares(counts: pd.DataFrame, interval: str, level: float) -> pd.DataFrame:
    """Return counts with share, lower and upper; missing without patients."""
    events, patients = (counts[name].to_numpy(dtype=float) for name in ("events", "patients"))
    lower, upper = proportion_interval(events, patients, interval, level)
    share = np.divide(events, patients, out=np.full(len(counts), np.nan), where=patients > 0)
    columns = {str(name): counts[name].array for name in counts}
    return pd.DataFrame({**columns, "share": share, "lower": lower, "upper": upper}, copy=False)
