"""The options of all pages: each keeps its value while another page is open, and stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from analysis import Cohort
from analysis.cohort.address import Words
from pages.state import ignored
from pages.state.activity_options import ACTIVITY
from pages.state.option import Answers, Option, PageOptions
from pages.state.patients_options import PATIENTS
from pages.state.report_options import REPORT
from pages.state.response_options import RESPONSE
from pages.state.survival_options import SURVIVAL

PAGES = (SURVIVAL, RESPONSE, ACTIVITY, PATIENTS, REPORT)


def registered(pages: Iterable[PageOptions]) -> Mapping[str, Option[Any]]:
    """Return every option by its key.

    Raises
    ------
    ValueError
        If two options have the same key. One option may stand on two pages, also under another label.
    """
    found: dict[str, Option[Any]] = {}
    for page in pages:
        on_page = (*page.together, *page.apart)
        if len({option.key for option in on_page}) < len(on_page):
            raise ValueError(f"An option stands twice on the page {page.name!r}.")
        for option in on_page:
            held = found.setdefault(option.key, option)
            if held.worded("") != option.worded(""):
                raise ValueError(f"Two options have the key {option.key!r}.")
    return found


# Every option there is: another word in the address means nothing.
REGISTRY = registered(PAGES)


def settled(options: Iterable[Option[Any]], cohort: Cohort) -> Answers:
    """Return the answers of options, and make sure that their controls can be drawn.

    The value is what the address asks for, else what was set before, else the default; an option is settled with the
    answers of those before it.
    """
    answers = Answers(cohort)
    for option in options:
        if option.applies(answers):
            answers = answers.having(option, option.answer(_value(option, answers), answers))
    return answers


def _value(option: Option[Any], answers: Answers) -> Any:
    """Return the value that the control of an option holds from here on."""
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
    """Take all options from the address; a page takes its own when it is drawn next."""
    for key in _defaults():
        st.session_state.pop(key, None)
    st.session_state["awaited_options"] = {key: texts for key, texts in words.items() if key in REGISTRY}


def words() -> Words:
    """Return the options that are not at their default, as words of the address."""
    state, defaults = st.session_state, _defaults()
    set_otherwise = [key for key, default in defaults.items() if key in state and state[key] != default]
    return {**{key: REGISTRY[key].texts(state[key]) for key in set_otherwise}, **_awaited()}


def _defaults() -> dict[str, Any]:
    """Return the default of each option that was settled in this session, as it was then."""
    found: dict[str, Any] = st.session_state.setdefault("usual_options", {})
    return found


def _awaited() -> Words:
    """Return what the address asks of pages that were not drawn since."""
    found: Words = st.session_state.setdefault("awaited_options", {})
    return found
