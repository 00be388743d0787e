"""The strip that is always in view: which cohort, how many, and what is filtered."""

from __future__ import annotations

import streamlit as st

from analysis import follow_up
from analysis.figures.readings import months_words
from pages.parts import frame, session
from pages.parts.words import plain


def show(view: session.View) -> None:
    """Draw the links to the pages, and the strip: cohort, n of N, deaths, follow-up, each filter as a pill."""
    with st.container(key="strip", gap="small"):
        _pages()
        _strip(view)


def _pages() -> None:
    """Draw the links; each takes the view along, so that Back leads to the page before."""
    words = session.address_words()
    with st.container(key="pages", horizontal=True, gap="small"):
        for path, title in frame.PAGES.items():
            st.page_link(path, label=title, query_params=words)


def _strip(view: session.View) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" · ".join(_facts(view)), width="content")
        for name, phrase in zip(view.filters.conditions, view.filters.words(), strict=True):
            st.button(
                f"{plain(phrase)} ×",
                key=f"remove_{name}",
                help="Remove this filter",
                on_click=session.clear_filter,
                args=(name,),
            )
        st.button(
            "Clear all",
            key="clear_all",
            type="tertiary",
            disabled=not view.filters,
            on_click=session.clear_filters,
        )


def _facts(view: session.View) -> list[str]:
    cohort, whole = view.cohort, view.whole
    deaths = int(cohort.patients["died"].sum())
    facts = [
        f"**{plain(whole.name)}**",
        f"**{len(cohort):,} of {len(whole):,} patients**",
        f"{deaths:,} {'death' if deaths == 1 else 'deaths'}",
    ]
    if len(cohort):
        median = float(session.estimate(follow_up, cohort).table["median"].iloc[0])
        facts.append(f"median follow-up {months_words(median)}")
    if whole.rows_read != len(whole):
        facts.append(f"[{len(whole):,} of {whole.rows_read:,} rows used](cohort)")
    return facts
