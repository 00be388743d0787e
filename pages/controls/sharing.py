"""What may leave the house: asked on the Report page, and held to wherever a file is made."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis import Cohort
from analysis.export.released import Released
from analysis.export.sharing import Sharing, replacements
from pages.state import options
from pages.state.options import KEPT

THRESHOLDS = (0, 3, 5, 6, 10, 11, 20)  # those that data holders ask for
REMEMBERED = (
    "While small counts are hidden, the first file that leaves settles the patients, their groups and how their course "
    "is told; what could give away small counts together with it is then refused. This is remembered until the page is "
    "reloaded. Files of another tab, of another day or of somebody else, and files that left with all counts told, are "
    "not counted in: nothing is promised about them."
)


def ask() -> Sharing:
    """Draw the controls and return what they say."""
    st.markdown("#### Sharing safely")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            "Small counts", THRESHOLDS, key=_least(), width=200,
            format_func=lambda least: f"hide those below {least}" if least else "tell all",
            help="With each hidden count go its share, its interval and what would give it away; curves have fewer, "
            "larger steps. Figures of single patients are then left out.", **KEPT,
        )  # fmt: skip
        st.toggle("Replace patient numbers", key=options.switch("share_ids"), width="content", **KEPT)
        st.toggle("Dates as years", key=options.switch("share_years"), width="content", **KEPT)
    if present().least:
        st.caption(REMEMBERED)
    return present()


def released() -> Released:
    """Return what left the house in this session while small counts were hidden."""
    found: Released = st.session_state.setdefault("released", Released())
    return found


def present() -> Sharing:
    """Return what may leave the house."""
    keys = _least(), options.switch("share_ids"), options.switch("share_years")
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


def _least() -> str:
    return options.choice("share_least", THRESHOLDS, 0)
