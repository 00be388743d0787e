"""One figure as a user meets it: question, chart, sentence, numbers, provenance."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.figures.readings import provenance
from analysis.figures.tables import LONG_TEXT
from pages.parts.session import View
from pages.parts.words import plain


def show(
    view: View,
    *,
    key: str,
    question: str,
    chart: alt.LayerChart | alt.VConcatChart,
    alt_text: str,
    reading: str,
    method: str,
) -> None:
    """Draw one figure under its question, with the sentence that reads it and where it comes from."""
    st.markdown(f"### {plain(question)}")
    st.altair_chart(chart, key=key, theme=None, alt=alt_text, width="stretch")
    st.markdown(plain(reading))
    sources(view, [method])


def pair(key: str) -> list[DeltaGenerator]:
    """Return the place for a figure and the one for its numbers: beside it, or below it on a narrow screen."""
    with st.container(key=f"pair_{key}"):
        return st.columns([2, 1], gap="large")


def numbers(key: str, title: str, table: pd.DataFrame) -> None:
    """Draw a small table of words and numbers beside a figure."""
    with st.container(key=f"numbers_{key}"):
        st.markdown(f"#### {plain(title)}")
        safe = table.map(plain).rename(columns=plain)
        st.table(safe.set_index(safe.columns[0]), border="horizontal")


def small(*, key: str, question: str, chart: alt.LayerChart | alt.VConcatChart, alt_text: str, reading: str) -> None:
    """Draw a figure among several on one screen; `sources` tells once where they come from."""
    st.markdown(f"#### {plain(question)}")
    st.altair_chart(chart, key=key, theme=None, alt=alt_text, width="stretch")
    st.markdown(plain(reading))


def absent(question: str, reason: str) -> None:
    """Say in the place of a small figure why there is none."""
    st.markdown(f"#### {plain(question)}")
    st.markdown(plain(reason))


def sources(view: View, methods: list[str]) -> None:
    """Tell where the figures above come from."""
    line = provenance(view.cohort, view.whole, view.filters.words(), " ".join(methods), date.today())
    st.caption(plain(line))


def left_out(table: pd.DataFrame) -> None:
    """Tell which patients are in no number of this page, and why."""
    if len(table):
        with st.expander(f"{len(table)} patients are in no number above"):
            st.dataframe(table, hide_index=True)


def listing(table: pd.DataFrame) -> None:
    """Draw a table of text that may be long."""
    long = st.column_config.TextColumn(width=520)
    st.dataframe(table, hide_index=True, height=min(36 * (len(table) + 1), 400), column_config={LONG_TEXT: long})
