"""The questions to answer before dropped files can be opened."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import streamlit as st

from analysis import Source
from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.wording import count_words
from analysis.figures.common.markdown import plain
from analysis.figures.description.cohort_tables import findings_table
from analysis.figures.description.receipt_tables import compared_receipts
from analysis.intake.assemble import findings_frame
from analysis.intake.day_numbers import DAY_NUMBERS, numbered_day, written_by
from analysis.intake.file_question import Question
from analysis.intake.losses import Loss
from analysis.intake.patient_table import NEEDED
from analysis.intake.source import CODES, CUTOFF, ROWS, SCHEDULE
from pages.controls import code_table
from pages.shown import figure
from pages.state import incoming

FIRST_DAY = datetime.date(1950, 1, 1)
MOST_PILLS = 60  # of more columns, one is searched for by its name
NONE_OF_THEM = "none of them"
NOT_THERE = "there is none"
RECEIPTS = 560  # pixels
FOLLOW_UP_DATES = ("transplant_date", "last_contact_date", "death_date")


def ask(questions: Sequence[Question], receipts: Mapping[str, Mapping[str, str]]) -> None:
    """Ask all questions that only the user can answer, in one form; between columns with receipts one click decides."""
    one = len(questions) == 1
    st.markdown(f"#### {'One thing' if one else f'{len(questions)} things'} that only you can know")
    if not receipts:
        _form(questions)
        return
    (question,) = questions
    st.markdown(_question_words(question))
    with st.container(horizontal=True, gap="small", key="rivals"):
        for place, column in enumerate(receipts):
            st.button(
                f"Use {plain(column)}",
                key=f"use_{place}",
                on_click=incoming.answer,
                args=({question.key: question.answered(column)},),
            )
    st.markdown("With each of them, this would be opened:")
    with st.container(width=RECEIPTS):
        figure.numbers("", compared_receipts(receipts))
    st.caption('If it is none of them, choose another column, or "not in the file", under "How the columns are read".')


def _form(questions: Sequence[Question]) -> None:
    one = len(questions) == 1
    with st.form("questions", enter_to_submit=False):
        for question in questions:
            if question.kind != CODES:
                _choices(question)
            if question.also:
                with st.expander(f"{count_words(len(question.also), 'more row')} that this answer settles"):
                    figure.listing(findings_table(findings_frame(question.also)))
        with st.container(horizontal=True, gap="medium"):
            for question in questions:
                if question.kind == CODES:
                    code_table.show(question)
        st.form_submit_button(
            "Use this answer" if one else "Use these answers", type="primary", on_click=_answer, args=(questions,)
        )


def _choices(question: Question) -> None:
    counts, key = dict(question.choices), f"question_{question.kind}_{question.key}"
    if question.kind == CUTOFF:
        st.date_input(plain(question.words), None, min_value=FIRST_DAY, format="YYYY-MM-DD", key=key)
        return
    if question.kind == SCHEDULE:
        st.text_input(plain(question.words), key=key, placeholder="0, 3, 6")
        return
    nothing = question.kind == "event" and question.key != ROWS
    needed = [NOT_THERE] if question.kind == "column" and question.name in (*NEEDED, "patient_id", "death_date") else []
    options = [*counts, *([NONE_OF_THEM] if nothing else []), *needed]
    if len(options) > MOST_PILLS and question.kind == "column":
        st.selectbox(_question_words(question), options, index=None, key=key, placeholder="Type a part of its name")
    else:
        st.pills(
            _question_words(question),
            options,
            selection_mode="multi" if question.kind == "event" else "single",
            format_func=lambda value: _choice_words(value, counts, question.example),
            key=key,
        )
    if question.kind == "column" and question.name == "follow_up_months":
        _dates(list(counts))


def _dates(columns: Sequence[str]) -> None:
    """Offer the dates that follow-up can be worked out from."""
    with st.expander("It is in dates"):
        st.caption(
            "Follow-up runs from the transplantation to death, else to the last contact, else to the cut-off date."
        )
        for name in FOLLOW_UP_DATES:
            st.selectbox(
                plain(column_label(name)), columns, index=None, key=f"question_{name}", placeholder="not in the file"
            )
        st.date_input(
            "Cut-off date: the day up to which all who are alive were seen", None, min_value=FIRST_DAY,
            format="YYYY-MM-DD", key=f"question_{CUTOFF}",
        )  # fmt: skip


def _question_words(question: Question) -> str:
    if any(value in DAY_NUMBERS for value, _ in question.choices):
        return plain(f"{question.words.partition('? As ')[0]}?")  # the dates stand on the choices
    if question.kind != "column":
        return plain(question.words)
    unit = column_unit(question.name)
    return f"Which column is {plain(column_label(question.name))}{f' ({plain(unit)})' if unit else ''}?"


def _choice_words(value: str, counts: dict[str, int], example: str) -> str:
    if value in DAY_NUMBERS:
        day = datetime.date.fromordinal(numbered_day(example, value))
        return f"{day}: {written_by(value)}"
    rows = f" ({count_words(counts[value], 'row')})" if len(set(counts.values())) > 1 and value in counts else ""
    return f"{plain(value)}{rows}"


def _answer(questions: Sequence[Question]) -> None:
    answers: dict[str, str | Source | None] = {}
    for question in questions:
        if question.kind == CODES:
            answers[question.key] = question.with_codes(code_table.told(question))
            continue
        chosen = st.session_state.get(f"question_{question.kind}_{question.key}")
        values = [str(value) for value in (chosen if isinstance(chosen, list) else [chosen] if chosen else [])]
        known = answers.get(question.key)  # one column can raise two questions: unit and decimal mark
        asked = question.with_source(known) if isinstance(known, Source) else question
        if values == [NOT_THERE]:
            answers[question.key] = None
        elif values:
            answers[question.key] = asked.answered(*(value for value in values if value != NONE_OF_THEM))
    incoming.answer(answers | _dated(questions))


def _dated(questions: Sequence[Question]) -> dict[str, str | Source | None]:
    """Return the dates chosen in place of a column of follow-up."""
    if not any(question.name == "follow_up_months" for question in questions):
        return {}
    chosen = {name: st.session_state.get(f"question_{name}") for name in (*FOLLOW_UP_DATES, CUTOFF)}
    return {
        name if name == CUTOFF else f"patients.{name}": Source(str(value)) for name, value in chosen.items() if value
    }


def ask_of_losses(losses: Sequence[Loss]) -> None:
    """Ask whether to open the files although rows of one table have no match in the other."""
    for loss in losses:
        with st.container(border=True, key=f"loss_{loss.key}"):
            st.error(plain(f"{loss.words} What shall be done?"))
            st.markdown("Correct the file and drop it again, or choose another column below, or:")
            st.button(
                "Go on without them, knowing this",
                key=f"without_{loss.key}",
                on_click=incoming.answer,
                args=({loss.key: str(loss.count)},),
            )
