"""The question and the answers of several centres that this session has open; they go with the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from analysis.centres.centre_question import CentreFileError, CentreQuestion, read_centre_question
from analysis.centres.merged_cohort import MergedCohort, merge
from analysis.cohort.address import question_words
from pages.state import asking, session
from pages.state.activity_options import MEASURE, MONTHS
from pages.state.options import settled
from pages.state.response_options import RESPONSE, RESPONSE_COUNTED, WINDOW, relapse_rule, remission_rule

ASKED, MERGED = "centre_question", "centres_merged"  # what was read of the dropped files, or why it was not
Read = TypeVar("Read")


def present_question(name: str) -> CentreQuestion:
    """Return the question that the pages show now as one to other centres.

    Raises
    ------
    CentreFileError
        If centres cannot be asked it.
    """
    whole = session.whole_cohort()
    response, activity = settled(RESPONSE.together, whole), settled((MEASURE, MONTHS), whole)
    words = {key: tuple(texts) for key, texts in question_words(asking.present()).items()}
    try:
        question = CentreQuestion(
            name,
            words,
            remission_rule(response),
            relapse_rule(response),
            response[RESPONSE_COUNTED],
            response[WINDOW],
            (activity[MEASURE],),
            schedule=activity[MONTHS],
        )
    except ValueError as error:
        raise CentreFileError(str(error)) from error
    question.asked_of(whole)
    return question


def asked() -> CentreQuestion | CentreFileError | None:
    """Return the question of the dropped file, or why it cannot be used."""
    found: CentreQuestion | CentreFileError | None = st.session_state.get(ASKED)
    return found


def merged() -> MergedCohort | CentreFileError | None:
    """Return the centres of the dropped answers together, or why they cannot be put together."""
    found: MergedCohort | CentreFileError | None = st.session_state.get(MERGED)
    return found


def take_question(key: str) -> None:
    """Read the question file dropped on the control of this key."""
    file = st.session_state[key]
    st.session_state[ASKED] = None if file is None else _read(lambda: read_centre_question(file.getvalue()))


def take_answers(key: str) -> None:
    """Read the answer files dropped on the control of this key, and put them together once there are two."""
    files = st.session_state[key]
    names = [file.name for file in files]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        st.session_state[MERGED] = CentreFileError(f"Two files are named {', '.join(sorted(twice))}; rename one.")
    elif len(files) < 2:
        st.session_state[MERGED] = None
    else:
        st.session_state[MERGED] = _read(lambda: merge({file.name: file.getvalue() for file in files}))


def _read(make: Callable[[], Read]) -> Read | CentreFileError:
    try:
        return make()
    except CentreFileError as error:
        return error
