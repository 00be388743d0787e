"""A short receipt for each answer to a question between two or three columns."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort, follow_up, kaplan_meier
from analysis.cohort.vocabulary import VISITS
from analysis.figures.description.receipt_tables import short_receipt
from analysis.intake.assemble import Progress
from analysis.intake.file_question import Question
from analysis.intake.proposal import Proposal
from analysis.intake.rivals import rival_cohorts
from pages.state.incoming import Incoming


def receipts(waiting: Incoming, proposal: Proposal, progress: Progress) -> dict[str, dict[str, str]]:
    """Return column to short receipt, made once for the same files; empty if nothing is compared."""
    known = st.session_state.get("rival_receipts")
    if known is None or known[0] != waiting.key:
        cohorts = rival_cohorts(waiting.files, waiting.mapping, proposal, progress=progress)
        made = {column: _receipt(cohort, proposal.questions[0]) for column, cohort in cohorts.items()}
        known = (waiting.key, made)
        st.session_state["rival_receipts"] = known
    return known[1]


def _receipt(cohort: Cohort, question: Question) -> dict[str, str]:
    is_measure = question.table == "visits" and VISITS[question.name].kind in ("number", "integer")
    measure = question.name if is_measure and question.name != "months" else ""
    return short_receipt(cohort, follow_up(cohort), kaplan_meier(cohort), measure)
