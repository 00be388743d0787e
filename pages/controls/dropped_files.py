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
from pages.state import incoming, known_answers, opening, rival_receipts

KEPT_IN_BROWSER = (
    "For the next version of these files. Kept in this browser and nowhere else: names of columns, and your answers "
    "with the codes that they are about; nothing of any patient. Whoever uses this browser can see them."
)
READ_BEFORE = "Read as you read it last time."


def show(waiting: incoming.Incoming) -> None:
    """Draw what is known of the waiting files, and the button that opens them."""
    with progress_line() as progress:
        waiting = incoming.recalling(waiting, progress)
        incoming.wait(waiting)
        proposal = incoming.proposal(waiting, progress)
        receipts = rival_receipts.receipts(waiting, proposal, progress)
    refused = findings_frame([*waiting.refused, *proposal.refusals])
    if len(refused):
        st.error("This was not opened. The cohort that was open before is still here.")
        figure.listing(findings_table(refused))
    if proposal.spotless and proposal.reading is not None and not waiting.mapping and not len(refused):
        _open(waiting, proposal.reading)
    if waiting.recalled:
        st.markdown(f'{READ_BEFORE} To answer anew, press "Ask me again".')
    if proposal.questions:
        file_questions.ask(proposal.questions, receipts)
    if proposal.losses:
        file_questions.ask_of_losses(proposal.losses)
    if proposal.reading is not None and not len(refused):
        receipt.show(proposal.reading)
    if waiting.files and not len(refused):
        _decide(waiting, proposal)
    if proposal.reading is not None and not len(refused):
        receipt.notes(proposal.reading.cohort)
    if proposal.columns and not proposal.certain:
        column_matching.show(waiting, proposal)


def _open(waiting: incoming.Incoming, reading: Reading, *, in_browser: bool = False) -> None:
    refused = opening.accept(waiting, reading.cohort, in_browser=in_browser)
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
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        wanted = st.button("Open this cohort", type="primary", disabled=not proposal.ready, key="open_cohort")
        st.button("Cancel", on_click=incoming.discard, key="cancel_cohort")
        if given:
            st.button(
                "Ask me again", on_click=incoming.ask_again, key="ask_again", help="Forget the answers and corrections"
            )
            st.download_button(
                "Save the answers", save_mapping(waiting.mapping), "column_mapping.json", "application/json",
                help="Drop this small file together with the next version of the same data.",
            )  # fmt: skip
        in_browser = bool(given) and st.checkbox(
            "Remember these answers in this browser",
            known_answers.is_in_browser(waiting.tables),
            key=f"in_browser_{waiting.files[0].name}",
            help=KEPT_IN_BROWSER,
        )
    if wanted and proposal.reading is not None:
        _open(waiting, proposal.reading, in_browser=in_browser)


def offer_undo() -> None:
    """Say that the open cohort was read with remembered answers, and offer to be asked again."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="read_before"):
        st.markdown(READ_BEFORE, width="content")
        files = incoming.to_undo()
        if files is not None and files.files:
            st.button("Undo", key="undo_reading", on_click=incoming.undo, help="Ask again as if nothing was remembered")
