"""The fold of times between visits on the Remission & relapse page: remission, and relapse read off visits."""

from __future__ import annotations

import streamlit as st

from analysis import turnbull
from analysis.figures.common.markdown import plain
from analysis.figures.survival.turnbull import TURNBULL, turnbull_table
from pages.shown import figure
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import RESPONSE_COUNTED, relapse_rule, remission_rule

TITLE = "Seen only at visits: what if the event lies anywhere between two?"
TOLD = (
    "A state is known at visits only. Turnbull's estimate takes the event to lie anywhere between the last visit "
    "without it and the first with it. It assumes that when patients come does not depend on their state; death is "
    "censored."
)


def of_remission(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of the first remission."""
    return _figure(view, "remission", remission_rule(chosen), chosen[RESPONSE_COUNTED])


def of_relapse(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of the first relapse, by a rule that visits decide."""
    return _figure(view, "relapse", relapse_rule(chosen), "complete")


def _figure(view: session.View, event: str, rule: object, response: str) -> session.Figure:
    result = session.estimate(turnbull, view.cohort, event=event, rule=rule, response=response, by=view.by)
    return session.Figure(
        key=f"between_visits_{event}",
        question=result.question,
        chart=session.chart(TURNBULL, result, look=view.look),
        alt_text=session.drawn(TURNBULL.description, result),
        reading=session.drawn(TURNBULL.reading, result),
        method=result.method,
    )


def between_visits(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw the fold; return how its figures were computed, once it is open."""
    methods = {}
    with figure.folded("between_visits", TITLE) as place:
        if place.open:
            st.markdown(plain(TOLD))
            rule = relapse_rule(chosen)
            told = rule.measured and not rule.missing_columns(view.whole)
            for make in (of_remission, of_relapse) if told else (of_remission,):
                shown = make(view, chosen)
                figure.small(view, shown)
                figure.answer(shown)
                figure.numbers("By year", turnbull_table(shown.result, view.alone))
                methods[f"Between visits ({shown.result.event})."] = shown.method
    return methods
