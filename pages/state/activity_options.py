"""The options of the Disease activity page; times in months."""

from __future__ import annotations

from analysis.cohort.column_words import column_label
from analysis.cohort.measurement_limits import HALVED, LEFT_OUT, USED, AtLimit, has_limits
from analysis.cohort.measures import RESPONSE_FALLS, numeric_measures
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
FALL = Number[float](
    "fall",
    "A fall counts from",
    0.1,
    1000.0,
    default=lambda answers: RESPONSE_FALLS[answers[MEASURE]],
    applies=lambda answers: answers[MEASURE] in RESPONSE_FALLS,
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
    more={
        "": (CHANGE, AT_LIMIT, MONTHS, WITHIN, SAME_PATIENTS),
        "Single patients": (MONTH, FALL),
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
