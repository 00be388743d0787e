"""Time-to-event definitions: from when, until when, what counts as the event and what competes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.outcome import NO_TIME, TRANSPLANTATION, Endpoint, observed
from analysis.cohort.states import first_relapse, first_remission, has_relapses, relapse_after
from analysis.cohort.times import SAME, slack

OVERALL_SURVIVAL = "overall_survival"
RELAPSE_FREE_SURVIVAL = "relapse_free_survival"
TIME_TO_REMISSION = "time_to_remission"
REMISSION_DURATION = "remission_duration"
RELAPSE = "relapse"


@dataclass(frozen=True)
class TimeToEvent:
    """An endpoint made of the patients' own columns.

    Attributes
    ----------
    time
        Column of months from time zero to event or last contact.
    event, competing
        Columns of 1/0, true/false or yes/no: the event, and what makes it impossible ("" for nothing). Where both
        hold, the event came first.
    name
        The outcome in words; without it the name of the event column.
    time_zero
        What the months count from.
    """

    time: str
    event: str
    competing: str = ""
    name: str = ""
    time_zero: str = TRANSPLANTATION


@dataclass(frozen=True)
class Landmark:
    """An endpoint among those who were event-free and followed at a month (Anderson, Cain and Gelber 1983).

    Groups that are only known later than transplantation may be compared from the landmark on without immortal time.

    Attributes
    ----------
    endpoint
        The endpoint that is looked at from the landmark on.
    months
        The landmark, in months from the endpoint's own time zero.
    reset
        Whether the clock starts again at the landmark; else it runs on, and nothing happens until then.
    """

    endpoint: str | TimeToEvent
    months: float
    reset: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.months < np.inf:
            raise ValueError("A landmark is a number of months above 0.")


AnyEndpoint = str | TimeToEvent | Landmark


def endpoint_times(cohort: Cohort, endpoint: AnyEndpoint) -> Endpoint:
    """Return each patient's time and event for an endpoint.

    Raises
    ------
    ValueError
        If the endpoint is unknown, or the cohort has no column it needs.
    """
    if isinstance(endpoint, Landmark):
        return _from_landmark(endpoint_times(cohort, endpoint.endpoint), endpoint)
    if isinstance(endpoint, TimeToEvent):
        return _own_columns(cohort, endpoint)
    if endpoint not in _BUILDERS:
        raise ValueError(f"Unknown endpoint {endpoint!r}; known are {', '.join(ENDPOINTS)}.")
    return _BUILDERS[endpoint](cohort)


def available_endpoints(cohort: Cohort) -> list[str]:
    """Return the endpoints that the cohort has the columns for."""
    return [name for name in ENDPOINTS if not _missing_columns(cohort, name)]


def _overall_survival(cohort: Cohort) -> Endpoint:
    patients = cohort.patients
    times, left_out = observed(cohort, patients["follow_up_months"], event=patients["died"])
    return Endpoint(
        times, left_out, "Overall survival", "How many are alive over time?", "death from any cause", "deaths"
    )


def _relapse_free_survival(cohort: Cohort) -> Endpoint:
    _require(cohort, RELAPSE_FREE_SURVIVAL)
    relapse, relapsed = _by_the_end(cohort, first_relapse(cohort))
    months = relapse.where(relapsed, cohort.patients["follow_up_months"])
    times, left_out = observed(cohort, months, event=relapsed | cohort.patients["died"])
    question = "How many are alive without relapse over time?"
    return Endpoint(times, left_out, "Relapse-free survival", question, "relapse or death", "relapses or deaths")


def _relapse(cohort: Cohort) -> Endpoint:
    _require(cohort, RELAPSE)
    return _with_death_competing(
        cohort, first_relapse(cohort), "Relapse", "How many have relapsed by then?", "first relapse", "relapses"
    )


def _time_to_remission(cohort: Cohort) -> Endpoint:
    _require(cohort, TIME_TO_REMISSION)
    return _with_death_competing(
        cohort,
        first_remission(cohort),
        "Time to remission",
        "How many have come into complete remission by then?",
        "first visit in recorded complete remission",
        "remissions",
    )


def _with_death_competing(
    cohort: Cohort, first: pd.Series, name: str, question: str, event_words: str, events_noun: str
) -> Endpoint:
    first, happened = _by_the_end(cohort, first)
    months = first.where(happened, cohort.patients["follow_up_months"])
    times, left_out = observed(cohort, months, event=happened, competing=cohort.patients["died"] & ~happened)
    return Endpoint(times, left_out, name, question, event_words, events_noun, "death before it")


def _remission_duration(cohort: Cohort) -> Endpoint:
    _require(cohort, REMISSION_DURATION)
    patients = cohort.patients
    start, remitted = _by_the_end(cohort, first_remission(cohort))
    relapse, relapsed = _by_the_end(cohort, relapse_after(cohort, start))
    end = relapse.where(relapsed, patients["follow_up_months"])
    times, left_out = observed(
        cohort, end, event=relapsed, competing=patients["died"] & ~relapsed, start=start.where(remitted)
    )
    return Endpoint(
        times,
        left_out.replace({"reason": {NO_TIME: "never in recorded complete remission"}}),
        "Remission duration",
        "How long does the first complete remission last?",
        "relapse after the first complete remission",
        "relapses",
        "death in remission",
        "first complete remission",
    )


def _own_columns(cohort: Cohort, own: TimeToEvent) -> Endpoint:
    patients = cohort.patients
    named = [column for column in (own.time, own.event, own.competing) if column]
    if missing := [column for column in named if column not in patients]:
        raise ValueError(f"The patients have no column {missing[0]!r}; they have {', '.join(patients.columns)}.")
    if not pd.api.types.is_numeric_dtype(patients[own.time]):
        raise ValueError(f"The column {own.time!r} holds no numbers of months.")
    event = _flags(patients, own.event)
    competing = _flags(patients, own.competing) if own.competing else pd.Series(0.0, index=patients.index)
    known = event.notna() & competing.notna()
    months = patients[own.time].astype(float).where(known)
    times, left_out = observed(
        cohort,
        months,
        event=event.eq(1),
        competing=competing.eq(1) & event.ne(1),
        late=own.time_zero == TRANSPLANTATION,
    )
    name = own.name or own.event.replace("_", " ")
    return Endpoint(
        times,
        left_out,
        name[:1].upper() + name[1:],
        f"How many have {name} over time?",
        own.event,
        competing_words=own.competing,
        time_zero=own.time_zero,
    )


def _from_landmark(outcome: Endpoint, landmark: Landmark) -> Endpoint:
    times, month, near = outcome.times, landmark.months, slack(landmark.months)
    later = times["months"] > month + near
    followed = later | ((times["months"] >= month - near) & ~times["event"] & ~times["competing"])
    at_landmark = times[followed]
    if landmark.reset:
        moved = at_landmark[["entry_months", "months"]].sub(month).clip(lower=0)
        at_landmark = at_landmark.assign(**moved)
    gone = times[~followed]
    reason = np.select(
        [gone["event"], gone["competing"]],
        [f"the event came by month {month:g}", f"{outcome.competing_words} by month {month:g}"],
        f"not followed to month {month:g}",
    )
    left_out = pd.DataFrame({"patient_id": gone["patient_id"], "reason": reason})
    words = f"{month:g} months after {outcome.time_zero}"
    return replace(
        outcome,
        times=at_landmark,
        left_out=pd.concat([outcome.left_out, left_out], ignore_index=True),
        name=f"{outcome.name} of those event-free at {words}",
        time_zero=words if landmark.reset else outcome.time_zero,
    )


def _by_the_end(cohort: Cohort, months: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the times, and which of them lie within follow-up."""
    return months, months <= cohort.patients["follow_up_months"] * (1 + SAME)


