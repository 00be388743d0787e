"""The figure of the Survival page: Kaplan-Meier, or cumulative incidence with a competing event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import cumulative_incidence, follow_up, kaplan_meier, log_rank
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.facts.endpoints import endpoint_words
from analysis.facts.observed_times import Wording
from analysis.figures.survival.curve_tables import changing_steps, incidence_table, median_table, survival_table
from analysis.figures.survival.incidence import INCIDENCE
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from pages.shown import behind, figure, month_slider
from pages.state import paper_curves, session
from pages.state.ending import NothingToShowError
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.published_options import BESIDE, papers
from pages.state.survival_options import (
    AXIS_FROM,
    FAILURE,
    FEW_PATIENTS,
    INTERVAL,
    NAIVE,
    PUBLISHED_DEATHS,
    READ_AT,
    STRATA,
    TEST,
    TIMES,
    TREND,
    UNTIL,
    endpoint,
    small_numbers,
    state_words,
    survival_words,
)


@dataclass(frozen=True)
class Told:
    """What stands beside the figure and below it.

    Attributes
    ----------
    steps
        The rows of the curve at which it changes.
    times
        The rows of the curve at the chosen months.
    times_words
        `times` as words for the screen.
    medians
        Patients, events and medians in words; None for an incidence.
    left_out
        How many patients are in no number.
    shown
        The figure.
    """

    steps: pd.DataFrame
    times: pd.DataFrame
    times_words: pd.DataFrame
    medians: pd.DataFrame | None
    left_out: int
    shown: session.Figure


def outcome(view: session.View, chosen: Answers) -> Wording:
    """Return the chosen endpoint in words.

    Raises
    ------
    NothingToShowError
        If no patient has it.
    """
    asked = endpoint(chosen)
    words = endpoint_words(asked)
    if not session.estimate(kaplan_meier, view.cohort, asked).summary["patients"].sum():
        raise NothingToShowError(f"{words.name}: no patient under these filters has this outcome.")
    return words


def curves(view: session.View, chosen: Answers, outcome: Wording) -> session.Figure:
    """Return the figure: cumulative incidence if the endpoint has a competing event, else Kaplan-Meier."""
    return _incidence(view, chosen, outcome) if outcome.competing_words else _survival(view, chosen, outcome)


def draw(view: session.View, chosen: Answers, outcome: Wording) -> None:
    """Draw the figure."""
    curve = (_incidence_result if outcome.competing_words else _survival_result)(view, chosen).curve
    who = behind.step(view, curve, endpoint(chosen))
    figure.pickable(view, curves(view, chosen, outcome), who, month_slider.read_month)


def told(view: session.View, chosen: Answers, outcome: Wording) -> Told:
    """Return the numbers of the figure, which do not depend on the month at which it is read."""
    shown = curves(view, chosen, outcome)
    if outcome.competing_words:
        incidence = _incidence_result(view, chosen)
        return Told(
            steps=session.drawn(changing_steps, incidence.curve),
            times=incidence.at(chosen[TIMES]),
            times_words=session.drawn(incidence_table, incidence, chosen[TIMES]),
            medians=None,
            left_out=int(incidence.left_out["patients"].sum()),
            shown=shown,
        )
    result = _survival_result(view, chosen)
    return Told(
        steps=session.drawn(changing_steps, result.curve),
        times=result.at(chosen[TIMES]),
        times_words=session.drawn(
            survival_table, result, chosen[TIMES], failure=chosen[FAILURE], name=survival_words(chosen)
        ),
        medians=session.drawn(median_table, result, session.estimate(follow_up, view.cohort, by=view.by), view.alone),
        left_out=int(result.left_out["patients"].sum()),
        shown=shown,
    )


def _survival_result(view: session.View, chosen: Answers) -> KaplanMeier:
    return session.estimate(kaplan_meier, view.cohort, endpoint(chosen), by=view.by, interval=chosen[INTERVAL])


def _incidence_result(view: session.View, chosen: Answers) -> CumulativeIncidence:
    return session.estimate(
        cumulative_incidence, view.cohort, endpoint(chosen), by=view.by, limits=small_numbers(chosen)
    )


def _survival(view: session.View, chosen: Answers, outcome: Wording) -> session.Figure:
    result = _survival_result(view, chosen)
    share = outcome.event_words if chosen[FAILURE] else state_words(chosen, outcome)
    shown = session.Figure(
        key="survival",
        question=f"{outcome.question} (Kaplan-Meier)",
        chart=session.chart(
            KAPLAN_MEIER,
            result,
            look=view.look,
            whole=session.estimate(kaplan_meier, view.whole, endpoint(chosen)) if view.has_whole_behind else None,
            failure=chosen[FAILURE],
            y_title=f"{share[0].upper()}{share[1:]} (%)",
            lowest=chosen[AXIS_FROM],
            **_drawn(chosen),
            **of_papers(view, chosen),
        ),
        alt_text=session.drawn(
            KAPLAN_MEIER.description,
            result,
            failure=chosen[FAILURE],
            lowest=chosen[AXIS_FROM],
            **_drawn(chosen),
            **of_papers(view, chosen),
        ),
        reading=session.drawn(
            KAPLAN_MEIER.reading,
            result,
            share,
            outcome.events_noun,
            failure=chosen[FAILURE],
            **_told(chosen),
        ),
        method=result.method,
        time_zero=result.time_zero,
    )
    if view.by is None:
        return shown
    test = session.estimate(
        log_rank,
        view.cohort,
        endpoint(chosen),
        by=view.by,
        weights=chosen[TEST],
        stratify=chosen[STRATA],
        trend=chosen[TREND],
        limits=small_numbers(chosen),
    )
    return session.compared(shown, result, outcome=share, test=test, failure=chosen[FAILURE], **_told(chosen))


def _incidence(view: session.View, chosen: Answers, outcome: Wording) -> session.Figure:
    result = _incidence_result(view, chosen)
    state = state_words(chosen, outcome)
    shown = session.Figure(
        key="incidence",
        question=f"{outcome.question} (Aalen-Johansen)",
        chart=session.chart(
            INCIDENCE,
            result,
            look=view.look,
            whole=session.estimate(cumulative_incidence, view.whole, endpoint(chosen))
            if view.has_whole_behind
            else None,
            naive=chosen[NAIVE],
            y_title=f"{state[0].upper()}{state[1:]} (%)",
            **_drawn(chosen),
        ),
        alt_text=session.drawn(
            INCIDENCE.description,
            result,
            naive=chosen[NAIVE],
            **_drawn(chosen),
        ),
        reading=session.drawn(
            INCIDENCE.reading,
            result,
            state,
            outcome.events_noun,
            **_told(chosen),
        ),
        method=result.method,
        time_zero=result.time_zero,
    )
    if view.by is None:
        return shown
    return session.compared(shown, result, outcome=state, **_told(chosen))


def _drawn(chosen: Answers) -> dict[str, Any]:
    """Return how curves of either kind are drawn: to which month, pale below how many at risk, read at which month."""
    return {"until": chosen[UNTIL], "few_at_risk": chosen[FEW_PATIENTS], "read_at": chosen.get(READ_AT)}


def of_papers(view: session.View, chosen: Answers) -> dict[str, Any]:
    """Return the options of a curve for published marks, if these are asked for, and for curves of papers."""
    found: dict[str, Any] = {}
    if chosen.get(PUBLISHED_DEATHS):
        found["published"] = papers(settled(BESIDE, view.whole), synthetic=view.synthetic)
    if PUBLISHED_DEATHS.applies(chosen) and paper_curves.own():
        found["reconstructed"] = paper_curves.own()
    return found


def _told(chosen: Answers) -> dict[str, Any]:
    """Return at which time curves of either kind are told in words."""
    return {"months": chosen[TIMES], "few": chosen[FEW_PATIENTS], "until": chosen[UNTIL]}
