"""What the Disease activity page is asked: measure and line in view, all else behind one "More"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from analysis import Cohort
from analysis.cohort.column_words import column_label
from analysis.cohort.measures import RESPONSE_FALLS, numeric_measures
from analysis.estimates.scores.mixed_model import mixed_models_available
from analysis.estimates.scores.scheduled import SCHEDULE
from analysis.estimates.scores.severity_bands import MEASURE as BANDED
from analysis.estimates.scores.severity_bands import SCHEMES
from analysis.estimates.scores.trajectory import Change
from pages.state import options
from pages.state.options import KEPT

# what the line and the band are: (centre, spread)
SUMMARIES = {
    "Mean (95 % interval)": ("mean", "ci"),
    "Mean (standard deviation)": ("mean", "sd"),
    "Median (quartiles)": ("median", "iqr"),
    "Median (95 % interval)": ("median", "ci"),
    "Geometric mean (95 % interval)": ("geometric mean", "ci"),
}
VALUES: dict[str, Change] = {"As measured": False, "Change": True, "Change in percent": "percent"}
DEFAULT_MONTHS = ", ".join(f"{month:g}" for month in SCHEDULE)


@dataclass(frozen=True)
class Options:
    """The answers; times in months."""

    measure: str
    summary_words: str
    centre: str
    spread: str
    change: Change
    schedule: tuple[float, ...]
    window_months: float | None
    same_patients: bool
    month: float
    fall: float | None  # None where the measure has no such fall
    scheme: str | None  # None where it has no bands
    models: bool


def ask(cohort: Cohort) -> Options:
    """Draw the controls and return what they say."""
    first, second, third = st.columns([3, 3, 1], gap="small", vertical_alignment="bottom")
    measures, usual = numeric_measures(cohort), next(iter(SUMMARIES))
    measure = first.selectbox(
        "Measure", measures, format_func=column_label, key=options.choice("measure", measures, measures[0]), **KEPT
    )
    summary = second.selectbox(
        "Line and band", list(SUMMARIES), key=options.choice("summary", list(SUMMARIES), usual), **KEPT
    )
    centre, spread = SUMMARIES[summary]
    with third, options.more("more_activity") as place:
        asked = partial(options.control, place)
        values = asked(
            st.segmented_control,
            "Values",
            list(VALUES),
            required=True,
            key=options.choice("values", list(VALUES), "As measured"),
            disabled=centre == "geometric mean",
        )
        schedule = _months(asked(st.text_input, "Scheduled months", key=options.text("schedule", DEFAULT_MONTHS)))
        window = asked(
            st.number_input,
            "A visit counts within so many months (0: half-way to the next)",
            0.0,
            60.0,
            step=0.5,
            key=options.number("within", 0.0, 0.0, 60.0),
        )
        same = asked(st.toggle, "Only patients seen at every scheduled month", key=options.switch("same_patients"))
        options.heading(place, "Single patients")
        later = [f"{month:g}" for month in schedule[1:]]
        wanted = "12" if "12" in later else later[-1]
        month = asked(
            st.selectbox, "Change of each patient at month", later, key=options.choice("month", later, wanted)
        )
        usual_fall = RESPONSE_FALLS.get(measure)
        fall_key = options.number("fall", usual_fall, 0.1, 1000.0) if usual_fall else ""
        fall = asked(st.number_input, "A fall counts from", 0.1, 1000.0, key=fall_key) if fall_key else None
        options.heading(place, "Groups of patients")
        scheme = None
        if measure == BANDED:
            scheme = asked(
                st.selectbox,
                "Bands of SLEDAI",
                list(SCHEMES),
                format_func=lambda name: SCHEMES[name].label,
                key=options.choice("scheme", list(SCHEMES), next(iter(SCHEMES))),
            )
        models = asked(
            st.toggle,
            "Means allowing for missed visits (linear mixed model)",
            key=options.switch("models"),
            disabled=not mixed_models_available(),
            help="Needs the optional package statsmodels.",
        )
    return Options(
        measure=measure,
        summary_words=summary,
        centre=centre,
        spread=spread,
        change=False if centre == "geometric mean" else VALUES[values],
        schedule=schedule,
        window_months=window or None,
        same_patients=same,
        month=float(month),
        fall=fall,
        scheme=scheme,
        models=models and mixed_models_available(),
    )


def _months(typed: str) -> tuple[float, ...]:
    """Return the typed months, rising; the usual ones where they are not at least two numbers from 0."""
    try:
        months = tuple(sorted({float(part) for part in typed.split(",") if part.strip()}))
    except ValueError:
        months = ()
    usable = len(months) > 1 and months[0] >= 0 and months[-1] <= 1200
    return months if usable else tuple(float(month) for month in SCHEDULE)
