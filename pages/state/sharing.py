"""Disclosure control of this session: what files may contain, and what was released."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis import Cohort
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.export.released import Released
from analysis.export.sharing import Sharing, replacements
from pages.state import options, session
from pages.state.option import Answers
from pages.state.report_options import DATES_AS_YEARS, LEAST, REPLACE_IDS


def released() -> Released:
    """Return what was released in this session while small counts were hidden."""
    found: Released = st.session_state.setdefault("released", Released())
    return found


def answers() -> Answers:
    """Return the answers to the options of sharing."""
    return options.settled([LEAST, REPLACE_IDS, DATES_AS_YEARS], session.whole_cohort())


def present() -> Sharing:
    """Return what files may contain."""
    chosen = answers()
    return Sharing(max(chosen[LEAST], least()), chosen[REPLACE_IDS], chosen[DATES_AS_YEARS])


def least() -> int:
    """Return below which number counts of this cohort are hidden in every file, whatever is chosen; 0 for none."""
    whole = session.whole_cohort()
    return whole.least if isinstance(whole, RowsElsewhere) else 0


def replaced(whole: Cohort) -> Mapping[str, str]:
    """Return the replacement of each patient number, the same while this cohort is open."""
    if not present().ids or isinstance(whole, RowsElsewhere):
        return {}
    held = st.session_state.get("replaced_ids")
    if held is None or held[0] != whole.fingerprint:
        held = (whole.fingerprint, replacements(whole.patients["patient_id"]))
        st.session_state["replaced_ids"] = held
    stands_for: Mapping[str, str] = held[1]
    return stands_for
