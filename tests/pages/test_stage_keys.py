"""Keys on the stage: every one moves once, also when the next one ends the run that moves for it."""

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from pages.shown import stage_keys
from pages.state import presenting
from pages.state.presenting import Place


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {"stage_place": Place("survival", 0)}
    monkeypatch.setattr(st, "session_state", held)
    monkeypatch.setattr(presenting, "go", lambda to: held.update(stage_place=to))
    return held


def press(state: dict[str, Any], made: int, heard: int, mount: str = "tab") -> None:
    state[stage_keys.KEY] = SimpleNamespace(moves={"mount": mount, "made": made, "heard": heard})


def move(by: int) -> None:
    at = presenting.place() or Place()
    presenting.go(Place(at.stop, at.step + by))


class NextKeyError(Exception):
    """The next key has ended the run."""


def half_a_move(by: int) -> None:
    move(1)
    raise NextKeyError


def test_keys_add_up_and_one_that_is_sent_again_moves_nothing(state: dict[str, Any]) -> None:
    for made, step in ((1, 1), (3, 3), (3, 3), (2, 2)):
        press(state, made, heard=0)
        stage_keys._moved(move)
        assert state["stage_place"].step == step


def test_a_move_that_the_next_key_ends_is_made_once(state: dict[str, Any]) -> None:
    press(state, 2, heard=0)
    with pytest.raises(NextKeyError):
        stage_keys._moved(half_a_move)
    press(state, 3, heard=0)
    stage_keys._moved(move)
    assert state["stage_place"].step == 3


def test_a_server_that_was_started_anew_counts_from_what_was_heard_before(state: dict[str, Any]) -> None:
    press(state, 8, heard=7)
    stage_keys._moved(move)
    assert state["stage_place"].step == 1
