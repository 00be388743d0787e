"""From files that wait to the open cohort, and back to the sample."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis import Cohort, CohortError
from analysis.cohort.changes import are_versions, changes
from analysis.export.python_script import Origin
from analysis.intake.assemble import findings_frame
from pages.server import memory
from pages.state import incoming, session


def accept(held: incoming.Incoming, cohort: Cohort) -> pd.DataFrame:
    """Open the cohort that the files were read as; return why it cannot be opened, or nothing."""
    try:
        memory.check_cohort(cohort)
    except CohortError as error:
        return findings_frame(error.findings)
    before, state = session.uploaded(), st.session_state
    state["changed"] = changes(before, cohort) if before is not None and are_versions(before, cohort) else None
    state["origin"] = Origin(tuple(file.name for file in held.files), held.mapping)
    incoming.expect({})
    session.open_cohort(cohort)
    incoming.discard()
    return findings_frame([])


def changed() -> pd.DataFrame | None:
    """Return what is different from the version that was open before; None where it was another cohort."""
    found: pd.DataFrame | None = st.session_state.get("changed")
    return found


def origin() -> Origin:
    """Return where the open cohort was read from, and with which answers."""
    found: Origin = st.session_state.get("origin", Origin())
    return found


def forget() -> None:
    """Forget the uploaded cohort, the files and the answers."""
    for key in ("changed", "origin"):
        st.session_state.pop(key, None)
    incoming.discard()
    session.forget_cohort()
