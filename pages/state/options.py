"""The options of the pages: each is asked for by its key, is kept over pages, and stands in the address.

A control is given one of these keys, such as ``key=options.choice("interval", INTERVALS, "log-log")``: what the
address says, else what was chosen before, else the usual value is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from analysis.cohort.address import Words, value_text
from pages.state import ignored

# What every control with an option has in common: it keeps its value while another page is open.
KEPT: dict[str, Any] = {"persist_state": "session"}
YES, NO = "yes", "no"

# Every option there is: another word in the address means nothing.
KEYS = frozenset(
    {
        *("endpoint", "own_time", "own_event", "own_rival", "scale", "interval", "naive", "until", "years"),
        *("landmark", "reset", "weights", "pairwise", "trend", "adjust", "strata", "covariates", "restricted"),
        *("few_events", "few_patients", "few_members"),
        *("estimand", "relapse_estimand", "rule", "rule_points", "rule_cap", "response", "window", "range"),
        *("relapse_rule", "share_interval"),
        *("measure", "summary", "values", "schedule", "within", "same_patients", "month", "fall", "scheme", "models"),
        *("patient", "patient_measures", "lanes"),
        *("paper_width", "report_title", "report_figures", "share_least", "share_ids", "share_years"),
    }
)


def more(key: str) -> PopoverContainer:
    """Return the place of all that is not asked every day; what is in it is drawn only while it is open."""
    return st.popover("More", width="stretch", key=key, on_change="rerun")


def control(place: PopoverContainer, draw: Callable[..., Any], label: str, *how: Any, key: str, **named: Any) -> Any:
    """Draw a control if its place is open, and return the value of its option in any case."""
    if not place.open:
        return st.session_state[key]
    return draw(label, *how, key=key, **KEPT, **named)


def heading(place: PopoverContainer, words: str) -> None:
    """Draw a heading among controls if their place is open."""
    if place.open:
        st.markdown(f"**{words}**")


def choice(key: str, allowed: Sequence[Any], usual: Any) -> str:
    """Offer one of several values."""
    values = {value_text(value): value for value in allowed}
    return _offer(key, usual, lambda texts: values.get(texts[0]), lambda value: value in allowed)


def one_of_many(key: str, known: Callable[[str], bool], usual: str) -> str:
    """Offer one of very many texts."""
    return _offer(key, usual, lambda texts: texts[0] if known(texts[0]) else None, known)


def several(key: str, allowed: Sequence[Any], usual: Sequence[Any] = ()) -> str:
    """Offer some of several values."""
    values = {value_text(value): value for value in allowed}

    def read(texts: list[str]) -> list[Any] | None:
        named = [text for text in texts if text]
        return [values[text] for text in named] if all(text in values for text in named) else None

    return _offer(key, list(usual), read, lambda chosen: all(value in allowed for value in chosen))


def number(key: str, usual: float, low: float, high: float) -> str:
    """Offer a number within limits, a whole one where the usual one is."""
    kind = type(usual)

    def read(texts: list[str]) -> float | None:
        try:
            value = kind(texts[0])
        except ValueError:
            return None
        return value if low <= value <= high else None

    return _offer(key, usual, read, lambda value: value is not None and low <= value <= high)


def switch(key: str, usual: bool = False) -> str:
    """Offer yes or no."""
    return _offer(key, usual, lambda texts: {YES: True, NO: False}.get(texts[0]), lambda _: True)


def text(key: str, usual: str) -> str:
    """Offer a text to type."""
    return _offer(key, usual, lambda texts: texts[0], lambda _: True)


def _offer(key: str, usual: Any, read: Callable[[list[str]], Any], fits: Callable[[Any], bool]) -> str:
    """Make sure that the control of a key can be drawn: with the asked, the held or the usual value."""
    if key not in KEYS:
        raise ValueError(f"{key!r} is no known option.")
    state = st.session_state
    _usual()[key] = usual
    texts = _awaited().pop(key, None)
    if texts is not None:
        value = read(texts)
        if value is None:
            ignored.add({key: texts})
        state[key] = usual if value is None else value
    elif key not in state or not fits(state[key]):
        state[key] = usual
    return key


def restore(words: Words) -> None:
    """Take all options from the address; a page takes its own when it is drawn next."""
    for key in _usual():
        st.session_state.pop(key, None)
    st.session_state["awaited_options"] = {key: texts for key, texts in words.items() if key in KEYS}


def words() -> Words:
    """Return the options that are not as usual, as words of the address."""
    state = st.session_state
    unusual = {key: _texts(state[key]) for key, usual in _usual().items() if key in state and state[key] != usual}
    return {**unusual, **_awaited()}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [value_text(each) for each in value] or [""]
    return [value_text(value)]


def _usual() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault("usual_options", {})
    return found


def _awaited() -> Words:
    """Return what the address asks of pages that were not drawn since."""
    found: Words = st.session_state.setdefault("awaited_options", {})
    return found
