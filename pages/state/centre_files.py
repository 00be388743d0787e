"""The question and the answers of several centres that this session has open; they go with the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

import streamlit as st

from analysis import Cohort
from analysis.centres.centre_question import MOST_GROUPS, CentreFileError, CentreQuestion, read_centre_question
from analysis.centres.hashed_file import kind_of, read_each
from analysis.centres.hidden_answer import HIDDEN_ANSWER
from analysis.centres.hidden_sum import HiddenSum, sum_hidden
from analysis.centres.masked_answer import MASKED_ANSWER, MOST_BYTES
from analysis.centres.merged_cohort import MergedCohort, merge
from analysis.centres.summed_cohort import SummedCohort, sum_masked
from analysis.cohort.address import question_words
from analysis.cohort.grouping import group_sizes
from pages.state import asking, session
from pages.state.activity_options import MEASURE, MONTHS
from pages.state.options import settled
from pages.state.response_options import RESPONSE, RESPONSE_COUNTED, WINDOW, relapse_rule, remission_rule

ASKED, MERGED = "centre_question", "centres_merged"  # what was read of the dropped files, or why it was not
Read = TypeVar("Read")
Together: TypeAlias = MergedCohort | SummedCohort
WAYS: Mapping[str, tuple[str, Callable[[Mapping[str, bytes]], SummedCohort | HiddenSum]]] = {
    MASKED_ANSWER: ("masked", sum_masked),
    HIDDEN_ANSWER: ("with small counts hidden", sum_hidden),
}


def present_question(name: str, least: int) -> CentreQuestion:
    """Return the question that the pages show now as one to other centres, which may hide counts below a threshold.

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
            groups=_groups(whole),
            least=least,
        )
    except ValueError as error:
        raise CentreFileError(str(error)) from error
    question.asked_of(whole)
    return question


def _groups(whole: Cohort) -> tuple[str, ...]:
    by = asking.present().by(whole)
    names = () if by is None else group_sizes(whole, by).names
    return names if len(names) <= MOST_GROUPS else ()


def asked() -> CentreQuestion | CentreFileError | None:
    """Return the question of the dropped file, or why it cannot be used."""
    found: CentreQuestion | CentreFileError | None = st.session_state.get(ASKED)
    return found


def merged() -> Together | HiddenSum | CentreFileError | None:
    """Return the centres of the dropped answers together, or why they cannot be put together."""
    found: Together | HiddenSum | CentreFileError | None = st.session_state.get(MERGED)
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
        st.session_state[MERGED] = _read(lambda: _together({file.name: file.getvalue() for file in files}))


def _together(files: Mapping[str, bytes]) -> Together | HiddenSum:
    """Return centres together: from all counts, from what is told where small ones are hidden, or from masked sums."""
    kinds = read_each(files, lambda data: kind_of(data, MOST_BYTES))
    ways = {name: WAYS.get(kind, ("with all counts", merge)) for name, kind in zip(files, kinds, strict=True)}
    (first, (way, put_together)), *others = ways.items()
    for name, (other, _) in others:
        if other != way:
            raise CentreFileError(f"{first} is {way} and {name} is {other}; all centres have to answer in one way.")
    return put_together(files)


def _read(make: Callable[[], Read]) -> Read | CentreFileError:
    try:
        return make()
    except CentreFileError as error:
        return error
