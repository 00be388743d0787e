"""Endpoints: time zero, the event, competing events and the end of follow-up of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.column_words import measure_words
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME, clocked, slack
from analysis.facts.event_groups import EVENT_GROUPS
from analysis.facts.observed_times import NO_BASELINE, TRANSPLANTATION, Endpoint, Times, Wording, entry_months, observed
from analysis.facts.patient_events import ANY_EVENT, SEVERE_EVENT, SEVERE_GRADE, events_of_kind
from analysis.facts.recorded_events import first_relapse, first_remission, has_relapses, relapse_after

OVERALL_SURVIVAL = "overall_survival"
RELAPSE_FREE_SURVIVAL = "relapse_free_survival"
TIME_TO_REMISSION = "time_to_remission"
REMISSION_DURATION = "remission_duration"
RELAPSE = "relapse"


@dataclass(frozen=True)
class TimeToEvent:
    """An endpoint defined by columns of the patient table.

    Attributes
    ----------
    time
        Column of months from time zero to the event or last contact.
    event, competing
        Columns of 1/0, true/false or yes/no: the event, and the competing event ("" for none). If both are true, the
        event came first.
    name
        The outcome in words; by default the name of the event column.
    time_zero
        What the months are counted from, in words.
    """

    time: str
    event: str
    competing: str = ""
    name: str = ""
    time_zero: str = TRANSPLANTATION


@dataclass(frozen=True)
class Landmark:
    """An endpoint among patients who were event-free and followed at a landmark.

    Groups that become known only after transplantation can be compared from the landmark on without immortal time.

    Attributes
    ----------
    endpoint
        The endpoint that is analysed from the landmark on.
    months
        The landmark, in months from the time zero of the endpoint.
    reset
        Whether months are counted from the landmark; else from the time zero of the endpoint.

    References
    ----------
    Anderson, Cain and Gelber (1983).
    """

    endpoint: str | TimeToEvent | FirstAdverseEvent
    months: float
    reset: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.months < np.inf:
            raise ValueError("A landmark is a number of months above 0.")


@dataclass(frozen=True)
class FirstEvent:
    """Time to the first of some events within follow-up, with death as the competing event.

    Attributes
    ----------
    find, choices
        ``find(cohort, *choices)`` returns the events: row (position of the patient in ``cohort.patients``), months.
    name
        The event in words.
    judged
        ``judged(cohort, *choices)`` returns whether the event can be told of each patient; None if of all.
    """

    find: Callable[..., pd.DataFrame]
    choices: tuple[Hashable, ...]
    name: str
    judged: Callable[..., Flags] | None = None


@dataclass(frozen=True)
class FirstAdverseEvent:
    """Time to the first adverse event of a kind within follow-up, with death as the competing event.

    Attributes
    ----------
    kind
        "adverse event", "severe adverse event" (grade 3 or more), or a group of interest, known by the names of events:
        "infection", "infusion reaction", "cytokine release", "malignancy", "thrombosis", "pregnancy".
    related
        Whether only events that are recorded as related to the transplantation count.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Examples
    --------
    >>> FirstAdverseEvent("infection", related=True).name
    'infection related to the transplantation'
    """

    kind: str = ANY_EVENT
    related: bool = False

    def __post_init__(self) -> None:
        """Check the kind."""
        if self.kind not in (ANY_EVENT, SEVERE_EVENT, *EVENT_GROUPS):
            known = ", ".join((ANY_EVENT, SEVERE_EVENT, *EVENT_GROUPS))
            raise ValueError(f"Unknown kind of adverse event {self.kind!r}; known are {known}.")

    @property
    def name(self) -> str:
        """The event in words."""
        grade = f" (grade {SEVERE_GRADE} or more)" if self.kind == SEVERE_EVENT else ""
        return f"{self.kind}{grade}{' related to the transplantation' if self.related else ''}"


@dataclass(frozen=True)
class PotentialFollowUp:
    """Potential follow-up: death and loss to follow-up censor it."""


AnyEndpoint = str | TimeToEvent | FirstEvent | FirstAdverseEvent | Landmark | PotentialFollowUp


def endpoint_times(cohort: Cohort, endpoint: AnyEndpoint) -> Endpoint:
    """Return each patient's time, event and competing event for an endpoint.

    Raises
    ------
    ValueError
        If the endpoint is unknown, or the cohort lacks a column that it needs.
    """
    return Endpoint(**vars(endpoint_words(endpoint)), columns=_clocked(cohort, endpoint))


def endpoint_words(endpoint: AnyEndpoint) -> Wording:
    """Return the name, question and other words of an endpoint.

    Raises
    ------
    ValueError
        If the endpoint is unknown.
    """
    if isinstance(endpoint, Landmark):
        inner = endpoint_words(endpoint.endpoint)
        words = f"{endpoint.months:g} months after {inner.time_zero}"
        name = f"{inner.name} of those event-free at {words}"
        return replace(inner, name=name, time_zero=words if endpoint.reset else inner.time_zero)
    if isinstance(endpoint, TimeToEvent):
        name = endpoint.name or measure_words(endpoint.event)
        event = f"“{measure_words(endpoint.event)}” = yes"
        shown = endpoint.name or event
        return Wording(
            name[:1].upper() + name[1:],
            f"How many have had {shown} by then?" if endpoint.competing else f"How many are without {shown} over time?",
            event,
            competing_words=measure_words(endpoint.competing) if endpoint.competing else "",
            time_zero=endpoint.time_zero,
        )
    if isinstance(endpoint, FirstEvent | FirstAdverseEvent):
        return Wording(
            f"First {endpoint.name}",
            f"How many have had a first {endpoint.name} by then?",
            f"first {endpoint.name}",
            competing_words="death before it",
        )
    if isinstance(endpoint, PotentialFollowUp):
        return Wording(
            "Potential follow-up", "How long could patients be followed?", "end of follow-up but by death or loss"
        )
    if endpoint not in _WORDING:
        raise ValueError(f"Unknown endpoint {endpoint!r}; known are {', '.join(ENDPOINTS)}.")
    return _WORDING[endpoint]


@per_patient
def _clocked(cohort: Cohort, endpoint: AnyEndpoint) -> Times:
    """Return the times of every patient, also with entry and time in ticks of one clock."""
    times = _times(cohort, endpoint)
    entry, time = clocked(times["entry_months"], times["months"])
    return {**times, "entry": entry, "time": time}


def _times(cohort: Cohort, endpoint: AnyEndpoint) -> Times:
    if isinstance(endpoint, Landmark):
        return _from_landmark(_times(cohort, endpoint.endpoint), endpoint)
    if isinstance(endpoint, TimeToEvent):
        return _own_columns(cohort, endpoint)
    if isinstance(endpoint, FirstEvent):
        times = _with_death_competing(cohort, _first_of_patients(cohort, endpoint.find(cohort, *endpoint.choices)))
        return times if endpoint.judged is None else _of_judged(times, endpoint.judged(cohort, *endpoint.choices))
    if isinstance(endpoint, FirstAdverseEvent):
        return _first_adverse_event(cohort, endpoint)
    if isinstance(endpoint, PotentialFollowUp):
        return _potential_follow_up(cohort)
    _require(cohort, endpoint)
    return _BUILDERS[endpoint](cohort)


def available_endpoints(cohort: Cohort) -> list[str]:
    """Return the endpoints that the cohort has the columns for."""
    return [name for name in ENDPOINTS if not _missing_columns(cohort, name)]


def _overall_survival(cohort: Cohort) -> Times:
    return observed(cohort, cohort.numbers("follow_up_months"), event=cohort.died)


def _relapse_free_survival(cohort: Cohort) -> Times:
    relapse = first_relapse(cohort).to_numpy()
    relapsed = _by_the_end(cohort, relapse)
    months = np.where(relapsed, relapse, cohort.numbers("follow_up_months"))
    return observed(cohort, months, event=relapsed | cohort.died)


def _relapse(cohort: Cohort) -> Times:
    return _with_death_competing(cohort, first_relapse(cohort).to_numpy())


def _time_to_remission(cohort: Cohort) -> Times:
    return _with_death_competing(cohort, first_remission(cohort).to_numpy())


def _with_death_competing(cohort: Cohort, first: Floats) -> Times:
    happened = _by_the_end(cohort, first)
    months = np.where(happened, first, cohort.numbers("follow_up_months"))
    return observed(cohort, months, event=happened, competing=cohort.died & ~happened)


def _first_adverse_event(cohort: Cohort, endpoint: FirstAdverseEvent) -> Times:
    if not cohort.events_recorded:
        raise ValueError("Time to an adverse event needs a table of adverse events.")
    events = events_of_kind(cohort, endpoint.kind, endpoint.related)
    return _with_death_competing(cohort, _first_of_patients(cohort, events))


def _remission_duration(cohort: Cohort) -> Times:
    start = first_remission(cohort)
    remitted = _by_the_end(cohort, start.to_numpy())
    relapse = relapse_after(cohort, start).to_numpy()
    relapsed = _by_the_end(cohort, relapse)
    return observed(
        cohort,
        np.where(relapsed, relapse, cohort.numbers("follow_up_months")),
        event=relapsed,
        competing=cohort.died & ~relapsed,
        start=np.where(remitted, start.to_numpy(), np.nan),
        timeless="never in recorded complete remission",
    )


def _own_columns(cohort: Cohort, own: TimeToEvent) -> Times:
    patients = cohort.patients
    named = [column for column in (own.time, own.event, own.competing) if column]
    if missing := [column for column in named if column not in patients]:
        raise ValueError(f"The patients have no column {missing[0]!r}; they have {', '.join(patients.columns)}.")
    if not pd.api.types.is_numeric_dtype(patients[own.time]):
        raise ValueError(f"The column {own.time!r} holds no numbers of months.")
    event = _flags(patients, own.event)
    competing = _flags(patients, own.competing) if own.competing else np.zeros(len(cohort))
    known = ~np.isnan(event) & ~np.isnan(competing)
    return observed(
        cohort,
        np.where(known, cohort.numbers(own.time), np.nan),
        event=event == 1,
        competing=(competing == 1) & (event != 1),
        late=own.time_zero == TRANSPLANTATION,
    )


def _potential_follow_up(cohort: Cohort) -> Times:
    """Return the follow-up of every patient, including those never under observation."""
    hidden = cohort.died
    if "follow_up_ended" in cohort.patient_columns:
        hidden = hidden | (pd.Series(cohort.values("follow_up_ended")) == "lost").fillna(False).to_numpy(dtype=bool)
    return {
        "entry_months": entry_months(cohort),
        "months": cohort.numbers("follow_up_months"),
        "event": ~hidden,
        "competing": np.zeros(len(cohort), dtype=bool),
        "reason": pd.Categorical.from_codes(np.zeros(len(cohort), dtype=np.int8), [""]),
    }


def _from_landmark(times: Times, landmark: Landmark) -> Times:
    month, near = landmark.months, slack(landmark.months)
    months, event, rival, reason = (times[name] for name in ("months", "event", "competing", "reason"))
    followed = (months > month + near) | ((months >= month - near) & ~event & ~rival)
    reasons = [*reason.categories]
    competing = endpoint_words(landmark.endpoint).competing_words
    gone = [f"the event came by month {month:g}", f"{competing} by month {month:g}", f"not followed to month {month:g}"]
    codes = [len(reasons) + place for place in range(len(gone))]
    code = np.select([reason.codes != 0, followed, event, rival], [reason.codes, 0, *codes[:2]], codes[2])
    times = {**times, "reason": pd.Categorical.from_codes(code, [*reasons, *gone])}
    if landmark.reset:
        times |= {name: np.maximum(times[name] - month, 0.0) for name in ("entry_months", "months")}
    return times


def _of_judged(times: Times, judged: Flags) -> Times:
    """Return the times without those of patients of whom the event cannot be told."""
    reasons = [*times["reason"].categories, NO_BASELINE]
    code = np.where(judged | (times["reason"].codes != 0), times["reason"].codes, len(reasons) - 1)
    return {
        **times,
        "months": np.where(judged, times["months"], np.nan),
        "event": times["event"] & judged,
        "competing": times["competing"] & judged,
        "reason": pd.Categorical.from_codes(code, reasons),
    }


def _first_of_patients(cohort: Cohort, events: pd.DataFrame) -> Floats:
    first = np.full(len(cohort), np.inf)
    np.minimum.at(first, events["row"].to_numpy(), events["months"].to_numpy(dtype=float))
    return first


def _by_the_end(cohort: Cohort, months: Floats) -> Flags:
    """Return whether each time lies within follow-up."""
    return months <= cohort.numbers("follow_up_months") * (1 + SAME)


FLAGS = {"1": 1.0, "true": 1.0, "yes": 1.0, "0": 0.0, "false": 0.0, "no": 0.0}


def _flags(patients: pd.DataFrame, column: str) -> Floats:
    """Return a column of 1/0, true/false or yes/no, as written in the file, as 1 and 0."""
    codes, found = pd.factorize(patients[column])
    words = [str(value).strip().casefold().removesuffix(".0") for value in found]
    if not set(words) <= set(FLAGS):
        raise ValueError(f"The column {column!r} holds something else than 1/0, true/false or yes/no.")
    return np.array([*(FLAGS[word] for word in words), np.nan])[codes]


def _missing_columns(cohort: Cohort, endpoint: str) -> str:
    """Return in words the columns that an endpoint needs and the cohort lacks, or ""."""
    if endpoint in (RELAPSE_FREE_SURVIVAL, RELAPSE, REMISSION_DURATION) and not has_relapses(cohort):
        return "relapse_months of the patients or relapse of the visits"
    if endpoint in (TIME_TO_REMISSION, REMISSION_DURATION) and "remission" not in cohort.visit_columns:
        return "remission of the visits"
    return ""


def _require(cohort: Cohort, endpoint: str) -> None:
    if missing := _missing_columns(cohort, endpoint):
        raise ValueError(f"{endpoint.replace('_', ' ').capitalize()} needs {missing}.")


_BUILDERS: dict[str, Callable[[Cohort], Times]] = {
    OVERALL_SURVIVAL: _overall_survival,
    RELAPSE_FREE_SURVIVAL: _relapse_free_survival,
    TIME_TO_REMISSION: _time_to_remission,
    REMISSION_DURATION: _remission_duration,
    RELAPSE: _relapse,
}
ENDPOINTS = tuple(_BUILDERS)

_WORDING: dict[str, Wording] = {
    OVERALL_SURVIVAL: Wording("Overall survival", "How many are alive over time?", "death from any cause", "deaths"),
    RELAPSE_FREE_SURVIVAL: Wording(
        "Relapse-free survival",
        "How many are alive without relapse over time?",
        "relapse or death",
        "relapses or deaths",
    ),
    TIME_TO_REMISSION: Wording(
        "Time to remission",
        "How many have come into complete remission by then?",
        "first visit in recorded complete remission",
        "remissions",
        "death before it",
    ),
    REMISSION_DURATION: Wording(
        "Remission duration",
        "How long does the first complete remission last?",
        "relapse after the first complete remission",
        "relapses",
        "death in remission",
        "first complete remission",
    ),
    RELAPSE: Wording("Relapse", "How many have relapsed by then?", "first relapse", "relapses", "death before it"),
}
