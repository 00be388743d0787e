"""The figures of the Patients page."""

from __future__ import annotations

from typing import Any

from analysis.figures.description.one_patient import ONE_PATIENT
from analysis.figures.states.dots import DOTS
from analysis.figures.states.swimmer import MOST_LANES, SWIMMER
from analysis.listings.lanes import Lanes, Sort, lanes
from analysis.listings.month_dots import dots
from pages.state import session
from pages.state.options import settled
from pages.state.response_options import DEFINITIONS, relapse_rule, remission_rule


def course(view: session.View, patient: str, measures: tuple[str, ...]) -> session.Figure:
    """Return the figure of one patient's course."""
    return session.Figure(
        key="patient_chart",
        question=f"What happened to patient {patient}?",
        chart=session.chart(ONE_PATIENT, view.whole, patient, measures, look=view.look),
        alt_text=session.drawn(ONE_PATIENT.description, view.whole, patient, measures),
        reading="",
        method="Values as recorded.",
    )


def courses_result(view: session.View, sort: Sort) -> Lanes:
    """Return the courses of all patients in view."""
    return session.estimate(lanes, view.present, sort=sort, most=MOST_LANES, **_definitions(view))


def _definitions(view: session.View) -> dict[str, Any]:
    """Return the rules chosen on the Remission & relapse page, which hold for the courses too."""
    chosen = settled(DEFINITIONS, view.whole)
    return {"rule": remission_rule(chosen), "relapse": relapse_rule(chosen)}


def courses(view: session.View, sort: Sort) -> session.Figure:
    """Return the figure of the courses of all patients in view."""
    result = courses_result(view, sort)
    return session.Figure(
        key="swimmer",
        question=result.question,
        chart=session.chart(SWIMMER, result, look=view.look),
        alt_text=session.drawn(SWIMMER.description, result),
        reading="Click a lane to see that patient.",
        method=result.method,
    )


def dots_at(view: session.View, month: int) -> session.Figure:
    """Return the figure of all patients in their states at a month."""
    result = session.estimate(dots, view.present, month=month, **_definitions(view))
    return session.Figure(
        key="dots",
        question=result.question,
        chart=session.chart(DOTS, result, look=view.look),
        alt_text=session.drawn(DOTS.description, result),
        reading="",
        method=result.method,
    )
