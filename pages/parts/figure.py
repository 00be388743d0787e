"""One figure as a user meets it: question, chart, sentence, numbers, provenance."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from analysis.figures.readings import provenance
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
    st.caption(plain(provenance(view.cohort, view.whole, view.filters.words(), method)))


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


def sources(view: View, methods: list[str]) -> None:
    """Tell where the small figures of a screen come from."""
    st.caption(plain(provenance(view.cohort, view.whole, view.filters.words(), " ".join(methods))))


def left_out(table: pd.DataFrame) -> None:
    """Tell which patients are in no number of this page, and why."""
    if len(table):
        with st.expander(f"{len(table)} patients are in no number above"):
            st.dataframe(table, hide_index=True)


def listing(table: pd.DataFrame) -> None:
    """Draw a table of text that may be long."""
    st.dataframe(table, hide_index=True, height=min(36 * (len(table) + 1), 400))
