"""Opening the waiting files, or rows of a registry, as the cohort, and going back to the sample or the registry."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from analysis import Cohort, CohortError, Filters
from analysis.cohort.changes import are_versions, changes
from analysis.cohort.question import Question, comparisons
from analysis.export.python_script import Origin
from analysis.intake.assemble import findings_frame
from analysis.registry.registry_cohort import RegistryCohort
from pages.server import memory
from pages.state import incoming, known_answers, session

OPENED = ("changed", "origin", "rows_of")  # what is remembered of the open cohort


@dataclass(frozen=True)
class RowsOf:
    """The registry of which rows are open, and what was asked of it."""

    registry: Cohort
    question: Question


def accept(waiting: incoming.Incoming, cohort: Cohort, *, in_browser: bool) -> pd.DataFrame:
    """Open the cohort read from the files; return the findings that forbid it, empty if it was opened.

    The answers are remembered for this session, and on request in the browser.
    """
    try:
        memory.check_cohort(cohort)
    except CohortError as error:
        return findings_frame(error.findings)
    before, state = session.uploaded(), st.session_state
    state["changed"] = changes(before, cohort) if before is not None and are_versions(before, cohort) else None
    state["origin"] = Origin(tuple(file.name for file in waiting.files), waiting.mapping)
    state.pop("rows_of", None)
    known_answers.remember(waiting.mapping, waiting.tables, in_browser=in_browser)
    if waiting.recalled:
        sizes = [len(file.data) for file in waiting.files]
        incoming.keep_to_undo(waiting, with_files=memory.fits(sizes, cohort))
    incoming.expect({})
    session.open_cohort(cohort)
    incoming.discard()
    return findings_frame([])


def open_cohort(cohort: Cohort, question: Question = Question()) -> None:
    """Open a cohort that was not read from files of this session, and ask a question of it."""
    _forget_opened()
    if isinstance(cohort, RegistryCohort):
        st.session_state["origin"] = Origin(registry=True)
    session.open_cohort(cohort, question)


def open_rows(rows: Cohort, registry: Cohort, question: Question) -> None:
    """Open the rows of the patients of a registry whom a question selects, compared by the same column, if by one."""
    by_column = question.compare in comparisons(rows)
    alone = replace(question, filters=Filters(), pin=None, compare=question.compare if by_column else "")
    open_cohort(rows, alone)
    st.session_state["origin"] = Origin(rows_of=question.filters)
    st.session_state["rows_of"] = RowsOf(registry, question)


def rows_of() -> RowsOf | None:
    """Return the registry of which rows are open; None if the open cohort is another one."""
    found: RowsOf | None = st.session_state.get("rows_of")
    return found


def back_to_registry() -> None:
    """Open the registry of which rows are open, as it was asked before."""
    origin = rows_of()
    if origin is not None:
        open_cohort(origin.registry, origin.question)


def changed() -> pd.DataFrame | None:
    """Return the differences from the previously open version; None if it was another cohort."""
    found: pd.DataFrame | None = st.session_state.get("changed")
    return found


def origin() -> Origin:
    """Return the files and answers that the open cohort was read from."""
    found: Origin = st.session_state.get("origin", Origin())
    return found


def forget() -> None:
    """Remove the uploaded cohort, its files and its answers; what the browser keeps stays there."""
    _forget_opened()
    known_answers.forget_session()
    incoming.discard()
    incoming.forget_to_undo()
    session.forget_cohort()


def _forget_opened() -> None:
    for key in OPENED:
        st.session_state.pop(key, None)
