"""The speaker's window: where the presentation is, what comes next, notes, and the clock; in a tab of its own."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from analysis.figures.common.markdown import plain
from pages.server import talks
from pages.server.sign_in import TITLE
from pages.server.talks import Talk

SPEAKER = "speaker"  # the query parameter with the token
LONGEST_NOTE = 2_000
EVERY = 1.0  # seconds between looks


def asked() -> bool:
    """Return whether the address asks for the speaker's window."""
    return SPEAKER in st.query_params


def show() -> None:
    """Draw the window."""
    st.set_page_config(page_title=f"{TITLE}: speaker", layout="centered")
    with st.container(key="strip"):
        st.markdown("### Speaker's window")
    _window(st.query_params[SPEAKER])


@st.fragment(run_every=EVERY)
def _window(token: str) -> None:
    talk = talks.of(token)
    if talk is None:
        st.warning("This link leads to no presentation that is under way. Open the window again from the stage.")
        return
    now = datetime.now(ZoneInfo(st.context.timezone or "UTC"))
    minutes, seconds = divmod(int(time.monotonic() - talk.started), 60)
    name = dict(talk.stops).get(talk.place, "")
    st.markdown(f"**{now:%H:%M}** · {minutes}:{seconds:02d} since the start")
    st.markdown(f"#### {plain(name)}")
    st.markdown(plain(talk.at))
    st.markdown(f"Next: {plain(talk.next_stop)}" if talk.next_stop else "This is the last stop.")
    with st.container(horizontal=True, gap="small"):
        st.button("Back", key="speaker_back", on_click=_move, args=(talk, -1))
        st.button("On", key="speaker_on", on_click=_move, args=(talk, 1))
    key = f"note_{talk.place}"
    st.text_area(
        "Notes for this stop", talk.notes.get(talk.place, ""), key=key, max_chars=LONGEST_NOTE, height=300,
        on_change=partial(_note, talk, talk.place, key),
    )  # fmt: skip
    st.caption("Notes are kept while the stage is open, and with saved views in their file; never in a link.")


def _move(talk: Talk, by: int) -> None:
    talk.moves += by


def _note(talk: Talk, stop: str, key: str) -> None:
    talk.notes[stop] = st.session_state[key]
