"""Published numbers that a user adds: in the session, in its file, and nowhere twice."""

from typing import Any

import pytest
import streamlit as st

from analysis.centres.published_list import published_csv, published_facts
from pages.state import own_published

LIST = b"study,outcome,months,events,patients\nRome 2020,relapse,12,3,20\nOslo 2021,relapse,12,1,9\n"


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session without a page."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_list_is_added_to_those_that_come_with_the_program() -> None:
    assert own_published.add_list(LIST) == ""
    assert own_published.every()[: len(published_facts())] == published_facts()
    assert own_published.studies()[-2:] == ["Rome 2020", "Oslo 2021"]


def test_a_number_that_is_there_is_not_added_again() -> None:
    assert "in the list already" in own_published.add_list(published_csv(published_facts()[:1]))
    own_published.add_list(LIST)
    assert "Rome 2020" in own_published.add_list(LIST)
    assert len(own_published.own()) == 2


def test_a_list_that_cannot_be_used_changes_nothing() -> None:
    own_published.add_list(LIST)
    assert "more than" in own_published.add_list(LIST.replace(b"3,20", b"30,20"))
    assert len(own_published.own()) == 2


def test_the_session_file_keeps_them() -> None:
    own_published.add_list(LIST)
    text, before = own_published.saved(), own_published.own()
    own_published.remove()
    assert own_published.own() == ()
    own_published.restore(text)
    assert own_published.own() == before


@pytest.mark.parametrize("broken", [None, "", 3, "no list", {"a": 1}])
def test_a_broken_session_file_adds_nothing(broken: object) -> None:
    own_published.restore(broken)
    assert own_published.own() == ()
