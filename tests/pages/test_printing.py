"""Choices for print that are kept under a name, also in a session file."""

from typing import Any

import pytest
import streamlit as st

from pages.state import printing
from pages.state.paper_options import PAPER_CAPTION, PAPER_INK, PAPER_SHORT, same_name, with_name
from tests.analysis.made import SAMPLE


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_saved_choices_are_used_again(session: dict[str, Any]) -> None:
    printing.present(SAMPLE)
    session[PAPER_INK.key], session[PAPER_CAPTION.key] = "grey", True
    session[PAPER_SHORT.key] = with_name("", "UC", "Cord & more")
    assert printing.present(SAMPLE).short == (("UC", "Cord & more"),)
    printing.save(" Lupus,  one column ")
    session[PAPER_INK.key], session[PAPER_SHORT.key] = "black", ""
    (name,) = printing.saved()
    printing.use(name, SAMPLE)
    paper = printing.present(SAMPLE)
    assert (paper.ink, paper.caption, paper.short) == ("grey", True, (("UC", "Cord & more"),))
    printing.remove(name)
    assert not printing.saved()


def test_choices_of_a_session_file_are_added_and_nonsense_is_not(session: dict[str, Any]) -> None:
    printing.present(SAMPLE)
    printing.save("mine")
    kept = dict(printing.saved()["mine"])
    printing.add({"theirs": {**kept, PAPER_INK.key: ["no such ink"]}, "broken": {"x": 1}, "": kept, "bad": 3})
    assert set(printing.saved()) == {"mine", "theirs"}
    printing.use("theirs", SAMPLE)
    assert printing.present(SAMPLE).ink == "colour"
    printing.add(None)
    printing.add(["mine"])
    assert set(printing.saved()) == {"mine", "theirs"}


def test_no_more_than_a_list_can_hold_are_kept(session: dict[str, Any]) -> None:
    printing.present(SAMPLE)
    for number in range(printing.MOST + 5):
        printing.save(f"set {number}")
    assert len(printing.saved()) == printing.MOST


def test_two_groups_with_one_name_are_told_and_keep_their_own(session: dict[str, Any]) -> None:
    printing.present(SAMPLE)
    session[PAPER_SHORT.key] = with_name(with_name("", "UC", "Cells"), "BM", "Cells")
    assert printing.present(SAMPLE).short == ()
    assert same_name((("UC", "BM"),), ["BM", "UC"]) == "BM"
    assert same_name((("UC", "Cord"),), ["BM", "UC"]) == ""
