"""Figures of the pages as exhibits for files, and those chosen for the report."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analysis.export.exhibit import Exhibit
from pages.state.session import Figure, View

Key = tuple[str, str]


def exhibit(view: View, figure: Figure) -> Exhibit:
    """Return a figure of a page as an exhibit."""
    return Exhibit(
        name=figure.key,
        question=figure.question,
        drawing=figure.chart.drawing,
        reading=figure.reading,
        alt_text=figure.alt_text,
        method=figure.method,
        selection=view.selection,
        time_zero=figure.time_zero,
        made_on=date.today(),
        question_asked=view.question,
        asked=view.asked,
        order=view.look.order,
    )


def kept(view: View) -> list[Exhibit]:
    """Return the figures of the open cohort that were chosen for the report, as they were at that time."""
    fingerprint = view.whole.fingerprint
    return [shown for shown in _kept().values() if shown.asked.whole.fingerprint == fingerprint]


def is_kept(shown: Exhibit) -> bool:
    """Return whether this exact figure is chosen for the report."""
    return _key(shown) in _kept()


def switch(shown: Exhibit) -> None:
    """Choose a figure for the report, or remove it from it."""
    if _kept().pop(_key(shown), None) is None:
        _kept()[_key(shown)] = shown


def _kept() -> dict[Key, Exhibit]:
    found: dict[Key, Exhibit] = st.session_state.setdefault("kept_exhibits", {})
    return found


def _key(shown: Exhibit) -> Key:
    return shown.name, shown.provenance
