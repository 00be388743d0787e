"""Controls that are bound to the question: set from it before they are drawn, and changing it when they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis import Cohort
from pages.state import session


def bound(cohort: Cohort, name: str, value: Any, change: Callable[[Any], None]) -> dict[str, Any]:
    """Return what a control is drawn with, so that it holds this value and is of this cohort alone.

    A click that comes before the controls of a newly opened cohort are drawn still brings the values of those of the
    cohort before; these change nothing.
    """
    key = f"{name}_{cohort.fingerprint[:8]}"
    st.session_state[key] = value

    def use() -> None:
        if session.whole_cohort() is cohort:
            change(st.session_state[key])

    return {"key": key, "on_change": use}
