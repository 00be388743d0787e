"""What has left a centre before, in a record that only the centre keeps: read, told, extended by the next answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from analysis.centres.answer_record import AnswerRecord, PastAnswer, read_record
from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from pages.shown import figure, take_home

RECORD_FILE = "centre_record_file"
JSON = "application/json"
HELP = (
    "A small file that stays on your computer: question, day, what may be read, and the number of patients of each "
    "answer. Dropped again at the next one, it tells what both together give away. Nothing of it is kept here."
)


def offer(
    question: CentreQuestion, centre: str, level: str, patients: int, counts: str, told: Mapping[str, int] | None = None
) -> None:
    """Draw the record of what has left before, if it is wished, what it tells beside this answer, and its next state.

    Parameters
    ----------
    question, centre
        What is answered, and by whom.
    level
        What may be read of the answer: a key of `analysis.centres.answer_record.LEVELS`.
    patients
        How many patients it is about.
    counts
        A hash of its counts in hexadecimal.
    told
        The numbers that it tells, if it hides others.
    """
    if not st.toggle("Keep a record of what has left", key="centre_record_kept", help=HELP):
        return
    dropped = st.file_uploader("The record that you kept; none before the first answer", type=None, key=RECORD_FILE)
    try:
        record = AnswerRecord(centre) if dropped is None else read_record(dropped.getvalue(), centre)
    except CentreFileError as reason:
        st.warning(plain(f"This record was not opened. {reason}"))
        return
    answer = PastAnswer(question.name, question.digest, date.today(), level, patients, counts, told or {})
    if record.answers:
        figure.numbers("What has left before", record.to_table())
        found = record.told_together(answer, question.least)
        for words in found:
            st.warning(plain(words))
        if not found:
            st.caption(
                f"No number of patients of an earlier answer differs by 1 to {question.least - 1} from this one."
            )
    take_home.button(File("Record (JSON, keep)", f"{centre}.record.json", JSON, record.extended(answer).to_file))
