"""Survival curves that the user read off papers, in this session and its file."""

from __future__ import annotations

import json

import streamlit as st

from analysis.centres.published_curve import PublishedCurve, read_curve, restored_curve, saved_curve
from analysis.centres.published_list import PublishedError

MOST = 6  # of more, nobody could tell one from the other


def own() -> tuple[PublishedCurve, ...]:
    """Return the curves."""
    found: tuple[PublishedCurve, ...] = st.session_state.setdefault("paper_curves", ())
    return found


def add(name: str, points: bytes, at_risk: bytes | str, events: str) -> str:
    """Add a curve; return why it cannot be used, or ""."""
    try:
        return _add(read_curve(name, points, at_risk, events))
    except PublishedError as reason:
        return str(reason)


def _add(curve: PublishedCurve) -> str:
    if any(each.name == curve.name for each in own()):
        return f"Name: a curve of {curve.name} is there already. Remove it first, or give this one another name."
    if len(own()) == MOST:
        return f"There is room for {MOST} curves. Nothing was added."
    st.session_state["paper_curves"] = (*own(), curve)
    return ""


def remove(name: str) -> None:
    """Remove the curve of a paper."""
    st.session_state["paper_curves"] = tuple(each for each in own() if each.name != name)


def saved() -> str:
    """Return the curves as text; "" for none."""
    return json.dumps([saved_curve(each) for each in own()]) if own() else ""


def restore(text: object) -> None:
    """Add the curves of a session file, in place of those that are there; what cannot be read is left out."""
    if not (isinstance(text, str) and text):
        return
    try:
        held = json.loads(text)
        curves = [restored_curve(each) for each in held] if isinstance(held, list) else []
    except (ValueError, RecursionError):
        return
    if curves:
        st.session_state["paper_curves"] = ()
    for curve in curves[:MOST]:
        _add(curve)
