"""Figures as they leave the house, made without a page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from analysis import (
    Cohort,
    cumulative_incidence,
    kaplan_meier,
    load_sample,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.cohort.question import Asked, Question
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS
from analysis.estimates.yearly.remission_range import remission_range
from analysis.export.exhibit import Drawing, Estimate, Exhibit
from analysis.figures.description.one_patient import patient_chart
from analysis.figures.scores.trajectory import trajectory_chart
from analysis.figures.scores.waterfall import waterfall_chart
from analysis.figures.states.state_counts import states_chart
from analysis.figures.states.swimmer import swimmer_chart
from analysis.figures.survival.incidence import incidence_chart
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.figures.yearly.estimand_strip import estimand_strip
from analysis.figures.yearly.ledger import ledger_chart
from analysis.figures.yearly.yearly import yearly_chart
from analysis.listings.lanes import lanes

SAMPLE = load_sample()


def made(function: Callable[..., Any], cohort: Cohort, *choices: object, **options: object) -> Estimate:
    return Estimate(function(cohort, *choices, **options), function, cohort, choices, options)


def survival(asked: Asked) -> Drawing:
    result = made(kaplan_meier, asked.cohort, "overall_survival", by=asked.by, interval="log")
    whole = made(kaplan_meier, asked.whole)
    return Drawing(survival_chart, (result,), {"whole": whole, "height": 210, "compact": True, "y_title": "Alive (%)"})


def incidence(asked: Asked) -> Drawing:
    return Drawing(
        incidence_chart, (made(cumulative_incidence, asked.cohort, "relapse", by=asked.by),), {"naive": True}
    )


def remission(asked: Asked) -> Drawing:
    options = {
        "kind": "remission",
        "possible": made(remission_range, asked.cohort, by=asked.by),
    }
    return Drawing(yearly_chart, (made(yearly_remission, asked.cohort, by=asked.by),), options)


def ways(asked: Asked) -> Drawing:
    results = [made(yearly_relapse, asked.cohort, estimand=each, by=asked.by) for each in RELAPSE_ESTIMANDS]
    return Drawing(estimand_strip, tuple(results), {"titles": list(RELAPSE_ESTIMANDS), "kind": "relapse"})


def ledger(asked: Asked) -> Drawing:
    return Drawing(ledger_chart, (made(yearly_remission, asked.cohort),), {})


def states(asked: Asked) -> Drawing:
    return Drawing(states_chart, (made(state_counts, asked.cohort),), {})


def scores(asked: Asked) -> Drawing:
    options = {"label": "SLEDAI", "unit": "points", "ends": made(dropout, asked.cohort, "sledai", by=asked.by)}
    return Drawing(trajectory_chart, (made(trajectory, asked.cohort, "sledai", by=asked.by),), options)


def changes(asked: Asked) -> Drawing:
    return Drawing(waterfall_chart, (made(trajectory, asked.cohort, change=True), 12), {"fall": 4.0})


def courses(asked: Asked) -> Drawing:
    return Drawing(swimmer_chart, (made(lanes, asked.present, sort="follow_up"),), {})


def one_patient(asked: Asked) -> Drawing:
    return Drawing(patient_chart, (asked.present, asked.present.patients["patient_id"].iloc[0], ("sledai",)), {})


DRAWINGS = (survival, incidence, remission, ways, ledger, states, scores, changes, courses, one_patient)


def exhibit(draw: Callable[[Asked], Drawing], question: Question = Question(), whole: Cohort = SAMPLE) -> Exhibit:
    asked = question.of(whole)
    drawing = draw(asked)
    return Exhibit(
        name=draw.__name__,
        question=f"What about {draw.__name__}?",
        drawing=drawing,
        reading="Read me.",
        alt_text="In words.",
        method=next((each.result.method for each in drawing.estimates), "As recorded."),
        selection=tuple(question.filters.words()),
        time_zero="transplantation",
        made_on=date(2026, 11, 24),
        question_asked=question,
        asked=asked,
        order=("BM", "UC") if asked.by == "msc_source" else (),
    )
