"""Presentations with a speaker's window: who finds one, and for how long."""

import pytest

from pages.server import sign_in, talks


@pytest.fixture(autouse=True)
def _none_before(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, talks.Talk] = {}
    monkeypatch.setattr(talks, "_talks", lambda: held)
    monkeypatch.setattr(sign_in, "present_person", lambda: "ada")


def test_a_presentation_is_found_by_its_token_only() -> None:
    first, second = talks.begin({}), talks.begin({})
    assert len({first, second}) == 2
    assert min(len(first), len(second)) >= 43  # 32 random bytes
    assert talks.of(first) is not talks.of(second)
    assert talks.of("") is None
    assert talks.of(first[:-1]) is None


def test_nobody_else_who_signed_in_finds_it_with_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    token = talks.begin({})
    monkeypatch.setattr(sign_in, "present_person", lambda: "grace")
    assert talks.of(token) is None


def test_it_is_forgotten_when_nothing_was_heard_of_it_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = talks.begin({}), talks.time.monotonic()
    monkeypatch.setattr(talks.time, "monotonic", lambda: now + talks.LONGEST + 1)
    assert talks.of(token) is None


def test_the_server_holds_a_limited_number_and_drops_the_quietest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "MOST", 2)
    first, second = talks.begin({}), talks.begin({})
    assert talks.of(first) is not None  # heard of last
    third = talks.begin({})
    assert talks.of(second) is None
    assert None not in (talks.of(first), talks.of(third))


def test_the_next_stop_is_told_until_the_last() -> None:
    talk = talks.Talk("", {}, [("a", "First"), ("b", "Second")], "a")
    assert talk.next_stop == "Second"
    talk.place = "b"
    assert talk.next_stop == ""
    talk.place = "on"  # a view that is no stop
    assert talk.next_stop == "First"
