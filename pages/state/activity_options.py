"""The options of the Disease activity page; times in months."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cohort.column_words import amount_words, column_label, known_column, known_responses
from analysis.cohort.measurement_limits import HALVED, LEFT_OUT, USED, AtLimit, has_limits
from analysis.cohort.measures import numeric_measures
from analysis.cohort.response import (
    AT_LEAST,
    AT_MOST,
    FALL,
    FALL_IN_PERCENT,
    RISE,
    KnownResponse,
    Response,
    ResponseKind,
)
from analysis.estimates.scores.mixed_model import mixed_models_available
from analysis.estimates.scores.severity_bands import MEASURE as BANDED
from analysis.estimates.scores.severity_bands import SCHEMES
from analysis.facts.scheduled_values import Change
from analysis.facts.scheduled_visits import SCHEDULE
from pages.state import session
from pages.state.option import Answers, Choice, Number, PageOptions, Switch, Text

# Label to (centre, spread): the line and the band.
SUMMARIES = {
    "Mean (95 % interval)": ("mean", "ci"),
    "Mean (standard deviation)": ("mean", "sd"),
    "Median (quartiles)": ("median", "iqr"),
    "Median (95 % interval)": ("median", "ci"),
    "Geometric mean (95 % interval)": ("geometric mean", "ci"),
}
VALUES: dict[str, Change] = {"As measured": False, "Change": True, "Change in percent": "percent"}
AT_LIMITS: dict[str, AtLimit] = {"At the limit": USED, "Half of it, if below": HALVED, "Left out": LEFT_OUT}
DEFAULT_MONTHS = ", ".join(f"{month:g}" for month in SCHEDULE)
USUAL_MONTH = "12"  # default for the changes of each patient, if scheduled


def _months(typed: str) -> tuple[float, ...]:
    """Return the typed months in order; the default ones unless there are at least two numbers from 0 to 1200."""
    try:
        months = tuple(sorted({float(part) for part in typed.split(",") if part.strip()}))
    except ValueError:
        months = ()
    usable = len(months) > 1 and months[0] >= 0 and months[-1] <= 1200
    return months if usable else tuple(float(month) for month in SCHEDULE)


def _later_months(answers: Answers) -> list[str]:
    return [f"{month:g}" for month in answers[MONTHS][1:]]


def _usual_month(answers: Answers) -> str:
    later = _later_months(answers)
    return USUAL_MONTH if USUAL_MONTH in later else later[-1]


MEASURE = Choice[str](
    "measure",
    "Measure",
    values=lambda answers: session.estimate(numeric_measures, answers.cohort),
    words=column_label,
)
SUMMARY = Choice[str]("summary", "Line and band", values=SUMMARIES)

CHANGE = Choice[Change](
    "values",
    "Values",
    values=VALUES,
    drawn="row",
    means=VALUES.__getitem__,
    disabled=lambda answers: centre(answers) == "geometric mean",
)
LINEAR, LOGARITHMIC = "Even", "Logarithmic"


def _usual_axis(answers: Answers) -> str:
    known = known_column(answers[MEASURE])
    return LOGARITHMIC if known and known.scale == "log" and not answers[CHANGE] else LINEAR


AXIS = Choice[bool](
    "axis",
    "Axis of the values",
    values=[LINEAR, LOGARITHMIC],
    default=_usual_axis,
    drawn="row",
    means=lambda axis: axis == LOGARITHMIC,
    disabled=lambda answers: bool(answers[CHANGE]),  # a change may be below 0
)
MONTHS = Text[tuple[float, ...]]("schedule", "Scheduled months", default=DEFAULT_MONTHS, means=_months)
WITHIN = Number[float | None](
    "within",
    "A visit counts within so many months (0: half-way to the next)",
    0.0,
    60.0,
    step=0.5,
    default=0.0,
    means=lambda months: months or None,
)
AT_LIMIT = Choice[AtLimit](
    "at_limit",
    "Values at a limit of measurement, such as <0.1",
    values=AT_LIMITS,
    drawn="row",
    means=AT_LIMITS.__getitem__,
    applies=lambda answers: has_limits(answers.cohort, answers[MEASURE]),
)
SAME_PATIENTS = Switch("same_patients", "Only patients seen at every scheduled month")

MONTH = Choice[float](
    "month", "Change of each patient at month", values=_later_months, default=_usual_month, means=float
)
UNTOLD, LOWER, HIGHER = "not told", "lower", "higher"


def _which_is_better(answers: Answers) -> list[str]:
    """Return the answers, each with its measure: one that was given for another measure is none for this one."""
    return [UNTOLD, *(f"{better} {answers[MEASURE]}" for better in (LOWER, HIGHER))]


BETTER = Choice[str](
    "better",
    "Which values of this measure are better? Until this is told, no change is called a response",
    values=_which_is_better,
    words=lambda value: {LOWER: "Lower ones", HIGHER: "Higher ones"}.get(value.partition(" ")[0], "Not told yet"),
    drawn="row",
    means=lambda value: {LOWER: LOWER, HIGHER: HIGHER}.get(value.partition(" ")[0], ""),
    applies=lambda answers: not _known_better(answers),
)


@dataclass(frozen=True)
class NamedResponse:
    """A response of a measure that can be chosen by its source.

    Attributes
    ----------
    measure
        The measure, of which it is one.
    known
        The response, and its source.
    """

    measure: str
    known: KnownResponse

    def __str__(self) -> str:
        response = self.known.response
        return f"{response.kind} {response.amount:g}"

    @property
    def words(self) -> str:
        """The response and its source in words, within a list."""
        response = self.known.response
        amount = amount_words(response, self.measure)
        words = {FALL: f"Fall by {amount}", RISE: f"Rise by {amount}", FALL_IN_PERCENT: f"Fall by {amount}"}
        return f"{words.get(response.kind, f'{response.kind.capitalize()} {amount}')} ({self.known.source})"


OF_ONES_OWN, NO_RESPONSE = "own", "none"
RESPONSE = Choice[NamedResponse | str](
    "responds",
    "A response is",
    values=lambda answers: [
        *(NamedResponse(answers[MEASURE], known) for known in known_responses(answers[MEASURE])),
        *([] if known_responses(answers[MEASURE]) else [NO_RESPONSE]),
        OF_ONES_OWN,
        *([NO_RESPONSE] if known_responses(answers[MEASURE]) else []),
    ],
    words=lambda value: {OF_ONES_OWN: "Another one", NO_RESPONSE: "Not asked"}.get(value) or value.words,
    applies=lambda answers: bool(better(answers)),
)
KINDS_OF = {
    LOWER: {FALL: "Fall by", FALL_IN_PERCENT: "Fall by percent", AT_MOST: "At most"},
    HIGHER: {RISE: "Rise by", AT_LEAST: "At least"},
}
KIND = Choice[ResponseKind](
    "response_kind",
    "Kind of response",
    values=lambda answers: KINDS_OF[better(answers)],
    words=lambda kind: {**KINDS_OF[LOWER], **KINDS_OF[HIGHER]}[kind],
    drawn="row",
    applies=lambda answers: answers.get(RESPONSE) == OF_ONES_OWN,
)
PERCENT = Number[float](
    "response_percent",
    "Percent",
    1.0,
    100.0,
    default=50.0,
    applies=lambda answers: answers.get(KIND) == FALL_IN_PERCENT,
)
AMOUNT = Number[float](
    "response_by", "By", 0.001, 1e6, default=1.0, applies=lambda answers: answers.get(KIND) in (FALL, RISE)
)
LIMIT = Number[float](
    "response_limit", "Value", -1e6, 1e6, default=0.0, applies=lambda answers: answers.get(KIND) in (AT_MOST, AT_LEAST)
)

WITHOUT_VISIT = "none"
READ_VISIT = Choice[float | None](
    "read_visit",
    "Read at the visit of month, or click beside the visits",
    values=lambda answers: [WITHOUT_VISIT, *(f"{month:g}" for month in answers[MONTHS])],
    means=lambda month: None if month == WITHOUT_VISIT else float(month),
)

SCHEME = Choice[str](
    "scheme",
    "Bands of SLEDAI",
    values=SCHEMES,
    words=lambda name: SCHEMES[name].label,
    applies=lambda answers: answers[MEASURE] == BANDED,
)
MODELS = Switch(
    "models",
    "Means allowing for missed visits (linear mixed model)",
    help="Needs the optional package statsmodels.",
    disabled=lambda _: not mixed_models_available(),
)

ACTIVITY = PageOptions(
    "activity",
    in_view=(MEASURE, SUMMARY),
    below=(BETTER,),
    more={
        "": (CHANGE, AXIS, AT_LIMIT, MONTHS, WITHIN, SAME_PATIENTS),
        "Single patients": (MONTH, RESPONSE, KIND, PERCENT, AMOUNT, LIMIT),
        "Groups of patients": (SCHEME, MODELS),
    },
    apart=(READ_VISIT,),
)


def centre(answers: Answers) -> str:
    """Return the statistic of the line."""
    return SUMMARIES[answers[SUMMARY]][0]


def spread(answers: Answers) -> str:
    """Return the statistic of the band."""
    return SUMMARIES[answers[SUMMARY]][1]


def better(answers: Answers) -> str:
    """Return whether "lower" or "higher" values of the measure are better; "" if nobody has told."""
    return _known_better(answers) or answers.get(BETTER) or ""


def response(answers: Answers) -> Response | None:
    """Return what counts as a response; None if nothing does."""
    chosen = answers.get(RESPONSE)
    if isinstance(chosen, NamedResponse):
        return chosen.known.response
    amounts = [answers.get(option) for option in (PERCENT, AMOUNT, LIMIT)]
    told = [amount for amount in amounts if amount is not None]
    return Response(answers[KIND], told[0]) if chosen == OF_ONES_OWN and told else None


def _known_better(answers: Answers) -> str:
    known = known_column(answers[MEASURE])
    return known.better if known else ""
