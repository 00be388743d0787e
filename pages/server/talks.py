"""Presentations that have a speaker's window, which is a session of its own: what the two tell each other.

They meet by a token in the link of that window. What is held is names of stops, notes and the place, never a patient.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from pages.server import sign_in

MOST = 200  # presentations; the one that was heard of least recently goes first
LONGEST = 12 * 3600.0  # seconds without word of it

_lock = Lock()


@dataclass
class Talk:
    """A presentation.

    Attributes
    ----------
    person
        Who presents, hashed; "" where nobody signs in.
    notes
        The speaker's notes by key of the stop.
    stops
        Key and name of each stop, in order.
    place
        Key of the stop on the stage.
    at
        Where it is, in words.
    moves
        Steps that the speaker's window asked for, in all.
    started, heard
        When it began and when it was last heard of, in seconds.
    """

    person: str
    notes: dict[str, str]
    stops: list[tuple[str, str]] = field(default_factory=list)
    place: str = ""
    at: str = ""
    moves: int = 0
    started: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)

    @property
    def next_stop(self) -> str:
        """The name of the next stop; "" at the last one."""
        keys = [key for key, _ in self.stops]
        at = keys.index(self.place) + 1 if self.place in keys else 0
        return self.stops[at][1] if at < len(self.stops) else ""


@st.cache_resource(show_spinner=False)
def _talks() -> dict[str, Talk]:
    return {}


def begin(notes: dict[str, str]) -> str:
    """Begin a presentation with these notes; return its token, which nobody can guess."""
    token = secrets.token_urlsafe(32)
    with _lock:
        talks = _talks()
        for old in [old for old, talk in talks.items() if time.monotonic() - talk.heard > LONGEST]:
            del talks[old]
        while len(talks) >= MOST:
            del talks[min(talks, key=lambda each: talks[each].heard)]
        talks[token] = Talk(sign_in.present_person(), notes)
    return token


def of(token: str) -> Talk | None:
    """Return the presentation of a token, to the person who presents; None to anybody else, or if it is over."""
    with _lock:
        talk = _talks().get(token)
        if talk is None or talk.person != sign_in.present_person() or time.monotonic() - talk.heard > LONGEST:
            return None
        talk.heard = time.monotonic()
        return talk
