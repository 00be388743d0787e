"""Opening the waiting files as the cohort, and going back to the sample."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis import Cohort, CohortError
from analysis.cohort.changes import are_versions, changes
from analysis.export.python_script import Origin
from analysis.intake.assemble import findings_frame
from pages.server import memory
from pages.state import incoming, session


def accept(waiting: incoming.Incoming, cohort: Cohort) -> pd.DataFrame:
    """Open the cohort read from the files; return the findings that forbid it, empty if it was opened."""
    try:
        memory.check_cohort(cohort)
    except CohortError as error:
        return findings_frame(error.findings)
    before, state = session.uploaded(), st.session_state
    state["changed"] = changes(before, cohort) if before is not None and are_versions(before, cohort) else None
    state["origin"] = Origin(tuple(file.name for file in waiting.files), waiting.mapping)
    incoming.expect({})
    session.open_cohort(cohort)
    incoming.discard()
    return findings_frame([])


def changed() -> pd.DataFrame | None:
    """Return the differences from the previously open version; None if it was another cohort."""
    found: pd.DataFrame | None = st.session_state.get("changed")
    return found


def origin() -> Origin:
    """Return the files and answers that the open cohort was read from."""
    found: Origin = st.session_state.get("origin", Origin())
    return found


def forget() -> None:
    """Remove the uploaded cohort, its files and its answers."""
    for key in ("changed", "origin"):
        st.session_state.pop(key, None)
    incoming.discard()
    session.forget_cohort()
