"""Opening the waiting files as the cohort, and going back to the sample."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis import Cohort, CohortError
from analysis.cohort.changes import are_versions, changes
from analysis.export.python_script import Origin
from analysis.intake.assemble import findings_frame
from pages.server import memory
from pages.state import incoming, known_answers, session


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
    known_answers.remember(waiting.mapping, waiting.tables, in_browser=in_browser)
    if waiting.recalled:
        sizes = [len(file.data) for file in waiting.files]
        incoming.keep_to_undo(waiting, with_files=memory.fits(sizes, cohort))
    incoming.expect({})
    session.open_cohort(cohort)
    incoming.discard()
    return findings_frame([])


def open_cohort(cohort: Cohort) -> None:
    """Open a cohort that was not read from files of this session."""
    st.session_state["changed"] = None
    st.session_state["origin"] = Origin()
    session.open_cohort(cohort)


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
    for key in ("changed", "origin"):
        st.session_state.pop(key, None)
    known_answers.forget_session()
    incoming.discard()
    incoming.forget_to_undo()
    session.forget_cohort()
