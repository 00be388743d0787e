"""Share of patients with a response: a change of a measure since the first scheduled month, or a value reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.column_words import amount_words, known_responses, measure_words, response_words
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.response import FALL, Response
from analysis.cohort.wording import count_words
from analysis.counts.measured_values import Values
from analysis.counts.presence import NO_SCHEDULED_VALUE, Presence, Steps, required, steps_of_values
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, proportion_interval
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.scores.by_month import month_table
from analysis.facts.scheduled_values import CHANGE, PERCENT, START, VALUE, Has, What
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure


@dataclass(frozen=True, repr=False)
class ResponseShare(Result):
    """Shares of patients with a response, over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    response
        What counts.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months (scheduled; of a change without the first), events, patients (with a value then; of a change also
        at the first scheduled month), share, lower, upper; missing without patients.
    """

    question: str
    method: str
    response: Response
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls, held: Values, starts: Values, presence: Presence, *, response: Response, interval: str, level: float
    ) -> ResponseShare:
        """Return the shares from counts.

        Parameters
        ----------
        held
            What the response is judged by (`what_judges`): changes from the first scheduled month, also in percent, or
            values.
        starts
            The values at the first scheduled month, of patients with a later one.
        presence
            Counts of the presence of values.
        response, interval, level
            As for `response_share`.
        """
        asked = held.asked
        steps = _steps(asked, response)
        left_out = presence.left_out(steps).table
        words = [
            _counted(response, asked),
            f"{100 * level:g} % interval ({PROPORTION_INTERVALS.get(interval, interval)})",
            *_at_start(response, starts),
            *limit_words(presence, required(steps)),
            count_words(presence.number(required(steps)), "patient"),
        ]
        later = int(response.is_change)  # a change is none at the first month

        def numbers(group: int, month: int) -> tuple[object, ...]:
            there = held.at(group, month + later)
            return int(there.patients[response.met(there.values)].sum()), there.size

        counts = month_table(held.groups, asked.months[later:], ["events", "patients"], numbers)
        return cls(
            question=f"How many patients have {response_words(response, asked.measure)}?",
            method=method_words("; ".join(words), left_out),
            response=response,
            left_out=left_out,
            table=shares(counts, interval, level),
        )


def what_judges(response: Response) -> What:
    """Return which of a patient's numbers tell a response: the value, its change, or its change in percent."""
    return PERCENT if response.in_percent else CHANGE if response.is_change else VALUE


def usual_response(measure: str) -> Response:
    """Return what counts as a response of a measure unless told.

    Raises
    ------
    ValueError
        If none is known.
    """
    known = known_responses(measure)
    if not known:
        raise ValueError(f"No response of {measure_words(measure)} is known: name what counts.")
    return known[0].response


def response_share(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    response: Response | None = None,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    interval: str = "wilson",
    level: float = 0.95,
    by: By | None = None,
) -> ResponseShare:
    """Return the share of patients with a response of a measure, at each scheduled month.

    A fall of SLEDAI by 4 is one criterion of the SLE Responder Index (Furie et al. 2009). The index also requires no
    worsening of organs or in the physician's assessment.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    response
        What counts; by default the most usual response of the measure in `vocabulary.toml`, with its source there.
    schedule, window_months, at_limit
        As for `trajectory`.
    interval, level
        "wilson" or "clopper-pearson", and its confidence level.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    ResponseShare
        Shares as fractions of 1, with one row per group and scheduled month; of a change without the first month.

    Raises
    ------
    ValueError
        If the visits have no such measure, no response of it is known and none is named, or the interval is unknown.

    References
    ----------
    Furie RA et al. (2009), Arthritis & Rheumatism 61:1143-1151.

    Examples
    --------
    >>> from analysis import Response, load_sample
    >>> response_share(load_sample(), schedule=[0, 12]).table[["months", "events", "patients"]].values.tolist()
    [[12.0, 70.0, 83.0]]
    >>> low_dose = response_share(
    ...     load_sample(), "prednisone_mg_per_day", response=Response("at most", 5), schedule=[0, 12]
    ... )
    >>> low_dose.question
    'How many patients have prednisone of at most 5 mg/day?'
    """
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    counted = usual_response(measure) if response is None else response
    held, starts = (Values.of(cohort, asked, by, what) for what in (what_judges(counted), START))
    presence = Presence.of(cohort, asked, by)
    return ResponseShare.of(held, starts, presence, response=counted, interval=interval, level=level)


def _steps(asked: ScheduledMeasure, response: Response) -> Steps:
    """Return the values that a patient needs to be counted at any month."""
    if not response.is_change:
        return [(Has.SCHEDULED, NO_SCHEDULED_VALUE)]
    return [*steps_of_values(asked, what_judges(response)), (Has.LATER, "no value at any later scheduled month")]


def _counted(response: Response, asked: ScheduledMeasure) -> str:
    share = f"Share with {response_words(response, asked.measure)}"
    if not response.is_change:
        return f"{share}, of those with a value then"
    return f"{share} since month {asked.months[0]:g}, of those with both values"


def _at_start(response: Response, starts: Values) -> list[str]:
    """Return how many patients cannot fall so far, or had the value reached at the start already."""
    *of_groups, of_two = starts.of_patients(0)
    measure, first = starts.asked.measure, f"month {starts.asked.months[0]:g}"
    if response.kind == FALL:
        numbers = [int(each.patients[~response.met(-each.values)].sum()) for each in (*of_groups, of_two)]
        words = f"started below {amount_words(response, measure)} and cannot fall by it"
    elif not response.is_change:
        numbers = [int(each.patients[response.met(each.values)].sum()) for each in (*of_groups, of_two)]
        words = f"with a later value had it at {first} already"
    else:
        return []
    number = sum(numbers[:-1]) - numbers[-1]
    return [f"{count_words(number, 'patient')} {words}"] if number else []


def shares(counts: pd.DataFrame, interval: str, level: float) -> pd.DataFrame:
    """Return counts with share, lower and upper; missing without patients."""
    events, patients = (counts[name].to_numpy(dtype=float) for name in ("events", "patients"))
    lower, upper = proportion_interval(events, patients, interval, level)
    share = np.divide(events, patients, out=np.full(len(counts), np.nan), where=patients > 0)
    columns = {str(name): counts[name].array for name in counts}
    return pd.DataFrame({**columns, "share": share, "lower": lower, "upper": upper}, copy=False)
