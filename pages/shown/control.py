"""The control of an option."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from analysis.cohort.column_words import column_label, mid_sentence
from analysis.figures.common.markdown import plain
from pages.state.option import Answers, Choice, Number, Option, Several, Switch, Text, UsableChoice

MOST_NAMED = 3  # of the columns that a value lacks; the others are counted
# Every control keeps its value while another page is open.
KEPT: dict[str, Any] = {"persist_state": "session"}


def draw(option: Option[Any], answers: Answers, **layout: Any) -> None:
    """Draw the control of a settled option; `layout` is passed to Streamlit, such as ``width``."""
    how = {"key": option.key, "help": option.help, "disabled": option.disabled(answers), **KEPT, **layout}
    match option:
        case UsableChoice():
            _usable_choice(option, answers, how)
        case Choice():
            _choice(option, answers, how)
        case Several(drawn="row"):
            values = option.values_of(answers)
            st.pills(option.label, values, selection_mode="multi", format_func=option.words, **how)
        case Several():
            st.multiselect(option.label, option.values_of(answers), format_func=option.words, **how)
        case Number():
            st.number_input(option.label, option.low, option.high, step=option.step, **how)
        case Switch():
            st.toggle(option.label, **how)
        case Text():
            st.text_input(option.label, max_chars=option.longest, **how)
        case _:
            raise TypeError(f"There is no control for {option.key!r}.")


def _choice(option: Choice[Any], answers: Answers, how: dict[str, Any]) -> None:
    values = option.values_of(answers)
    if option.drawn == "row":
        st.segmented_control(option.label, values, format_func=option.words, required=True, **how)
    else:
        st.selectbox(option.label, values, format_func=option.words, **how)


def _usable_choice(option: UsableChoice[Any], answers: Answers, how: dict[str, Any]) -> None:
    """Draw the values as a list, grey where a column is missing; say so if one of these is chosen."""

    def words(value: Any) -> str:
        return _offered(option.words(value), option.lacking(answers, value))

    st.radio(option.label, option.values_of(answers), format_func=words, **how)
    chosen, usable = st.session_state[option.key], option.usable(answers)
    if chosen not in usable:
        instead = mid_sentence(option.words(usable[0]))
        st.caption(f"{plain(option.words(chosen))} cannot be used here; {plain(instead)} is shown.")


def _offered(words: str, lacking: Collection[str]) -> str:
    if not lacking:
        return plain(words)
    names = [mid_sentence(column_label(column)) for column in lacking]
    others = len(names) - MOST_NAMED
    needs = ", ".join(names[:MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
    return f":gray[{plain(f'{words} (needs {needs})')}]"