FLAGS = {"1": 1.0, "true": 1.0, "yes": 1.0, "0": 0.0, "false": 0.0, "no": 0.0}


def _flags(patients: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of 1/0, true/false or yes/no, as it came out of the file, as numbers."""
    held = patients[column].astype(object)
    words = held.map(lambda value: str(value).strip().casefold().removesuffix(".0"), na_action="ignore")
    flags = words.map(FLAGS).astype(float)
    if (flags.isna() & held.notna()).any():
        raise ValueError(f"The column {column!r} holds something else than 1/0, true/false or yes/no.")
    return flags


def _missing_columns(cohort: Cohort, endpoint: str) -> str:
    """Return what an endpoint needs and the cohort does not have, or ""."""
    if endpoint in (RELAPSE_FREE_SURVIVAL, RELAPSE, REMISSION_DURATION) and not has_relapses(cohort):
        return "relapse_months of the patients or relapse of the visits"
    if endpoint in (TIME_TO_REMISSION, REMISSION_DURATION) and "remission" not in cohort.visits:
        return "remission of the visits"
    return ""


def _require(cohort: Cohort, endpoint: str) -> None:
    if missing := _missing_columns(cohort, endpoint):
        raise ValueError(f"{endpoint.replace('_', ' ').capitalize()} needs {missing}.")


_BUILDERS: dict[str, Callable[[Cohort], Endpoint]] = {
    OVERALL_SURVIVAL: _overall_survival,
    RELAPSE_FREE_SURVIVAL: _relapse_free_survival,
    TIME_TO_REMISSION: _time_to_remission,
    REMISSION_DURATION: _remission_duration,
    RELAPSE: _relapse,
}
ENDPOINTS = tuple(_BUILDERS)
