"""Answers that are known for files with the same headings: of this session, and of this browser where that was asked.

Those of the browser are in its local storage, from which `pages.controls.browser_storage` brings them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from analysis.intake.raw import RawTable
from analysis.intake.remembered import Remembered, as_text, from_text, headings_key, remembered
from analysis.intake.source import ColumnMapping


@dataclass(frozen=True)
class Change:
    """A change that the browser shall make to what it keeps: texts to write by key, and keys to remove."""

    write: Mapping[str, str]
    remove: Sequence[str]


def find(key: str) -> Remembered | None:
    """Return what is remembered for tables with these headings; see `headings_key`."""
    found: Remembered | None = _of_session().get(key)
    kept = of_browser().get(key)
    return found or (from_text(kept) if kept is not None else None)


def remember(mapping: ColumnMapping, tables: Sequence[RawTable], *, in_browser: bool) -> None:
    """Remember the answers with which tables were opened, in this session, and in the browser or no longer there."""
    key, held = headings_key(tables), remembered(mapping, tables)
    if held.mapping:
        _of_session()[key] = held
    else:
        _of_session().pop(key, None)
    if in_browser and held.mapping:
        _change(Change({key: as_text(held)}, []))
    elif key in of_browser():
        _change(Change({}, [key]))


def is_in_browser(tables: Sequence[RawTable]) -> bool:
    """Return whether the browser keeps answers for tables with these headings."""
    return headings_key(tables) in of_browser()


def forget_session() -> None:
    """Forget the answers of this session."""
    st.session_state.pop("answers_of_session", None)


def forget_all() -> None:
    """Forget all answers, in this session and in the browser."""
    forget_session()
    _change(Change({}, list(of_browser())))


def of_browser() -> dict[str, str]:
    """Return key to text of the answers that the browser keeps, as far as is known."""
    found: dict[str, str] = st.session_state.get("answers_of_browser", {})
    return found


def told_by_browser(kept: object) -> None:
    """Take over what the browser keeps, after it made any change that was asked."""
    texts = kept.items() if isinstance(kept, Mapping) else ()
    st.session_state["answers_of_browser"] = {str(key): text for key, text in texts if isinstance(text, str)}
    st.session_state.pop("change_of_browser", None)


def change() -> Change:
    """Return the change that the browser has not made yet."""
    found: Change = st.session_state.get("change_of_browser", Change({}, []))
    return found


def _change(wanted: Change) -> None:
    st.session_state["change_of_browser"] = wanted


def _of_session() -> dict[str, Remembered]:
    found: dict[str, Remembered] = st.session_state.setdefault("answers_of_session", {})
    return found
