"""How high a plot is on the stage: the same in all steps of its stop, so that nothing jumps when the numbers come."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import streamlit as st

from analysis.cohort.grouping import By, group_sizes
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.figures.common.rows import RowLabels, widest_beside
from analysis.figures.common.theme import Look
from pages.shown import stage_keys
from pages.shown.build_up import Step
from pages.shown.stops import Stop
from pages.state import options, session
from pages.state.ending import NothingToShowError

# In the pixels that the stage is laid out in, as set in `looks`.
ABOVE = 42  # the line of the stage, and what is between it and the heading
HEADING, HEADING_LETTERS = 26.4, 80  # of a line: its height, and the letters that surely fit
SENTENCE, SENTENCE_LETTERS = 23.4, 124
BELOW = 28  # what is between figure and sentence, and a second line of the figure's note
LOWEST = 95


def plot(stop: Stop, steps: Sequence[Step]) -> float:
    """Return the height of the plot: what its heading, its longest sentence, its axis and its rows leave."""
    whole = session.whole_cohort()
    key = stop, whole.fingerprint, tuple(steps), repr(options.words())
    known: tuple[object, float] | None = st.session_state.get("stage_room")
    if known is None or known[0] != key:
        known = key, _plot(stop, steps)
        st.session_state["stage_room"] = known
    return known[1]


def _plot(stop: Stop, steps: Sequence[Step]) -> float:
    figures = [figure for step in steps if step.numbers or step == steps[-1] for figure in _figures(stop, step)]
    headings = max((len(wrap(figure.question, HEADING_LETTERS)) for figure in figures), default=1)
    sentences = max((len(wrap(figure.words, SENTENCE_LETTERS)) for figure in figures), default=1) * stop.told
    rows = _rows(stop, steps[-1].question.by(session.whole_cohort())) if stop.rows else 0
    taken = ABOVE + HEADING * headings + stop.around + rows + SENTENCE * sentences + BELOW
    return max(LOWEST, stage_keys.HEIGHT - taken)


def _figures(stop: Stop, step: Step) -> list[session.Figure]:
    """Return the figure of a step, if it has one."""
    view = session.view_of(step.question, plot=LOWEST)
    try:
        return [stop.make(view, step.part)] if len(view.present) else []
    except (NothingToShowError, RowsElsewhereError):
        return []


def _rows(stop: Stop, by: By | None) -> float:
    """Return the height of the rows of numbers."""
    return RowLabels(["n"], stop.parts or _groups(by), "dash", widest=widest_beside(Look(plot=LOWEST))).height


def _groups(by: By | None) -> Sequence[str]:
    return [""] if by is None else list(group_sizes(session.whole_cohort(), by).names)
