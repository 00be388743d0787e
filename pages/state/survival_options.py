"""The options of the Survival page; times in months."""

from __future__ import annotations

from analysis import FirstAdverseEvent, Landmark, SmallNumbers, TimeToEvent
from analysis.cohort.column_words import column_label
from analysis.cohort.grouping import By
from analysis.cohort.measures import characteristics, flag_columns, numeric_characteristics, time_columns
from analysis.estimates.common.multiplicity import ADJUSTMENTS
from analysis.estimates.survival.kaplan_meier import SURVIVAL_INTERVALS
from analysis.estimates.survival.log_rank import Weights
from analysis.facts.endpoints import AnyEndpoint, available_endpoints
from analysis.facts.event_groups import event_groups
from analysis.facts.observed_times import Wording
from analysis.facts.patient_events import ANY_EVENT, SEVERE_EVENT, SEVERE_GRADE, event_names
from pages.state import session
from pages.state.option import Answers, Choice, Number, PageOptions, Several, Switch, Text

OWN, ADVERSE = "own", "adverse_event"
ENDPOINT_WORDS = {
    "overall_survival": "Overall survival",
    "relapse_free_survival": "Relapse-free survival",
    "time_to_remission": "Time to remission",
    "remission_duration": "Remission duration",
    "relapse": "Relapse",
    ADVERSE: "Adverse event",
    OWN: "Own columns",
}
# The state that a curve is the share of: without the event, with it.
STATE_WORDS = {
    "overall_survival": "alive",
    "relapse_free_survival": "alive without relapse",
    "time_to_remission": "with a first complete remission",
    "remission_duration": "relapsed after remission",
    "relapse": "relapsed",
}
SCALES = {"without": "Without the event", "with": "With the event"}
WEIGHTS: dict[str, Weights] = {
    "Log-rank": None,
    "Gehan (early differences)": "gehan",
    "Tarone-Ware": "tarone-ware",
    "Peto-Peto": "peto",
    "Fleming-Harrington (1, 0)": "fleming-harrington",
    "Fleming-Harrington (0, 1), late differences": (0.0, 1.0),
}
WITHOUT_STRATA = "none"
DEFAULT_YEARS = "1, 2, 3, 4"


def _endpoints(answers: Answers) -> list[str]:
    own = [OWN] if _own_times(answers) and _flags(answers) else []
    adverse = [ADVERSE] if _kinds_of_events(answers) else []
    return [*session.estimate(available_endpoints, answers.cohort), *adverse, *own]


def _kinds_of_events(answers: Answers) -> list[str]:
    """Return the kinds of adverse events that the cohort has."""
    if not answers.cohort.events_recorded:
        return []
    return [ANY_EVENT, SEVERE_EVENT, *event_groups(session.estimate(event_names, answers.cohort))]


def _kind_words(kind: str) -> str:
    """Return a kind of adverse event as one chooses it."""
    return {ANY_EVENT: "Any", SEVERE_EVENT: f"Grade {SEVERE_GRADE} or more"}.get(kind, kind.capitalize())


def _is_adverse(answers: Answers) -> bool:
    return answers[ENDPOINT] == ADVERSE


def _own_times(answers: Answers) -> list[str]:
    return session.estimate(time_columns, answers.cohort)


def _flags(answers: Answers) -> list[str]:
    return session.estimate(flag_columns, answers.cohort)


def _rivals(answers: Answers) -> list[str]:
    return ["", *(name for name in _flags(answers) if name != answers[OWN_EVENT])]


def _is_own(answers: Answers) -> bool:
    return answers[ENDPOINT] == OWN


def _groupings(answers: Answers) -> list[str]:
    return session.estimate(characteristics, answers.cohort)


def _adjustable(answers: Answers) -> list[str]:
    return [*_groupings(answers), *session.estimate(numeric_characteristics, answers.cohort)]


def _months(years: str) -> tuple[float, ...]:
    """Return the typed years in months; the default ones if they are not numbers."""
    try:
        times = tuple(12 * float(part) for part in years.split(",") if part.strip())
    except ValueError:
        times = ()
    usable = tuple(time for time in times if 0 <= time <= 1200)
    return usable or _months(DEFAULT_YEARS)


ENDPOINT = Choice[str]("endpoint", "Endpoint", values=_endpoints, words=ENDPOINT_WORDS.__getitem__, drawn="row")
OWN_TIME = Choice[str]("own_time", "Time in months", values=_own_times, words=column_label, applies=_is_own)
OWN_EVENT = Choice[str]("own_event", "Event (1 = yes)", values=_flags, words=column_label, applies=_is_own)
OWN_RIVAL = Choice[str](
    "own_rival",
    "Competing event",
    values=_rivals,
    words=lambda name: column_label(name) if name else "none",
    applies=_is_own,
)
EVENT_KIND = Choice[str](
    "event_kind",
    "Adverse event",
    values=_kinds_of_events,
    words=_kind_words,
    drawn="row",
    applies=_is_adverse,
)
EVENT_RELATED = Switch("event_related", "Only those related to the transplantation", applies=_is_adverse)

