"""The figure of one's own survival beside what was published."""

from __future__ import annotations

from analysis import kaplan_meier
from analysis.centres.comparable import Papers
from analysis.figures.survival.beside_survival import BESIDE_SURVIVAL
from pages.state import session
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.published_options import BESIDE, papers
from pages.state.survival_options import INTERVAL, endpoint

HOW_POOLED = (
    "Published shares of those alive with exact (Clopper-Pearson) limits; from three on taken together by a "
    "binomial-normal model with random effects. One's own survival is the Kaplan-Meier estimate, and is not pooled."
)


def chosen_papers(view: session.View) -> Papers:
    """Return the papers that are chosen."""
    return papers(settled(BESIDE, view.whole), synthetic=view.synthetic)


def of_beside_survival(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of survival beside what was published."""
    result = session.estimate(kaplan_meier, view.cohort, endpoint(chosen), by=view.by, interval=chosen[INTERVAL])
    told = chosen_papers(view)
    return session.Figure(
        key="beside_survival",
        question="How does survival stand beside what was published?",
        chart=session.chart(BESIDE_SURVIVAL, result, look=view.look, papers=told),
        alt_text=session.drawn(BESIDE_SURVIVAL.description, result, papers=told),
        reading=session.drawn(BESIDE_SURVIVAL.reading, result, papers=told),
        method=f"{result.method} {HOW_POOLED}",
        time_zero=result.time_zero,
    )
