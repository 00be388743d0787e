"""The options of a page: a few in view, the others under "More"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis import Cohort
from pages.shown.control import draw
from pages.state.option import Answer, Answers, Option, PageOptions
from pages.state.options import settled

WIDTH_IN_VIEW = 6  # width of the options in view, relative to "More"


def ask(page: PageOptions, cohort: Cohort) -> Answers:
    """Draw the options of a page, except those drawn elsewhere on it, and return the answers."""
    answers = settled(page.together, cohort)
    each = WIDTH_IN_VIEW / len(page.in_view)
    *places, last = st.columns([*(each for _ in page.in_view), 1], gap="small", vertical_alignment="bottom")
    for place, option in zip(places, page.in_view, strict=True):
        with place:
            draw(option, answers)
    _below([option for option in page.below if option.applies(answers)], answers)
    with last, st.popover("More", width="stretch", key=f"more_{page.name}", on_change="rerun") as more:
        if more.open:
            _more(page, answers)
    return answers


def ask_one(option: Option[Answer], cohort: Cohort, **layout: Any) -> Answer:
    """Draw one option elsewhere on the page, and return its answer; `layout` is passed on to Streamlit."""
    answers = settled([option], cohort)
    draw(option, answers, **layout)
    return answers[option]


def _below(options: Sequence[Option[Any]], answers: Answers) -> None:
    if options:
        for place, option in zip(st.columns(len(options)), options, strict=True):
            with place:
                draw(option, answers)


def _more(page: PageOptions, answers: Answers) -> None:
    for heading, options in page.more.items():
        if heading:
            st.markdown(f"**{heading}**")
        for option in options:
            if option.applies(answers):
                draw(option, answers)
