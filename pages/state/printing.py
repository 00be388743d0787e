"""How pictures are set on paper in this session, and choices of it that were saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis import Cohort
from analysis.cohort.names import one_line
from analysis.figures.common.paper import Paper
from pages.state import options
from pages.state.option import Answers
from pages.state.paper_options import PAPER, paper_of

MOST = 20
LONGEST_NAME = 60
Saved = Mapping[str, list[str]]  # the choices by key, as in the address


def present(cohort: Cohort) -> Paper:
    """Return how pictures of a cohort are set on paper now."""
    return paper_of(options.settled(PAPER, cohort))


def saved() -> dict[str, Saved]:
    """Return the saved choices by name."""
    found: dict[str, Saved] = st.session_state.setdefault("saved_papers", {})
    return found


def save(name: str) -> None:
    """Save the choices of now under a name; others of that name are replaced."""
    _keep(name, {option.key: option.texts(st.session_state[option.key]) for option in PAPER})


def _keep(name: str, choices: Saved) -> None:
    name = one_line(name)[:LONGEST_NAME]
    if name and (name in saved() or len(saved()) < MOST):
        st.session_state["saved_papers"] = {**saved(), name: choices}


def add(found: object) -> None:
    """Add choices of a session file to those of this session; what cannot be read is left out."""
    for name, kept in found.items() if isinstance(found, dict) else ():
        if isinstance(kept, dict) and all(_is_texts(kept.get(option.key)) for option in PAPER):
            _keep(str(name), {option.key: kept[option.key] for option in PAPER})


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def remove(name: str) -> None:
    """Remove saved choices."""
    st.session_state["saved_papers"] = {each: kept for each, kept in saved().items() if each != name}


def use(name: str, cohort: Cohort) -> None:
    """Set all choices to saved ones; a choice that was not saved, or is none any more, to its default."""
    kept, answers = saved().get(name, {}), Answers(cohort)
    for option in PAPER:
        read: Any = option.read(kept[option.key], answers) if kept.get(option.key) else None
        st.session_state[option.key] = option.default_of(answers) if read is None else read
