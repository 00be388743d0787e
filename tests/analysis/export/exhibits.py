"""Exhibits made without a page, one of each kind."""

from collections.abc import Callable
from datetime import date
from typing import Any

from analysis import (
    Cohort,
    Response,
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    mean_relapses,
    relapse_rates,
    trajectory,
    treatment_shares,
    turnbull,
    yearly_relapse,
    yearly_remission,
)
from analysis.centres.comparable import Papers
from analysis.centres.published_fact import ENROLLED, PublishedFact
from analysis.centres.published_list import published_facts
from analysis.cohort.question import Asked, Question
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.remission_range import remission_range
from analysis.export.exhibit import Exhibit
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.description.one_patient import ONE_PATIENT
from analysis.figures.description.treatments import TREATMENTS
from analysis.figures.scores.trajectory import TRAJECTORY
from analysis.figures.scores.waterfall import WATERFALL
from analysis.figures.states.dots import DOTS
from analysis.figures.states.state_counts import STATE_COUNTS
from analysis.figures.states.swimmer import SWIMMER
from analysis.figures.survival.beside_survival import BESIDE_SURVIVAL
from analysis.figures.survival.centres_at_month import CENTRE_SURVIVAL
from analysis.figures.survival.incidence import INCIDENCE
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from analysis.figures.survival.mean_relapses import MEAN_RELAPSES
from analysis.figures.survival.turnbull import TURNBULL
from analysis.figures.yearly.beside_published import BESIDE_PUBLISHED
from analysis.figures.yearly.centres_by_year import CENTRE_SHARES
from analysis.figures.yearly.ledger import LEDGER
from analysis.figures.yearly.ways_of_counting import WAYS_OF_COUNTING
from analysis.figures.yearly.yearly import YEARLY
from analysis.listings.lanes import lanes
from analysis.listings.last_values import last_values
from analysis.listings.month_dots import dots
from analysis.listings.patient_changes import patient_changes
from analysis.listings.trajectory_lines import trajectory_lines
from tests.analysis.made import SAMPLE


def made(function: Callable[..., Any], cohort: Cohort, *choices: object, **options: object) -> Estimate:
    return Estimate(function(cohort, *choices, **options), function, cohort, choices, options)


def survival(asked: Asked) -> Drawing:
    result = made(kaplan_meier, asked.cohort, "overall_survival", by=asked.by, interval="log")
    whole = made(kaplan_meier, asked.whole)
    options = {"whole": whole, "height": 210, "compact": True, "y_title": "Alive (%)"}
    telling = {"outcome": "alive", "test": made(log_rank, asked.cohort, by=asked.by)} if asked.by else {}
    return Drawing(KAPLAN_MEIER, (result,), options, telling)


def incidence(asked: Asked) -> Drawing:
    result = made(cumulative_incidence, asked.cohort, "relapse", by=asked.by)
    return Drawing(INCIDENCE, (result,), {"naive": True}, {"outcome": "relapsed"} if asked.by else {})


def remission(asked: Asked) -> Drawing:
    options = {
        "kind": "remission",
        "possible": made(remission_range, asked.cohort, by=asked.by),
    }
    telling = {"remission": "complete remission"} if asked.by else {}
    return Drawing(YEARLY, (made(yearly_remission, asked.cohort, by=asked.by),), options, telling)


def remission_with_marks(asked: Asked) -> Drawing:
    options = {"kind": "remission", "published": Papers(published_facts())}
    return Drawing(YEARLY, (made(yearly_remission, asked.cohort, by=asked.by),), options)


def beside(asked: Asked) -> Drawing:
    facts = tuple(fact for fact in published_facts() if fact.enrolled and fact.enrolled >= 10)
    options = {"kind": "remission", "papers": Papers(facts, "every"), "years": (1,)}
    return Drawing(BESIDE_PUBLISHED, (made(yearly_remission, asked.cohort, by=asked.by),), options)


def beside_survival(asked: Asked) -> Drawing:
    facts = [PublishedFact(study, "death", 5, 40, months=12.0, denominator=ENROLLED) for study in ("A", "B", "C")]
    return Drawing(
        BESIDE_SURVIVAL, (made(kaplan_meier, asked.cohort, by=asked.by),), {"papers": Papers(tuple(facts), "every")}
    )


def centre_shares(asked: Asked) -> Drawing:
    return Drawing(CENTRE_SHARES, (made(yearly_relapse, asked.cohort, by=asked.by),), {"years": (1, 2)})


def centre_survival(asked: Asked) -> Drawing:
    return Drawing(CENTRE_SURVIVAL, (made(kaplan_meier, asked.cohort, by=asked.by),), {"months": 24.0})


