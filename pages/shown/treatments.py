"""The fold of treatments on the Disease activity page: who is on which drug over time."""

from __future__ import annotations

from analysis import treatment_shares
from analysis.cohort.drugs import drug_names
from analysis.estimates.description.treatment_shares import TreatmentShares
from analysis.figures.description.treatments import TREATMENTS, treatment_table
from pages.shown import figure, take_home
from pages.state import session
from pages.state.option import Answers


def treatments(view: session.View, _: Answers) -> dict[str, str]:
    """Draw the share on each drug by group, if any treatment is recorded; return how it was computed."""
    if not drug_names(view.whole):
        return {}
    result = session.estimate(treatment_shares, view.cohort, by=view.by)
    figures = {group: _of_group(view, result, group) for group in result.table["group"].astype(str).unique()}
    told = " ".join(each.reading for each in figures.values())
    with figure.folded("treatments", result.question, told) as place:
        if place.open:
            for group, side in figure.side_by_side("treatments", list(figures)):
                with side:
                    figure.draw(figures[group])
                    take_home.offer(view, figures[group])
                    figure.numbers("On treatment", session.drawn(treatment_table, result, group=group))
    return {result.question: result.method}


def _of_group(view: session.View, result: TreatmentShares, group: str) -> session.Figure:
    return session.Figure(
        key=f"treatments_{group}",
        question=result.question,
        chart=session.chart(TREATMENTS, result, group=group, look=view.look),
        alt_text=session.drawn(TREATMENTS.description, result, group=group),
        reading=session.drawn(TREATMENTS.reading, result, group=group),
        method=result.method,
    )
