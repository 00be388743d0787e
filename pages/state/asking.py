"""The question of this session: filters, groups and pinned cohort, with its history.

The question is the only source; controls are drawn with its values and change it when used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from analysis import Cohort, Pinned
from analysis.cohort.address import question_words
from analysis.cohort.conditions import Condition
from analysis.cohort.filters import Filters
from analysis.cohort.question import PINNED, Pin, Question, pin_names

MOST_REMEMBERED = 100  # earlier questions, for undo


def present() -> Question:
    """Return the present question."""
    found: Question = st.session_state.setdefault("question", Question())
    return found


def ask(question: Question) -> None:
    """Replace the present question."""
    st.session_state["question"] = question


def start_afresh(question: Question = Question()) -> None:
    """Set the question for a cohort that was just opened, and clear the history."""
    ask(question)
    st.session_state["asked_before"] = [question]
    st.session_state["asked_place"] = 0
    st.session_state["added_filters"] = []


def remember() -> None:
    """Add the present question to the history, or move in it if the browser's Back or Forward was used."""
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
    """Return whether two questions are equal, including the order of their filters."""
    return list(question_words(first).items()) == list(question_words(second).items())


def can_undo() -> bool:
    """Return whether there is an earlier question."""
    return _history()[1] > 0


def can_redo() -> bool:
    """Return whether a question was undone."""
    before, place = _history()
    return place < len(before) - 1


def undo(steps: int = 1) -> None:
    """Go back in the history; a negative number goes forward."""
    before, place = _history()
    st.session_state["asked_place"] = min(max(place - steps, 0), len(before) - 1)
    ask(before[st.session_state["asked_place"]])


def _history() -> tuple[list[Question], int]:
    state = st.session_state
    return state.setdefault("asked_before", [present()]), state.setdefault("asked_place", 0)


def filter_by(name: str, condition: Condition | None) -> None:
    """Set the filter on a column; None removes it."""
    ask(filtered_by(name, condition))


def filtered_by(name: str, condition: Condition | None) -> Question:
    """Return the present question with another filter on a column; None for none."""
    filters = present().filters
    if condition is None:
        return present().filtered(filters.without(name))
    return replace(present(), filters=filters.having(name, condition).keeping_missing(filters.keeps_missing))


def filter_by_all(filters: Filters) -> None:
    """Set the filters of several columns; those on other columns stay."""
    for name, condition in filters.conditions.items():
        filter_by(name, condition)


def keep_missing(keep: bool) -> None:
    """Set whether patients with a missing value in a filtered column are kept."""
    ask(replace(present(), filters=present().filters.keeping_missing(keep)))


def clear_all() -> None:
    """Remove all filters, the comparison and the pinned cohort."""
    ask(Question())


def added() -> list[str]:
    """Return the columns that the user added to the panel, whether they filter yet or not."""
    found: list[str] = st.session_state.setdefault("added_filters", [])
    return found


def add(name: str | None) -> None:
    """Add a column to the panel."""
    if name:
        st.session_state["added_filters"] = [*added(), name]


def compare_by(compare: str) -> None:
    """Set what groups are compared."""
    ask(replace(present(), compare=compare))


def cut_at(cut: str) -> None:
    """Set how a number is cut into groups."""
    ask(replace(present(), cut=cut))


def pin() -> None:
    """Pin the present selection, and compare later ones with it."""
    ask(replace(present(), pin=Pin(present().filters), compare=PINNED))


def unpin() -> None:
    """Remove the pinned cohort."""
    compare = present().compare
    ask(replace(present(), pin=None, compare="" if compare == PINNED else compare))


def swap() -> None:
    """Exchange the present and the pinned selection, and their names."""
    now, pinned = present(), present().pin
    if pinned is not None:
        ask(replace(now, filters=pinned.filters, pin=replace(pinned, filters=now.filters, names=pinned.names[::-1])))


def name_pinned(place: int, name: str) -> None:
    """Rename the pinned (place 0) or the present selection (place 1); one without a name has that of its filters."""

    def rename(pin: Pin) -> Pin:
        return replace(pin, names=pin_names((name, pin.names[1]) if place == 0 else (pin.names[0], name)))

    _change_pin(rename)


def against_rest(rest: bool) -> None:
    """Set whether the pinned cohort is compared with all present patients, or with those who are not in it."""
    _change_pin(lambda pin: replace(pin, rest=rest))


def _change_pin(change: Callable[[Pin], Pin]) -> None:
    pinned = present().pin
    if pinned is not None:
        ask(replace(present(), pin=change(pinned)))


def beside(whole: Cohort) -> Pinned | None:
    """Return the comparison of the pinned with the present selection; None if nothing is pinned."""
    question = present()
    return question.pin.beside(question.filters, whole) if question.pin else None
