"""The centres beside each other: how much they differ, and what a next one would see."""

from __future__ import annotations

from typing import cast

import streamlit as st

from analysis.centres.merged_cohort import CENTRE, MergedCohort
from analysis.facts.endpoints import OVERALL_SURVIVAL
from analysis.figures.survival.centres_at_month import centre_survival_table
from analysis.figures.yearly.centres_by_year import centre_shares_table
from pages.shown import centre_figures, figure
from pages.shown.control import KEPT
from pages.shown.response_figures import KINDS
from pages.state import session
from pages.state.session import Figure, View

QUESTION = "Do the centres differ, and what would a next centre see?"
MONTH, YEARS = "next_centre_month", "next_centre_years"  # keys of controls
FIRST_MONTH, FIRST_YEARS = 12, [1, 2]
LONGEST = 600


def show(merged: MergedCohort) -> tuple[View, list[Figure]]:
    """Draw the fold of how much the centres differ; return its view and its figures, also while it is closed."""
    apart, question = centre_figures.view_of(merged, CENTRE), merged.question
    known = list(centre_figures.estimated(apart, question, "remission").years)  # those of relapse are the same
    with figure.folded("next_centre", QUESTION) as place:
        if place.open:
            _choices(known)
        years = tuple(sorted(set(_chosen(known)) & set(known))) or tuple(known)
        month = cast(int, st.session_state.get(MONTH, FIRST_MONTH))
        shares = [centre_figures.of_next_centre(apart, question, kind, years) for kind in KINDS]
        survival = (
            [centre_figures.of_next_centre_survival(apart, question, month)]
            if OVERALL_SURVIVAL in question.endpoints
            else []
        )
        if place.open:
            for shown in survival:
                _draw(apart, shown)
                figure.listing(session.drawn(centre_survival_table, shown.result, month))
            for shown in shares:
                _draw(apart, shown)
                figure.listing(session.drawn(centre_shares_table, shown.result, years))
    return apart, [*survival, *shares]


def _draw(apart: View, shown: Figure) -> None:
    figure.small(apart, shown)
    figure.answer(shown)


def _chosen(known: list[int]) -> list[int]:
    return cast("list[int]", st.session_state.get(YEARS, FIRST_YEARS)) or known


def _choices(known: list[int]) -> None:
    st.session_state.setdefault(MONTH, FIRST_MONTH)
    st.session_state.setdefault(YEARS, [year for year in FIRST_YEARS if year in known])
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="next_centre_choices"):
        st.number_input("Survival at month", 1, LONGEST, step=6, key=MONTH, width=200, **KEPT)
        st.pills("Years (none for all)", known, selection_mode="multi", key=YEARS, width="content", **KEPT)
