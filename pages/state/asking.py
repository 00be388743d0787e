"""The question of this session: filters, comparison and pinned cohort, with what was asked before it.

The question is the one truth; the controls are set from it before they are drawn, and change it when they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from analysis import Cohort
from analysis.cohort.address import question_words
from analysis.cohort.filters import Condition, Filters
from analysis.cohort.question import PINNED, Pin, Question, pin_names

MOST_REMEMBERED = 100  # questions that can be gone back to


def present() -> Question:
    """Return the present question."""
    found: Question = st.session_state.setdefault("question", Question())
    return found


def ask(question: Question) -> None:
    """Make this the present question."""
    st.session_state["question"] = question


def start_afresh(question: Question = Question()) -> None:
    """Ask this of a cohort that was just opened; there is nothing to go back to."""
    ask(question)
    st.session_state["asked_before"] = [question]
    st.session_state["asked_place"] = 0
    st.session_state["added_filters"] = []


def remember() -> None:
    """Keep the present question, so that it can be gone back to; the browser's Back is seen as such."""
    before, place = _history()
    if _same(before[place], present()):
        return
    for near in (place - 1, place + 1):
        if 0 <= near < len(before) and _same(before[near], present()):
            st.session_state["asked_place"] = near
            return
    kept = [*before[: place + 1], present()][-MOST_REMEMBERED:]
    st.session_state["asked_before"], st.session_state["asked_place"] = kept, len(kept) - 1


def _same(first: Question, second: Question) -> bool:
    """Return whether two questions are the same, the order of their filters counting too."""
    return list(question_words(first).items()) == list(question_words(second).items())


def can_undo() -> bool:
    """Return whether something was asked before."""
    return _history()[1] > 0


def can_redo() -> bool:
    """Return whether something was undone."""
    before, place = _history()
    return place < len(before) - 1


def undo(steps: int = 1) -> None:
    """Go back to the question before, or with a negative number forward again."""
    before, place = _history()
    st.session_state["asked_place"] = min(max(place - steps, 0), len(before) - 1)
    ask(before[st.session_state["asked_place"]])


def _history() -> tuple[list[Question], int]:
    state = st.session_state
    return state.setdefault("asked_before", [present()]), state.setdefault("asked_place", 0)


def filter_by(name: str, condition: Condition | None) -> None:
    """Filter by a column, or with None no longer."""
    filters = present().filters
    if condition is None:
        ask(replace(present(), filters=filters.without(name)))
    else:
        keep = any(held.keep_missing for held in filters.conditions.values())
        ask(replace(present(), filters=filters.having(name, condition).keeping_missing(keep)))


def keep_missing(keep: bool) -> None:
    """Keep patients without a value of what is filtered by, or drop them."""
    ask(replace(present(), filters=present().filters.keeping_missing(keep)))


def clear_filters() -> None:
    """Take all filters off."""
    ask(replace(present(), filters=Filters()))


def added() -> list[str]:
    """Return the columns that were added to the panel, whether they filter yet or not."""
    found: list[str] = st.session_state.setdefault("added_filters", [])
    return found


def add(name: str | None) -> None:
    """Add a column to the panel."""
    if name:
        st.session_state["added_filters"] = [*added(), name]


def compare_by(compare: str) -> None:
    """Compare by something else."""
    ask(replace(present(), compare=compare))


def cut_at(cut: str) -> None:
    """Cut the number that is compared by otherwise."""
    ask(replace(present(), cut=cut))


def pin() -> None:
    """Pin the present patients as A, and compare what is asked next with them."""
    ask(replace(present(), pin=Pin(present().filters), compare=PINNED))


def unpin() -> None:
    """Forget the pinned cohort."""
    compare = present().compare
    ask(replace(present(), pin=None, compare="" if compare == PINNED else compare))


def swap() -> None:
    """Pin the present patients instead, and go back to those that were pinned; names that were given go along."""
    now, held = present(), present().pin
    if held is not None:
        names = held.names if held.names == Pin.names else held.names[::-1]
        ask(replace(now, filters=held.filters, pin=replace(held, filters=now.filters, names=names)))


def name_pinned(place: int, name: str) -> None:
    """Give A, at place 0, or B, at place 1, another name; without two different names they are called A and B."""

    def rename(pin: Pin) -> Pin:
        return replace(pin, names=pin_names((name, pin.names[1]) if place == 0 else (pin.names[0], name)))

    _change_pin(rename)


def against_rest(rest: bool) -> None:
    """Compare A with what of the present patients is not in it, or with all of them."""
    _change_pin(lambda pin: replace(pin, rest=rest))


def _change_pin(change: Callable[[Pin], Pin]) -> None:
    held = present().pin
    if held is not None:
        ask(replace(present(), pin=change(held)))


def sizes(whole: Cohort) -> tuple[int, int, int]:
    """Return how many patients are in A, in B, and in both."""
    held = present().pin
    if held is None:
        return 0, 0, 0
    return held.beside(present().filters).sizes(whole)