def ways(asked: Asked) -> Drawing:
    results = [made(yearly_relapse, asked.cohort, estimand=each, by=asked.by) for each in RELAPSE_ESTIMANDS]
    return Drawing(WAYS_OF_COUNTING, tuple(results), {"titles": list(RELAPSE_ESTIMANDS)})


def ways_of_remission(asked: Asked) -> Drawing:
    results = [made(yearly_remission, asked.cohort, estimand=each, by=asked.by) for each in REMISSION_ESTIMANDS]
    titles = [way.label for way in REMISSION_ESTIMANDS.values()]
    return Drawing(WAYS_OF_COUNTING, tuple(results), {"titles": titles})


def ledger(asked: Asked) -> Drawing:
    return Drawing(LEDGER, (made(yearly_remission, asked.cohort),), {})


def relapses(asked: Asked) -> Drawing:
    test = made(relapse_rates, asked.cohort, by=asked.by) if asked.by else None
    telling = {"test": test, "at": 24.0} if asked.by else {}
    return Drawing(MEAN_RELAPSES, (made(mean_relapses, asked.cohort, by=asked.by),), {}, telling)


def between_visits(asked: Asked) -> Drawing:
    return Drawing(TURNBULL, (made(turnbull, asked.cohort, by=asked.by),), {})


def states(asked: Asked) -> Drawing:
    return Drawing(STATE_COUNTS, (made(state_counts, asked.cohort),), {})


def treatments(asked: Asked) -> Drawing:
    return Drawing(TREATMENTS, (made(treatment_shares, asked.cohort),), {})


def scores(asked: Asked) -> Drawing:
    rows = {
        "lines": made(trajectory_lines, asked.cohort, "sledai", by=asked.by),
        "ends": made(last_values, asked.cohort, "sledai", by=asked.by),
    }
    apart = made(change_differences, asked.cohort, by=asked.by) if asked.by else None
    options = {"label": "SLEDAI", "unit": "points", "rule": True, "read_at": 12.0, "apart": apart, **rows}
    telling = {"measure": "SLEDAI", "unit": "points", "test": apart} if asked.by else {}
    return Drawing(TRAJECTORY, (made(trajectory, asked.cohort, "sledai", by=asked.by),), options, telling)


def changes(asked: Asked) -> Drawing:
    return Drawing(WATERFALL, (made(patient_changes, asked.cohort, months=12), 12), {"response": Response("fall", 4)})


def courses(asked: Asked) -> Drawing:
    return Drawing(SWIMMER, (made(lanes, asked.present, sort="follow_up"),), {})


def at_a_month(asked: Asked) -> Drawing:
    return Drawing(DOTS, (made(dots, asked.present, month=12),), {})


def one_patient(asked: Asked) -> Drawing:
    return Drawing(ONE_PATIENT, (asked.present, asked.present.patients["patient_id"].iloc[0], ("sledai",)), {})


# An example of each kind of figure; a new kind needs one.
EXAMPLES: dict[FigureKind, Callable[[Asked], Drawing]] = {
    KAPLAN_MEIER: survival,
    INCIDENCE: incidence,
    YEARLY: remission,
    WAYS_OF_COUNTING: ways,
    BESIDE_PUBLISHED: beside,
    BESIDE_SURVIVAL: beside_survival,
    CENTRE_SHARES: centre_shares,
    CENTRE_SURVIVAL: centre_survival,
    LEDGER: ledger,
    MEAN_RELAPSES: relapses,
    TURNBULL: between_visits,
    STATE_COUNTS: states,
    TREATMENTS: treatments,
    TRAJECTORY: scores,
    WATERFALL: changes,
    SWIMMER: courses,
    DOTS: at_a_month,
    ONE_PATIENT: one_patient,
}
DRAWINGS = (*EXAMPLES.values(), ways_of_remission, remission_with_marks)


def exhibit(draw: Callable[[Asked], Drawing], question: Question = Question(), whole: Cohort = SAMPLE) -> Exhibit:
    asked = question.of(whole)
    drawing = draw(asked)
    return Exhibit(
        name=draw.__name__,
        question=f"What about {draw.__name__}?",
        drawing=drawing,
        reading="Read me.",
        alt_text="In words.",
        method=next((getattr(each.result, "method", "Rows.") for each in drawing.estimates), "As recorded."),
        selection=tuple(question.filters.words()),
        time_zero="transplantation",
        made_on=date(2026, 11, 24),
        question_asked=question,
        asked=asked,
        order=("BM", "UC") if asked.by == "msc_source" else (),
    )
