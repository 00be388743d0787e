"""What may leave the house, and what left: held to wherever a file is made."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis import Cohort
from analysis.export.released import Released
from analysis.export.sharing import Sharing, replacements
from pages.state import options

THRESHOLDS = (0, 3, 5, 6, 10, 11, 20)  # those that data holders ask for


def released() -> Released:
    """Return what left the house in this session while small counts were hidden."""
    found: Released = st.session_state.setdefault("released", Released())
    return found


def present() -> Sharing:
    """Return what may leave the house."""
    keys = least_key(), options.switch("share_ids"), options.switch("share_years")
    least, ids, years = (st.session_state[key] for key in keys)
    return Sharing(least, ids, years)


def replaced(whole: Cohort) -> Mapping[str, str]:
    """Return what stands for each patient number where it is replaced: the same as long as this cohort is open."""
    if not present().ids:
        return {}
    held = st.session_state.get("replaced_ids")
    if held is None or held[0] != whole.fingerprint:
        held = (whole.fingerprint, replacements(whole.patients["patient_id"]))
        st.session_state["replaced_ids"] = held
    stands_for: Mapping[str, str] = held[1]
    return stands_for


def least_key() -> str:
    """Offer below which count numbers are hidden."""
    return options.choice("share_least", THRESHOLDS, 0)
