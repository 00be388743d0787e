"""Curves of papers in a session and in its file."""

from typing import Any

import pytest
import streamlit as st

from pages.state import paper_curves

POINTS, AT_RISK = b"2,0.9\n4,0.675\n6,0.45\n", "0: 10, 5: 6"


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session without a page."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_curve_is_added_once_and_removed_by_its_name() -> None:
    assert paper_curves.add("A", POINTS, AT_RISK, "") == ""
    assert "is there already" in paper_curves.add("A", POINTS, AT_RISK, "")
    assert paper_curves.add("B", POINTS, AT_RISK, "5") == ""
    paper_curves.remove("A")
    assert [curve.name for curve in paper_curves.own()] == ["B"]


def test_there_is_room_for_a_few() -> None:
    told = [paper_curves.add(f"Paper {place}", POINTS, AT_RISK, "") for place in range(paper_curves.MOST + 1)]
    assert told[:-1] == [""] * paper_curves.MOST
    assert "There is room for" in told[-1]


def test_the_session_file_keeps_them() -> None:
    paper_curves.add("A", POINTS, AT_RISK, "5")
    text, before = paper_curves.saved(), paper_curves.own()
    paper_curves.remove("A")
    assert paper_curves.saved() == ""
    paper_curves.restore(text)
    assert paper_curves.own() == before


@pytest.mark.parametrize("broken", [None, "", 3, "no list", "{}", "[1]", "[" * 100_000, '[{"name": "A"}]'])
def test_a_broken_session_file_changes_nothing(broken: object) -> None:
    paper_curves.add("A", POINTS, AT_RISK, "")
    before = paper_curves.own()
    paper_curves.restore(broken)
    assert paper_curves.own() == before
