"""The figures of several centres together, from their counts."""

from __future__ import annotations

from typing import Any

from analysis import log_rank
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.merged_cohort import CENTRE, MergedCohort
from analysis.centres.summed_cohort import SummedCohort
from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.grouping import By
from analysis.cohort.question import Asked, Question
from analysis.facts.endpoints import OVERALL_SURVIVAL, endpoint_words
from analysis.facts.remission import remission_words
from analysis.figures.common.theme import Look
from analysis.figures.scores.trajectory import TRAJECTORY
from analysis.figures.survival.centres_at_month import CENTRE_SURVIVAL
from analysis.figures.survival.incidence import INCIDENCE
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from analysis.figures.yearly.centres_by_year import CENTRE_SHARES
from analysis.figures.yearly.yearly import YEARLY
from analysis.figures.yearly.yearly_bars import Kind
from pages.state import browser, session
from pages.state.centre_files import Together
from pages.state.session import Figure, View
from pages.state.survival_options import STATE_WORDS

HOW_POOLED = (
    "Shares of centres with exact (Clopper-Pearson) limits; from three on taken together by a binomial-normal model "
    "with random effects, whose prediction interval is that of the true share in a next centre."
)
HOW_SURVIVAL_POOLED = (
    "From three centres on their survival at the month is taken together by a binomial-normal model with random "
    "effects, in effective numbers of patients that have Greenwood's variance; its prediction interval is that of the "
    "true survival in a next centre."
)


def view_of(centres: Together, by: By | None) -> View:
    """Return what the figures of several centres show, compared by the centres, by a group, or not at all."""
    filters = "the filters of the question" if set(centres.question.words) - {"compare", "cut"} else ""
    order = tuple(each.centre for each in centres.answers) if isinstance(centres, MergedCohort) and by == CENTRE else ()
    return View(
        question=Question(),
        asked=Asked(centres, centres, centres, by),
        selection=(filters,) if filters else (),
        look=Look(browser.dark(), order),
    )


def estimated(view: View, question: CentreQuestion, key: str) -> Any:
    """Return an estimate of the question by its key."""
    if isinstance(view.cohort, SummedCohort):
        return session.estimate(SummedCohort.estimate, view.cohort, key, view.by)
    asked = next(each for each in question.estimates if each.key == key)
    return session.estimate(asked.function, view.cohort, by=view.by, **asked.options)


def of_endpoint(view: View, question: CentreQuestion, endpoint: str) -> Figure:
    """Return the curves of an endpoint."""
    words, state = endpoint_words(endpoint), STATE_WORDS[endpoint]
    kind = INCIDENCE if words.competing_words else KAPLAN_MEIER
    result = estimated(view, question, endpoint)
    shown = Figure(
        key=f"centres_{endpoint}",
        question=words.question,
        chart=session.chart(kind, result, look=view.look, y_title=f"{state[0].upper()}{state[1:]} (%)"),
        alt_text=session.drawn(kind.description, result),
        reading=session.drawn(kind.reading, result, state, words.events_noun),
        method=result.method,
        time_zero=result.time_zero,
    )
    if view.by is None:
        return shown
    if words.competing_words:
        return session.compared(shown, result, outcome=state)
    apart = isinstance(view.cohort, MergedCohort) and view.by != CENTRE
    test = session.estimate(log_rank, view.cohort, by=view.by, endpoint=endpoint, stratify=CENTRE if apart else None)
    return session.compared(shown, result, outcome=state, test=test)


def of_remission(view: View, question: CentreQuestion) -> Figure:
    """Return remission per year."""
    result, words = estimated(view, question, "remission"), remission_words(question.rule, question.response)
    shown = Figure(
        key="centres_remission",
        question=result.question,
        chart=session.chart(YEARLY, result, kind="remission", remission=words, look=view.look),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading.format(remission=words)),
        method=result.method,
    )
    return shown if view.by is None else session.compared(shown, result, remission=words)


def of_relapse(view: View, question: CentreQuestion) -> Figure:
    """Return first relapses per year."""
    result = estimated(view, question, "relapse")
    shown = Figure(
        key="centres_relapse",
        question=result.question,
        chart=session.chart(YEARLY, result, kind="relapse", look=view.look),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading),
        method=result.method,
    )
    return shown if view.by is None else session.compared(shown, result)


def of_measure(view: View, question: CentreQuestion, measure: str) -> Figure:
    """Return the mean of a visit measure over time; there are no lines of patients."""
    result = estimated(view, question, measure)
    label, unit = column_label(measure), column_unit(measure)
    return Figure(
        key=f"centres_{measure}",
        question=result.question,
        chart=session.chart(TRAJECTORY, result, label=label, unit=unit, lines=None, look=view.look),
        alt_text=session.drawn(TRAJECTORY.description, result, label=label, unit=unit),
        reading=session.drawn(TRAJECTORY.reading, result, f"mean {label}", unit),
        method=result.method,
    )


def of_next_centre(apart: View, question: CentreQuestion, kind: Kind, years: tuple[int, ...]) -> Figure:
    """Return the centres beside each other in remission or relapse per year, and what a next one would see."""
    result = estimated(apart, question, kind)
    outcome = {"outcome": remission_words(question.rule, question.response)} if kind == "remission" else {}
    return Figure(
        key=f"next_centre_{kind}",
        question=f"{kind.capitalize()}: do the centres differ, and what would a next centre see?",
        chart=session.chart(CENTRE_SHARES, result, years=years, look=apart.look, **outcome),
        alt_text=session.drawn(CENTRE_SHARES.description, result, years=years),
        reading=session.drawn(CENTRE_SHARES.reading, result, years=years),
        method=f"{result.method} {HOW_POOLED}",
    )


def of_next_centre_survival(apart: View, question: CentreQuestion, month: float) -> Figure:
    """Return the survival of the centres at a month beside each other, and what a next one would see."""
    result = estimated(apart, question, OVERALL_SURVIVAL)
    return Figure(
        key="next_centre_survival",
        question=f"Survival at month {month:g}: do the centres differ, and what would a next centre see?",
        chart=session.chart(CENTRE_SURVIVAL, result, months=month, look=apart.look),
        alt_text=session.drawn(CENTRE_SURVIVAL.description, result, months=month),
        reading=session.drawn(CENTRE_SURVIVAL.reading, result, months=month),
        method=f"{result.method} {HOW_SURVIVAL_POOLED}",
        time_zero=result.time_zero,
    )


def all_of(view: View, question: CentreQuestion) -> list[Figure]:
    """Return the figures of a question in the order of the pages."""
    return [
        *(of_endpoint(view, question, endpoint) for endpoint in question.endpoints),
        of_remission(view, question),
        of_relapse(view, question),
        *(of_measure(view, question, measure) for measure in question.measures),
    ]
