"""The files that centres send each other: a question, the answer of each, and the answers put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from analysis.centres import answer_record
from analysis.centres.centre_answer import CentreAnswer, answer_question
from analysis.centres.centre_question import (
    LONGEST_NAME,
    MOST_THRESHOLD,
    USUAL_THRESHOLD,
    CentreFileError,
    CentreQuestion,
)
from analysis.centres.hidden_answer import HiddenAnswer, answer_hidden
from analysis.disclosure.masking import LEAST_THRESHOLD
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from pages.controls import kept_record, masked_exchange
from pages.shown import figure, take_home
from pages.state import centre_files, session, sharing
from pages.state.session import View

JSON = "application/json"
QUESTION_FILE, ANSWER_FILES = "centre_question_file", "centre_answer_files"  # keys of controls
COUNTS, HIDDEN, SUM = "The counts of this centre", "Its counts, small ones hidden", "Only the sum of all centres"
PERSONS = (
    "Counts are not names, but few of them can still be a person: who knows that somebody was the only man of 60 in "
    "the cohort finds that person in a table. Look through the tables, and send them only where that is agreed."
)
HIDING = (
    "No count from 1 to below {least} leaves, nor one from which it would follow, also once a patient more is counted. "
    "Deaths are told by month, remission and relapse by year; groups are not told apart. All centres together see the "
    "limits between which the numbers of all patients lie."
)


def put_together() -> None:
    """Draw the control that opens answer files."""
    st.file_uploader(
        "3. See together: the answers of two or more centres",
        type=None,  # what cannot be read is refused in our own words
        accept_multiple_files=True,
        key=ANSWER_FILES,
        on_change=centre_files.take_answers,
        args=(ANSWER_FILES,),
        help="Each centre makes its answer below, from a question that all share, and sends it by mail. "
        "An answer holds tables of counts, and no row of a patient.",
    )


def ask(view: View) -> None:
    """Draw the fold in which a question is made: what the pages ask now, as a file."""
    with figure.folded("centre_ask", "1. Ask: make a question file of what the pages show now") as place:
        if not place.open:
            return
        st.text_input(
            "Name of the question",
            key="centre_question_name",
            max_chars=LONGEST_NAME,
            placeholder="such as Remission by source",
        )
        st.number_input(
            "A centre that hides small counts hides those below",
            *(LEAST_THRESHOLD, MOST_THRESHOLD, USUAL_THRESHOLD),
            key="centre_least",
            width=320,
        )
        name, least = st.session_state["centre_question_name"].strip(), int(st.session_state["centre_least"])
        try:
            question = centre_files.present_question(name or "Question to centres", least)
        except CentreFileError as reason:
            st.warning(plain(str(reason)))
            return
        figure.numbers("What is asked", question.told(view.whole))
        take_home.button(File("Question (JSON)", "question.json", JSON, question.to_file))
        st.caption("Send this file to every centre, and answer it here too.")


def answer(view: View) -> None:
    """Draw the fold in which a question of somebody is answered from the open cohort."""
    with figure.folded("centre_answer", "2. Answer: make the tables of counts that a question asks for") as place:
        if not place.open:
            return
        st.file_uploader(
            "The question file",
            type=None,
            key=QUESTION_FILE,
            on_change=centre_files.take_question,
            args=(QUESTION_FILE,),
        )
        st.text_input("Name of your centre", key="centre_name", max_chars=LONGEST_NAME)
        found, centre = centre_files.asked(), st.session_state["centre_name"].strip()
        if isinstance(found, CentreFileError):
            st.warning(plain(f"This was not opened. {found}"))
        elif found is not None:
            _offer(view, found, centre)


def _offer(view: View, question: CentreQuestion, centre: str) -> None:
    if view.no_rows:
        st.warning(plain(f"A centre answers from rows of its patients. {view.no_rows}"))
        return
    if sharing.present().words():
        st.warning(
            "Files are to hide small counts or ids now (Report page), and an answer to other centres holds all counts. "
            "Switch that off to make one."
        )
        return
    try:
        figure.numbers("What is asked", question.told(view.whole))
        if not centre:
            st.caption("Name your centre, and its answer is made.")
            return
        how = st.segmented_control(
            "What may be read", [COUNTS, HIDDEN, SUM], default=COUNTS, required=True, key="centre_how"
        )
        OFFERS[how or COUNTS](view, question, centre)
    except CentreFileError as reason:
        st.warning(plain(str(reason)))


def _all_counts(view: View, question: CentreQuestion, centre: str) -> None:
    made: CentreAnswer = session.drawn(answer_question, view.whole, question, centre, synthetic=view.synthetic)
    tables = session.drawn(CentreAnswer.tables, made)
    st.warning(PERSONS)
    name = st.selectbox(
        f"What leaves: {len(tables)} tables of {made.patients} patients", list(tables), key="centre_table"
    )
    st.dataframe(tables[name], hide_index=True, placeholder="")
    kept_record.offer(question, centre, answer_record.COUNTS, made.patients, made.content)
    take_home.button(File("Answer (JSON)", "answer.json", JSON, made.to_file))


def _small_hidden(view: View, question: CentreQuestion, centre: str) -> None:
    made: HiddenAnswer = session.drawn(answer_hidden, view.whole, question, centre, synthetic=view.synthetic)
    table = session.drawn(HiddenAnswer.to_table, made)
    st.caption(HIDING.format(least=question.least))
    st.markdown(f"What leaves: {len(table)} numbers of {made.patients} patients, or that they are hidden")
    st.dataframe(table, hide_index=True)
    kept_record.offer(question, centre, answer_record.HIDDEN, made.patients, made.content, made.told)
    take_home.button(File("Answer with small counts hidden (JSON)", f"{centre}.hidden.json", JSON, made.to_file))


OFFERS: Mapping[str, Callable[[View, CentreQuestion, str], None]] = {
    COUNTS: _all_counts,
    HIDDEN: _small_hidden,
    SUM: masked_exchange.offer,
}
