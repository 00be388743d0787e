"""Controls bound to the question: they are drawn with its values, and change it when used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis import Cohort
from pages.state import session


def bound(cohort: Cohort, name: str, value: Any, change: Callable[[Any], None]) -> dict[str, Any]:
    """Return the key and callbacks of a control that shows `value` and belongs to this cohort alone.

    A click made before the controls of a newly opened cohort are drawn still carries values of the previous cohort;
    these are ignored.
    """
    key = f"{name}_{cohort.fingerprint[:8]}"
    st.session_state[key] = value

    def use() -> None:
        if session.whole_cohort() is cohort:
            change(st.session_state[key])

    return {"key": key, "on_change": use}
