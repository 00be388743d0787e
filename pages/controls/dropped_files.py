"""Dropped files before they are opened: the questions to answer, what would be read, and the button that opens them."""

from __future__ import annotations

import streamlit as st

from analysis.figures.description.cohort_tables import findings_table
from analysis.intake.assemble import Reading, findings_frame
from analysis.intake.proposal import Proposal
from analysis.intake.saved import save_mapping
from analysis.intake.source import CUTOFF, ROWS, SCHEDULE
from pages.controls import column_matching, file_questions
from pages.shown import figure, receipt
from pages.shown.progress import progress_line
from pages.state import incoming, opening, rival_receipts


def show(waiting: incoming.Incoming) -> None:
    """Draw what is known of the waiting files, and the button that opens them."""
    with progress_line() as progress:
        proposal = incoming.proposal(waiting, progress)
        receipts = rival_receipts.receipts(waiting, proposal, progress)
    refused = findings_frame([*waiting.refused, *proposal.refusals])
    if len(refused):
        st.error("This was not opened. The cohort that was open before is still here.")
        figure.listing(findings_table(refused))
    if proposal.spotless and proposal.reading is not None and not waiting.mapping and not len(refused):
        _open(waiting, proposal.reading)
    if proposal.questions:
        file_questions.ask(proposal.questions, receipts)
    if proposal.losses:
        file_questions.ask_of_losses(proposal.losses)
    if proposal.reading is not None and not len(refused):
        receipt.show(proposal.reading)
    if waiting.files and not len(refused):
        _decide(waiting, proposal)
    if proposal.columns and not proposal.certain:
        column_matching.show(waiting, proposal)


def _open(waiting: incoming.Incoming, reading: Reading) -> None:
    refused = opening.accept(waiting, reading.cohort)
    if not len(refused):
        st.rerun()
    st.error("This was not opened. The cohort that was open before is still here.")
    figure.listing(findings_table(refused))


def _decide(waiting: incoming.Incoming, proposal: Proposal) -> None:
    given = [
        key
        for key, source in waiting.mapping.items()
        if source is not None and (key.partition(".")[2] or key in (ROWS, CUTOFF, SCHEDULE))
    ]
    with st.container(horizontal=True, gap="small"):
        wanted = st.button("Open this cohort", type="primary", disabled=not proposal.ready, key="open_cohort")
        st.button("Cancel", on_click=incoming.discard, key="cancel_cohort")
        if given:
            st.button("Ask me again", on_click=_ask_again, key="ask_again", help="Forget the answers and corrections")
            st.download_button(
                "Save the answers", save_mapping(waiting.mapping), "column_mapping.json", "application/json",
                help="Drop this small file together with the next version of the same data.",
            )  # fmt: skip
    if wanted and proposal.reading is not None:
        _open(waiting, proposal.reading)


def _ask_again() -> None:
    waiting = incoming.present()
    for key in waiting.mapping if waiting else ():
        incoming.take_back(key)
