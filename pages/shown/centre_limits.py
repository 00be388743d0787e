"""What several centres that hide small counts tell together: the limits of survival and of yearly shares."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis.centres.hidden_sum import NOT_FROM_HIDDEN, HiddenSum
from analysis.centres.hidden_words import share_words, survival_words, told_words
from analysis.export.centre_report import centres_words
from analysis.export.figure_files import File
from analysis.export.table_files import csv_bytes
from analysis.figures.common.markdown import plain
from pages.shown import figure, take_home
from pages.state import session, sharing

CSV = "text/csv"


def show(found: HiddenSum) -> None:
    """Draw the tables of limits, and offer them as files."""
    patients = "synthetic patients" if found.synthetic else "patients"
    told = f"{found.question.name}: {found.patients:,} {patients}. {centres_words(found)}. Filters do not apply here."
    st.markdown(plain(told))
    st.markdown(plain(session.drawn(told_words, found)))
    figure.numbers("Survival of all patients lies between", session.drawn(survival_words, found))
    for place, (outcome, title) in zip(figure.halves("centre_limits"), found.titles.items(), strict=True):
        with place:
            figure.numbers(title, session.drawn(share_words, found, outcome))
    _take_home(found)
    st.caption(plain(f"{found.method} {NOT_FROM_HIDDEN}"))


def _take_home(found: HiddenSum) -> None:
    if sharing.present().words():
        st.caption(take_home.NO_RULE_FOR_CENTRES)
        return
    notes = [found.question.name, centres_words(found), found.method]
    with st.container(horizontal=True, gap="small"):
        take_home.button(
            File("Survival by month (CSV)", "survival_limits.csv", CSV, lambda: csv_bytes(found.survival(), notes))
        )
        for outcome in found.titles:
            table = session.drawn(HiddenSum.shares, found, outcome)
            label, name = f"{outcome.capitalize()} by year (CSV)", f"{outcome}_limits.csv"
            take_home.button(File(label, name, CSV, partial(csv_bytes, table, notes)))
