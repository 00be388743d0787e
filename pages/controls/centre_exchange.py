"""The files that centres send each other: a question, the answer of each, and the answers put together."""

from __future__ import annotations

import streamlit as st

from analysis.centres.centre_answer import CentreAnswer, answer_question
from analysis.centres.centre_question import LONGEST_NAME, CentreFileError, CentreQuestion
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from pages.controls import masked_exchange
from pages.shown import figure, take_home
from pages.state import centre_files, session, sharing
from pages.state.session import View

JSON = "application/json"
QUESTION_FILE, ANSWER_FILES = "centre_question_file", "centre_answer_files"  # keys of controls
COUNTS, SUM = "The counts of this centre", "Only the sum of all centres"
PERSONS = (
    "Counts are not names, but few of them can still be a person: who knows that somebody was the only man of 60 in "
    "the cohort finds that person in a table. Look through the tables, and send them only where that is agreed."
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
        name = st.session_state["centre_question_name"].strip()
        try:
            question = centre_files.present_question(name or "Question to centres")
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
        how = st.segmented_control("What may be read", [COUNTS, SUM], default=COUNTS, required=True, key="centre_how")
        if how == SUM:
            masked_exchange.offer(view, question, centre)
            return
        made: CentreAnswer = session.drawn(answer_question, view.whole, question, centre, synthetic=view.synthetic)
    except CentreFileError as reason:
        st.warning(plain(str(reason)))
        return
    tables = session.drawn(CentreAnswer.tables, made)
    st.warning(PERSONS)
    name = st.selectbox(
        f"What leaves: {len(tables)} tables of {made.patients} patients", list(tables), key="centre_table"
    )
    st.dataframe(tables[name], hide_index=True, placeholder="")
    take_home.button(File("Answer (JSON)", "answer.json", JSON, made.to_file))
