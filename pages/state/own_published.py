"""The published numbers of this session: those that come with the program, and the user's own reading of papers."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.centres.published_fact import PublishedFact
from analysis.centres.published_list import PublishedError, fact_of, published_csv, published_facts, read_published

MOST = 500


def own() -> tuple[PublishedFact, ...]:
    """Return the numbers that the user added."""
    found: tuple[PublishedFact, ...] = st.session_state.setdefault("own_published", ())
    return found


def every() -> tuple[PublishedFact, ...]:
    """Return all numbers."""
    return *published_facts(), *own()


def studies() -> list[str]:
    """Return the names of all papers, in order."""
    return list(dict.fromkeys(fact.study for fact in every()))


def add_list(data: bytes) -> str:
    """Add the numbers of a CSV file; return why it cannot be used, or ""."""
    try:
        return _add(read_published(data))
    except PublishedError as reason:
        return str(reason)


def add(cells: Mapping[str, str]) -> str:
    """Add a number that was typed, by column; return why it cannot be used, or ""."""
    try:
        return _add((fact_of(cells),))
    except PublishedError as reason:
        return str(reason)


def _add(facts: tuple[PublishedFact, ...]) -> str:
    known = {fact.asked for fact in every()}
    again = [fact.study for fact in facts if fact.asked in known]
    if again:
        return f"{again[0]}: this number is in the list already. Nothing was added."
    if len(own()) + len(facts) > MOST:
        return f"There is room for {MOST} numbers. Nothing was added."
    st.session_state["own_published"] = (*own(), *facts)
    return ""


def remove() -> None:
    """Remove all numbers that the user added."""
    st.session_state["own_published"] = ()


def saved() -> str:
    """Return the added numbers as the text of a CSV file; "" for none."""
    return published_csv(own()).decode() if own() else ""


def restore(text: object) -> None:
    """Add the numbers of a session file, in place of those that are there; what cannot be read is left out."""
    if isinstance(text, str) and text:
        remove()
        add_list(text.encode())
