"""Published survival beside one's own: the fold with the forest and its choices."""

from __future__ import annotations

import streamlit as st

from analysis.figures.survival.beside_survival import (
    months_not_drawn,
    months_table,
    months_without_one,
    published_survival_line,
)
from pages.controls import given_curves, published_papers
from pages.shown import figure
from pages.shown.control import draw
from pages.shown.survival_beside import HOW_POOLED, chosen_papers, of_beside_survival
from pages.state import session
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.published_options import BESIDE, LEFT_OUT, POOLED
from pages.state.survival_options import PUBLISHED_DEATHS

QUESTION = "What was published of survival, and what would the next centre see?"


def show(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw the fold where the curve is overall survival; return how its numbers were made."""
    if not PUBLISHED_DEATHS.applies(chosen):
        return {}
    asked = settled(BESIDE, view.whole)
    told = session.drawn(published_survival_line, chosen_papers(view))
    with figure.folded("beside_survival", QUESTION, told, told_inside=False) as place:
        if place.open:
            draw(POOLED, asked)
            with st.container(horizontal=True, key="beside_survival_choices"):
                draw(LEFT_OUT, asked, width=320)
            _forest(view, chosen)
            published_papers.add_papers()
            given_curves.show()
    return {"Beside what was published.": HOW_POOLED}


def _forest(view: session.View, chosen: Answers) -> None:
    shown, asked = of_beside_survival(view, chosen), chosen_papers(view)
    figure.small(view, shown)
    figure.answer(shown)
    figure.listing(session.drawn(months_table, shown.result, asked))
    untold = session.drawn(months_not_drawn, shown.result, asked)
    if len(untold):
        figure.listing(untold, published_papers.NOT_DRAWN)
    without = session.drawn(months_without_one, shown.result, asked)
    if len(without):
        figure.numbers("Together without one at a time", without)
