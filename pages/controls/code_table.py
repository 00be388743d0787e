"""A small table of the values of a category: the frequency of each, and what it means."""

from __future__ import annotations

import streamlit as st

from analysis.cohort.column_words import column_label
from analysis.figures.common.markdown import plain
from analysis.intake.file_question import Question

NOT_RECORDED = "not recorded"
# Widths in pixels.
TABLE, VALUE = 380, 130


def show(question: Question) -> None:
    """Draw a row for each value, with a choice of meanings; a known meaning is selected."""
    known = question.known
    with st.container(key=f"codes_{question.key}", gap="xsmall", width=TABLE):
        st.markdown(f"**{plain(column_label(question.name))}**: what do the values of {plain(question.column)} mean?")
        for value, rows in question.choices:
            options = _options(question, value)
            chosen = known[value] or NOT_RECORDED if value in known else None
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{plain(value)}** ({rows:,})", width=VALUE)
                st.selectbox(
                    f"What {value} of {question.column} means",
                    options,
                    options.index(chosen) if chosen in options else None,
                    key=_key(question, value),
                    format_func=lambda meaning, value=value: _words(question, value, meaning),
                    placeholder="as it is" if question.others else NOT_RECORDED,
                    accept_new_options=question.others,
                    label_visibility="collapsed",
                    width="stretch",
                )


def told(question: Question) -> dict[str, str | None]:
    """Return what the user chose for each value; None for not recorded.

    A value without a choice keeps its word if the category allows others than its levels; else it is not recorded, as
    its placeholder says.
    """
    chosen = {value: str(st.session_state.get(_key(question, value)) or "").strip() for value, _ in question.choices}
    left_open = {value: value if question.others else None for value in chosen}
    return {
        value: None if meaning == NOT_RECORDED else meaning or left_open[value] for value, meaning in chosen.items()
    }


def _options(question: Question, value: str) -> list[str]:
    """Return the levels, and where others are allowed also words that were told and the value as it is."""
    words = [meaning for meaning in question.known.values() if meaning]
    own = [*words, value] if question.others else []
    return list(dict.fromkeys([*question.levels, *own, NOT_RECORDED]))


def _words(question: Question, value: str, meaning: str) -> str:
    label = question.described.level_labels.get(meaning)
    if label:
        return f"{meaning} ({label})"
    return f"{meaning} (as it is)" if meaning == value and meaning not in question.levels else meaning


def _key(question: Question, value: str) -> str:
    return f"code_{question.key}_{value}"