FAILURE = Choice[bool](
    "scale", "Scale", values=SCALES, words=SCALES.__getitem__, drawn="row", means=lambda scale: scale == "with"
)
AXIS_FROM = Choice[int](
    "axis_from",
    "Axis from (%), where the curve falls",
    values=(0, 20, 40, 50, 60, 70, 80, 90),
    words=lambda percent: f"{percent} %",
    disabled=lambda answers: answers[FAILURE],
)
INTERVAL = Choice[str]("interval", "95 % interval", values=SURVIVAL_INTERVALS, words=SURVIVAL_INTERVALS.__getitem__)
NAIVE = Switch("naive", "Where death competes, show 1 − Kaplan-Meier as a warning")
UNTIL = Number[int | None](
    "until", "Show until (months, 0 for all)", 0, 600, step=6, default=0, means=lambda until: until or None
)
TIMES = Text[tuple[float, ...]]("years", "Years in the table", default=DEFAULT_YEARS, means=_months)

READ_AT = Number[int | None](
    "read_at",
    "Read at month (0 for none), or click beside the curves",
    0,
    600,
    step=1,
    default=0,
    means=lambda month: month or None,
)

LANDMARK = Number[int](
    "landmark",
    "Only those without the event at month (0 for everybody)",
    0,
    600,
    step=1,
    default=0,
    help="For groups that are known only later than transplantation: without it, whoever died early could not have "
    "joined the group (immortal time).",
)
RESET = Switch("reset", "Start the clock again at the landmark", default=True)

PUBLISHED_DEATHS = Switch(
    "published_deaths",
    "Published cohorts beside the curve",
    help="Published shares of those alive as grey marks with exact limits; they are in no test. Which papers is chosen "
    "in the fold of what was published.",
    applies=lambda answers: answers[ENDPOINT] == "overall_survival" and not answers[LANDMARK],
)

TEST = Choice[Weights]("weights", "Test", values=WEIGHTS, means=WEIGHTS.__getitem__)
PAIRWISE = Switch("pairwise", "Each pair of groups")
TREND = Switch("trend", "Trend over ordered groups", disabled=lambda answers: answers[PAIRWISE])
ADJUST = Choice[str]("adjust", "Adjustment for several pairs", values=ADJUSTMENTS, words=ADJUSTMENTS.__getitem__)
STRATA = Choice[By | None](
    "strata",
    "Within strata of",
    values=lambda answers: [WITHOUT_STRATA, *_groupings(answers)],
    words=lambda name: name if name == WITHOUT_STRATA else column_label(name),
    means=lambda name: None if name == WITHOUT_STRATA else name,
)
COVARIATES = Several[tuple[By, ...]](
    "covariates", "Hazard ratios adjusted for", values=_adjustable, words=column_label, means=tuple
)
RESTRICTED = Number[int]("restricted", "Restricted mean up to month", 1, 600, step=6, default=24)

FEW_EVENTS = Number[int]("few_events", "No p-value below this many events", 0, 1000, default=10)
FEW_PATIENTS = Number[int](
    "few_patients", "No p-value, and a dashed curve, below this many patients", 1, 1000, default=10
)

SURVIVAL = PageOptions(
    "survival",
    in_view=(ENDPOINT,),
    below=(OWN_TIME, OWN_EVENT, OWN_RIVAL, EVENT_KIND, EVENT_RELATED),
    more={
        "The curve": (FAILURE, AXIS_FROM, INTERVAL, NAIVE, UNTIL, TIMES),
        "Landmark": (LANDMARK, RESET),
        "Published cohorts": (PUBLISHED_DEATHS,),
        "Comparison": (TEST, PAIRWISE, TREND, ADJUST, STRATA, COVARIATES, RESTRICTED),
        "Small numbers": (FEW_EVENTS, FEW_PATIENTS),
    },
    apart=(READ_AT,),
)


def endpoint(answers: Answers) -> AnyEndpoint:
    """Return the endpoint, from the landmark on if one is set."""
    landmark, inner = answers[LANDMARK], _inner(answers)
    return Landmark(inner, landmark, answers[RESET]) if landmark else inner


def small_numbers(answers: Answers) -> SmallNumbers:
    """Return the numbers below which tests of curves are withheld."""
    return SmallNumbers(events=answers[FEW_EVENTS], patients=answers[FEW_PATIENTS])


def events_counted(answers: Answers) -> str:
    """Return which adverse events of the cohort are counted, in sentences; "" for another endpoint."""
    if not _is_adverse(answers):
        return ""
    names = event_groups(session.estimate(event_names, answers.cohort)).get(answers[EVENT_KIND], [])
    named = f"Counted as {answers[EVENT_KIND]}, by name: {', '.join(names)}. " if names else ""
    return f"{named}Events after the end of follow-up do not count."


def state_words(answers: Answers, outcome: Wording) -> str:
    """Return the state that the curve is the share of: with the event for an incidence, else without it."""
    if _is_adverse(answers):
        return f"with a {outcome.event_words}"
    if _is_own(answers):
        return f"{'with' if outcome.competing_words else 'without'} {outcome.event_words}"
    return STATE_WORDS[answers[ENDPOINT]]


def survival_words(answers: Answers) -> str:
    """Return the heading of a share without the event: "survival" only for endpoints with that name."""
    return "Without the event" if _is_own(answers) else "Survival"


def _inner(answers: Answers) -> str | TimeToEvent | FirstAdverseEvent:
    if _is_adverse(answers):
        return FirstAdverseEvent(answers[EVENT_KIND], answers[EVENT_RELATED])
    if _is_own(answers):
        return TimeToEvent(answers[OWN_TIME], answers[OWN_EVENT], answers[OWN_RIVAL])
    return answers[ENDPOINT]
