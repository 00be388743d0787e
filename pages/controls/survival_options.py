"""What the Survival page is asked: the endpoint in view, all else behind one "More"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from analysis import Cohort, Landmark, SmallNumbers, TimeToEvent
from analysis.cohort.column_words import column_label
from analysis.cohort.grouping import By
from analysis.cohort.measures import characteristics, numeric_characteristics
from analysis.estimates.common.multiplicity import ADJUSTMENTS
from analysis.estimates.survival.kaplan_meier import SURVIVAL_INTERVALS
from analysis.estimates.survival.log_rank import Weights
from analysis.facts.endpoints import AnyEndpoint, available_endpoints
from analysis.facts.observed_times import Endpoint
from pages.state import options, session
from pages.state.options import KEPT

OWN = "own"
ENDPOINT_WORDS = {
    "overall_survival": "Overall survival",
    "relapse_free_survival": "Relapse-free survival",
    "time_to_remission": "Time to remission",
    "remission_duration": "Remission duration",
    "relapse": "Relapse",
    OWN: "Own columns",
}
# What a curve is the share of, without and with the event.
STATE_WORDS = {
    "overall_survival": "alive",
    "relapse_free_survival": "alive without relapse",
    "time_to_remission": "with a first complete remission",
    "remission_duration": "relapsed after remission",
    "relapse": "relapsed",
}
WEIGHTS: dict[str, Weights] = {
    "Log-rank": None,
    "Gehan (early differences)": "gehan",
    "Tarone-Ware": "tarone-ware",
    "Peto-Peto": "peto",
    "Fleming-Harrington (1, 0)": "fleming-harrington",
    "Fleming-Harrington (0, 1), late differences": (0.0, 1.0),
}
WITHOUT_STRATA = "none"
SCALES = {"without": "Without the event", "with": "With the event"}
DEFAULT_YEARS = "1, 2, 3, 4"


@dataclass(frozen=True)
class Options:
    """The answers; times in months."""

    endpoint: AnyEndpoint
    interval: str
    failure: bool
    naive: bool
    until: float | None
    times: tuple[float, ...]
    weights: Weights
    pairwise: bool
    trend: bool
    adjust: str
    strata: By | None
    covariates: tuple[By, ...]
    restricted: float
    limits: SmallNumbers

    def state_words(self, outcome: Endpoint) -> str:
        """Return what the curve is the share of: of an incidence those with the event, else those without it."""
        if isinstance(self._inner, str):
            return STATE_WORDS[self._inner]
        return f"{'with' if outcome.competing_words else 'without'} {outcome.event_words}"

    @property
    def survival_words(self) -> str:
        """The heading of a share without the event: survival only of the endpoints that are so called."""
        return "Survival" if isinstance(self._inner, str) else "Without the event"

    @property
    def _inner(self) -> AnyEndpoint:
        return self.endpoint.endpoint if isinstance(self.endpoint, Landmark) else self.endpoint


def ask(cohort: Cohort) -> Options:
    """Draw the controls and return what they say."""
    left, right = st.columns([6, 1], gap="small", vertical_alignment="bottom")
    offered = session.estimate(_endpoints, cohort)
    with left:
        chosen = st.segmented_control(
            "Endpoint",
            offered,
            format_func=ENDPOINT_WORDS.__getitem__,
            required=True,
            key=options.choice("endpoint", offered, offered[0]),
            **KEPT,
        )
    own = _ask_own(cohort) if chosen == OWN else chosen
    with right, options.more("more_survival") as place:
        return _ask_more(place, cohort, own)


def _endpoints(cohort: Cohort) -> list[str]:
    return [*available_endpoints(cohort), *([OWN] if _own_times(cohort) and _own_flags(cohort) else [])]


def _own_times(cohort: Cohort) -> list[str]:
    numbers = {"follow_up_months", "relapse_months", *numeric_characteristics(cohort)}
    return [name for name in cohort.patients if name in numbers and name != "entry_months"]


def _own_flags(cohort: Cohort) -> list[str]:
    return [str(name) for name, values in cohort.patients.items() if set(values.dropna().unique()) <= {0, 1}]


def _ask_own(cohort: Cohort) -> TimeToEvent:
    first, second, third = st.columns(3)
    times, flags = session.estimate(_own_times, cohort), session.estimate(_own_flags, cohort)
    time = first.selectbox(
        "Time in months", times, format_func=column_label, key=options.choice("own_time", times, times[0]), **KEPT
    )
    event = second.selectbox(
        "Event (1 = yes)", flags, format_func=column_label, key=options.choice("own_event", flags, flags[0]), **KEPT
    )
    rest = ["", *(name for name in flags if name != event)]
    competing = third.selectbox(
        "Competing event",
        rest,
        format_func=lambda name: column_label(name) if name else "none",
        key=options.choice("own_rival", rest, ""),
        **KEPT,
    )
    return TimeToEvent(time, event, competing)


def _ask_more(place: PopoverContainer, cohort: Cohort, endpoint: str | TimeToEvent) -> Options:
    asked = partial(options.control, place)
    options.heading(place, "The curve")
    scale = asked(
        st.segmented_control,
        "Scale",
        list(SCALES),
        format_func=SCALES.__getitem__,
        required=True,
        key=options.choice("scale", list(SCALES), "without"),
    )
    interval = asked(
        st.selectbox,
        "95 % interval",
        list(SURVIVAL_INTERVALS),
        format_func=SURVIVAL_INTERVALS.__getitem__,
        key=options.choice("interval", list(SURVIVAL_INTERVALS), "log-log"),
    )
    naive = asked(st.toggle, "Where death competes, show 1 − Kaplan-Meier as a warning", key=options.switch("naive"))
    until = asked(
        st.number_input, "Show until (months, 0 for all)", 0, 600, step=6, key=options.number("until", 0, 0, 600)
    )
    years = asked(st.text_input, "Years in the table", key=options.text("years", DEFAULT_YEARS))
    options.heading(place, "Landmark")
    landmark = asked(
        st.number_input,
        "Only those without the event at month (0 for everybody)",
        0,
        600,
        step=1,
        key=options.number("landmark", 0, 0, 600),
        help="For groups that are known only later than transplantation: without it, whoever died early could not "
        "have joined the group (immortal time).",
    )
    reset = asked(st.toggle, "Start the clock again at the landmark", key=options.switch("reset", True))
    options.heading(place, "Comparison")
    weights = asked(st.selectbox, "Test", list(WEIGHTS), key=options.choice("weights", list(WEIGHTS), "Log-rank"))
    pairwise = asked(st.toggle, "Each pair of groups", key=options.switch("pairwise"))
    trend = asked(st.toggle, "Trend over ordered groups", key=options.switch("trend"), disabled=pairwise)
    adjust = asked(
        st.selectbox,
        "Adjustment for several pairs",
        list(ADJUSTMENTS),
        format_func=ADJUSTMENTS.__getitem__,
        key=options.choice("adjust", list(ADJUSTMENTS), "holm"),
    )
    grouped = session.estimate(characteristics, cohort)
    adjustable = [*grouped, *session.estimate(numeric_characteristics, cohort)]
    strata = asked(
        st.selectbox,
        "Within strata of",
        [WITHOUT_STRATA, *grouped],
        format_func=_column_words,
        key=options.choice("strata", [WITHOUT_STRATA, *grouped], WITHOUT_STRATA),
    )
    covariates = asked(
        st.multiselect,
        "Hazard ratios adjusted for",
        adjustable,
        format_func=column_label,
        key=options.several("covariates", adjustable),
    )
    restricted = asked(
        st.number_input, "Restricted mean up to month", 1, 600, step=6, key=options.number("restricted", 24, 1, 600)
    )
    options.heading(place, "Small numbers")
    asked(st.number_input, "No p-value below this many events", 0, 1000, key=_few_events())
    asked(st.number_input, "No p-value, and a dashed curve, below this many patients", 1, 1000, key=_few_patients())
    return Options(
        endpoint=Landmark(endpoint, landmark, reset) if landmark else endpoint,
        interval=interval,
        failure=scale == "with",
        naive=naive,
        until=until or None,
        times=_months(years),
        weights=WEIGHTS[weights],
        pairwise=pairwise,
        trend=trend and not pairwise,
        adjust=adjust,
        strata=None if strata == WITHOUT_STRATA else strata,
        covariates=tuple(covariates),
        restricted=restricted,
        limits=small_numbers(),
    )


def small_numbers() -> SmallNumbers:
    """Return below which numbers tests of curves are withheld, as said on the Survival page, on whatever page."""
    state = st.session_state
    return SmallNumbers(events=state[_few_events()], patients=state[_few_patients()])


def _few_events() -> str:
    return options.number("few_events", 10, 0, 1000)


def _few_patients() -> str:
    return options.number("few_patients", 10, 1, 1000)


def _column_words(name: str) -> str:
    return name if name == WITHOUT_STRATA else column_label(name)


def _months(years: str) -> tuple[float, ...]:
    """Return the typed years in months; those of the default where they are no numbers."""
    try:
        times = tuple(12 * float(part) for part in years.split(",") if part.strip())
    except ValueError:
        times = ()
    usable = tuple(time for time in times if 0 <= time <= 1200)
    return usable or _months(DEFAULT_YEARS)
