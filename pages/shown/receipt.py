"""The receipt: what would be opened, shown before it is."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort, follow_up, kaplan_meier
from analysis.cohort.wording import count_words
from analysis.figures.common.markdown import plain
from analysis.figures.common.ready import ready
from analysis.figures.common.theme import Look
from analysis.figures.description.cohort_tables import findings_table
from analysis.figures.description.receipt_tables import dropped_table, left_out_table, receipt_table
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.intake.assemble import Reading
from pages.shown import figure
from pages.state import browser

HEIGHT = 150  # pixels of the plot


def show(reading: Reading) -> None:
    """Draw what would be opened, what would be lost, and what is doubtful."""
    cohort, losses = reading.cohort, reading.losses
    curve = kaplan_meier(cohort)
    st.markdown("#### This would be opened")
    with st.container(key="halves_receipt"):
        left, right = st.columns(2, gap="large")
    with left:
        figure.numbers("", receipt_table(cohort, follow_up(cohort)))
    with right:
        spec = ready(survival_chart(curve, look=Look(browser.dark()), height=HEIGHT, compact=True))
        alt = (
            f"Share alive by months since transplantation: {len(cohort):,} patients, {int(cohort.died.sum()):,} deaths."
        )
        st.vega_lite_chart(spec=dict(spec), key="receipt_curve", theme=None, alt=alt, width="stretch")
    doubts = cohort.findings[(cohort.findings["kind"] == "doubtful") & cohort.findings["row"].isna()]
    for message in doubts["message"]:
        st.warning(plain(message))
    if len(losses.left_out):
        figure.numbers("Rows that would be left out", left_out_table(losses))
    if len(losses.dropped):
        figure.numbers("Values that would be dropped", dropped_table(losses))
    if not len(losses.left_out) and not len(losses.dropped):
        st.markdown("Every row and every value of these tables is used.")


def notes(cohort: Cohort) -> None:
    """Draw how the files were read, folded."""
    found = cohort.findings[cohort.findings["kind"] == "note"]
    if len(found):
        with figure.folded("receipt_notes", f"How it was read: {count_words(len(found), 'note')}") as place:
            if place.open:
                figure.listing(findings_table(found))
