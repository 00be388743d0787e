"""Answers kept in the browser: loaded when the page opens, changed on request, shown, and forgotten."""

from __future__ import annotations

import streamlit as st

from analysis.cohort.wording import count_words
from pages.state import known_answers

KEY = "browser_storage"
# Fixed text: nothing of a file is ever part of it. The browser is told what to keep as data.
SCRIPT = """
const PREFIX = "answers for a layout of files ";
const OURS = new RegExp(`^${PREFIX}[0-9a-f]{64}$`);
const MOST = 100;

export default ({ data, setTriggerValue }) => {
    let kept = {};
    try {
        for (const [key, text] of Object.entries(data.write)) localStorage.setItem(PREFIX + key, text);
        for (const key of data.remove) localStorage.removeItem(PREFIX + key);
        const names = Object.keys(localStorage).filter((name) => OURS.test(name)).slice(0, MOST);
        kept = Object.fromEntries(names.map((name) => [name.slice(PREFIX.length), localStorage.getItem(name)]));
    } catch {
        // The browser keeps nothing, or no more.
    }
    const changed = Object.keys(data.write).length + data.remove.length > 0;
    if (changed || Object.keys(kept).sort().join() !== data.known) setTriggerValue("kept", kept);
};
"""

_storage = st.components.v2.component(KEY, js=SCRIPT)


def show() -> None:
    """Draw what is remembered in the browser with a button that forgets it, and exchange it with the browser."""
    kept, change = known_answers.of_browser(), known_answers.change()
    if kept:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="kept_answers"):
            layouts = count_words(len(kept), "layout")
            st.markdown(f"This browser keeps the answers for {layouts} of files.", width="content")
            st.button("Forget all answers", key="forget_answers", on_click=known_answers.forget_all)
    data = {"write": dict(change.write), "remove": list(change.remove), "known": ",".join(sorted(kept))}
    _storage(key=KEY, data=data, height="content", on_kept_change=_told)


def _told() -> None:
    known_answers.told_by_browser(st.session_state[KEY].kept)
