"""The figure studio: a figure at the size at which it is printed, and what of it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from analysis import Cohort
from analysis.export.exhibit import Exhibit
from analysis.figures.common.markdown import plain
from analysis.figures.common.paper import Paper
from pages.shown.control import draw
from pages.state import address, options, printing
from pages.state.option import Answers
from pages.state.paper_options import (
    CHOICES,
    PAPER,
    PAPER_SHORT,
    PAPER_SIZE,
    SWITCHES,
    paper_of,
    same_name,
    with_name,
)

Files = Callable[[Paper], None]  # draws the downloads of a figure set on paper


def open_studio(cohort: Cohort, shown: Exhibit, groups: Sequence[str], files: Files) -> None:
    """Open the studio for a figure of a cohort with these groups; once it is closed, the address has the choices."""
    st.dialog("Figure studio", width="large", on_dismiss=address.write_of_part)(_studio)(cohort, shown, groups, files)


def _studio(cohort: Cohort, shown: Exhibit, groups: Sequence[str], files: Files) -> None:
    answers = options.settled(PAPER, cohort)
    picture, choices = st.columns([3, 2], gap="medium")
    with choices:
        _sets(cohort)
        left, right = st.columns(2, gap="small")
        with left:
            for option in (PAPER_SIZE, *CHOICES):
                draw(option, answers)
        with right:
            for switch in SWITCHES:
                draw(switch, answers)
            _names(groups, answers)
    paper = paper_of(answers)
    with picture:
        if twice := same_name(answers[PAPER_SHORT], groups):
            st.warning(plain(f"Two groups would be called {twice}. Give each a name of its own."))
            return
        st.image(shown.picture(paper), alt=shown.described_on(paper))
        st.caption(
            f"At its true size, {paper.width_mm:g} mm wide. All downloaded pictures have these choices; "
            "figures of reports and slides have all but the size."
        )
        files(paper)


def _sets(cohort: Cohort) -> None:
    """Draw the saved choices, and a place to save these."""
    if names := list(printing.saved()):
        with st.container(horizontal=True, gap="xsmall"):
            for name in names:
                st.button(plain(name), key=f"paper_use_{name}", on_click=printing.use, args=(name, cohort))
    with st.popover("Save these choices", key="paper_save", type="tertiary"):
        example = "such as Lupus, one column"
        st.text_input("Name", key="paper_name", placeholder=example, max_chars=printing.LONGEST_NAME)
        st.button("Save", key="paper_save_now", on_click=_save)
        for name in printing.saved():
            words, key = f"Remove {plain(name)}", f"paper_remove_{name}"
            st.button(words, key=key, type="tertiary", on_click=printing.remove, args=(name,))


def _save() -> None:
    printing.save(st.session_state["paper_name"])
    st.session_state["paper_name"] = ""


def _names(groups: Sequence[str], answers: Answers) -> None:
    """Draw a field for the name of each group."""
    named = dict(answers[PAPER_SHORT])
    for place, group in enumerate(groups if len(groups) > 1 else ()):
        key = f"paper_short_{place}"
        st.session_state[key] = named.get(group, group)
        st.text_input(plain(f"Name of {group}"), key=key, max_chars=40, on_change=_rename, args=(group, key))


def _rename(group: str, key: str) -> None:
    st.session_state[PAPER_SHORT.key] = with_name(st.session_state[PAPER_SHORT.key], group, st.session_state[key])
