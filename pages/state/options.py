"""The options of all pages: each keeps its value while another page is open, and is in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from analysis import Cohort
from analysis.cohort.address import Words
from pages.state import ignored
from pages.state.activity_options import ACTIVITY
from pages.state.option import Answers, Option, PageOptions
from pages.state.paper_options import PAPER
from pages.state.patients_options import PATIENTS
from pages.state.report_options import REPORT
from pages.state.response_options import RESPONSE
from pages.state.survival_options import SURVIVAL

PAGES = (SURVIVAL, RESPONSE, ACTIVITY, PATIENTS, REPORT)
STUDIO = PageOptions("studio", apart=PAPER)  # in the figure studio, which every page has


def registered(pages: Iterable[PageOptions]) -> Mapping[str, Option[Any]]:
    """Return every option by its key.

    Raises
    ------
    ValueError
        If two options have the same key. One option may be on two pages, also with another label.
    """
    found: dict[str, Option[Any]] = {}
    for page in pages:
        on_page = (*page.together, *page.apart)
        if len({option.key for option in on_page}) < len(on_page):
            raise ValueError(f"An option stands twice on the page {page.name!r}.")
        for option in on_page:
            first = found.setdefault(option.key, option)
            if first.worded("") != option.worded(""):
                raise ValueError(f"Two options have the key {option.key!r}.")
    return found


# All options; any other key in the address is ignored.
REGISTRY = registered((*PAGES, STUDIO))


def settled(options: Iterable[Option[Any]], cohort: Cohort) -> Answers:
    """Return the answers to options, and set the values of their controls before these are drawn.

    A value comes from the address, else from what was set before, else from the default; each option is settled with
    the answers to those before it.
    """
    answers = Answers(cohort)
    for option in options:
        if option.applies(answers):
            answers = answers.having(option, option.answer(_value(option, answers), answers))
    return answers


def _value(option: Option[Any], answers: Answers) -> Any:
    """Return the value that the control of an option has from now on."""
    if option.key not in REGISTRY:
        raise ValueError(f"{option.key!r} is no registered option.")
    state, default = st.session_state, option.default_of(answers)
    _defaults()[option.key] = default
    texts = _awaited().pop(option.key, None)
    if texts is not None:
        value = option.read(texts, answers)
        if value is None:
            ignored.add({option.key: texts})
        state[option.key] = default if value is None else value
    elif option.key not in state or not option.fits(state[option.key], answers):
        state[option.key] = default
    return state[option.key]


def restore(words: Words) -> None:
    """Take all options from the address; each page reads its own when it is next drawn."""
    for key in _defaults():
        st.session_state.pop(key, None)
    st.session_state["awaited_options"] = {key: texts for key, texts in words.items() if key in REGISTRY}


def words() -> Words:
    """Return the options that are not at their default, as query parameters."""
    state, defaults = st.session_state, _defaults()
    set_otherwise = [key for key, default in defaults.items() if key in state and state[key] != default]
    return {**{key: REGISTRY[key].texts(state[key]) for key in set_otherwise}, **_awaited()}


def _defaults() -> dict[str, Any]:
    """Return the defaults of the options settled in this session, as they were at that time."""
    found: dict[str, Any] = st.session_state.setdefault("usual_options", {})
    return found


def _awaited() -> Words:
    """Return the query parameters for pages that have not been drawn since."""
    found: Words = st.session_state.setdefault("awaited_options", {})
    return found
