"""Presenting: which stop is on the stage, and how far its figure is built up; both are in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analysis.cohort.address import Words
from analysis.cohort.question import Question
from pages.state import asking

PRESENT, STEP = "present", "step"
KEYS = frozenset({PRESENT, STEP})
HERE = "on"  # the first stop of the open page


@dataclass(frozen=True)
class Place:
    """A place in a presentation.

    Attributes
    ----------
    stop
        The key of the stop, or `HERE`.
    step
        How far its figure is built up, from 0.
    """

    stop: str = HERE
    step: int = 0


def on() -> bool:
    """Return whether the app is presented to an audience."""
    return place() is not None


def place() -> Place | None:
    """Return what is on the stage; None if the app is not presented."""
    found: Place | None = st.session_state.get("stage_place")
    return found


def go(to: Place) -> None:
    """Go to a place; the figure that it shows answers the present question."""
    st.session_state["stage_place"] = to
    st.session_state["stage_question"] = asking.present()


def begin() -> None:
    """Start presenting at the first stop of the open page."""
    go(Place())


def end(page: str = "") -> None:
    """End presenting, hide the filter panel, and leave for a page."""
    st.session_state["stage_place"] = None
    st.session_state["filters_shown"] = False
    st.session_state["leave_for"] = page


def page_to_leave_for() -> str:
    """Return the page to leave for, once; "" to stay."""
    page: str = st.session_state.pop("leave_for", "")
    return page


def new_question() -> Question | None:
    """Return the present question, once, if it was changed on the stage; else None."""
    now = asking.present()
    if st.session_state.get("stage_question") == now:
        return None
    st.session_state["stage_question"] = now
    return now


def filters_shown() -> bool:
    """Return whether the filter panel is visible while presenting."""
    return bool(st.session_state.get("filters_shown", False))


def switch_filters() -> None:
    """Show or hide the filter panel."""
    st.session_state["filters_shown"] = not filters_shown()


def words() -> Words:
    """Return the place as query parameters; the first step of a stop is not named."""
    at = place()
    return {} if at is None else {PRESENT: [at.stop], **({STEP: [str(at.step)]} if at.step else {})}


def restore(found: Words) -> Words:
    """Restore the place from the address; return the parameters that are invalid."""
    if PRESENT not in found:
        end()
        return {STEP: found[STEP]} if STEP in found else {}
    step = found.get(STEP, ["0"])[0]
    valid = step.isdecimal() and len(step) < 3
    go(Place(found[PRESENT][0], int(step) if valid else 0))
    return {} if valid else {STEP: found[STEP]}
