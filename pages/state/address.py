"""The address of the page: the whole view but no data, so that reload, Back and links restore it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from analysis import Cohort
from analysis.cohort.address import Words, is_question_word, question_words, read_question
from analysis.cohort.question import Question, comparisons
from pages.state import asking, ignored, options, page_list, presenting, session, views

DATA = "data"
FINGERPRINT = 12  # characters of it in the address


def words(question: Question | None = None) -> Words:
    """Return the present view, or it with another question, as query parameters; or a link that waits for its file."""
    awaited: Words | None = st.session_state.get("awaited_link")
    if awaited is not None:
        return awaited
    uploaded = session.uploaded()
    return {
        **question_words(question or asking.present()),
        **options.words(),
        **presenting.words(),
        **views.words(),
        **({DATA: [uploaded.fingerprint[:FINGERPRINT]]} if uploaded else {}),
    }


def link(page: str) -> str:
    """Return the address of the present view on a page, as this browser reaches it; without stage and saved views."""
    asked = {key: texts for key, texts in words().items() if key not in (*presenting.KEYS, *views.KEYS)}
    opened = page_list.in_address(page_list.open_page())
    root = (st.context.url or "").rstrip("/").removesuffix(opened)
    return f"{root}{page_list.in_address(page) or '/'}{'?' if asked else ''}{urlencode(asked, doseq=True)}"


def begin() -> None:
    """Open a cohort that was accepted, and restore the view if the address has changed; before anything is drawn.

    The address changes at the start, and with Back, Forward or a link.
    """
    state = st.session_state
    ignored.begin()
    state["misplaced"] = ""
    opened = session.take_opened()
    found = _sent()
    if opened is not None:
        _begin_with(opened)
    elif _is_of_link(found):
        overlook()
    elif found != state.get("address"):
        take(found)
    asking.remember()


def _begin_with(opened: Cohort) -> None:
    """Apply the link that waited for the newly opened cohort, if any; else start with the question it came with."""
    awaited: Words | None = st.session_state.pop("awaited_link", None)
    asking.start_afresh(st.session_state.pop("asked_of_opened", Question()))
    if awaited is None:
        return
    if awaited[DATA][0] != opened.fingerprint[:FINGERPRINT]:
        st.session_state["misplaced"] = awaited[DATA][0]
    take({**awaited, DATA: [opened.fingerprint[:FINGERPRINT]]})


def take(found: Words) -> None:
    """Restore the view that query parameters name; a link waits for its file."""
    state = st.session_state
    uploaded = session.uploaded()
    if DATA in found and uploaded is None:
        state["awaited_link"], state["address"] = found, found
        return
    state.pop("awaited_link", None)
    whole = session.whole_cohort()
    asked = {key: texts for key, texts in found.items() if is_question_word(key)}
    question, stale = read_question(asked, whole, comparisons(whole))
    asking.ask(question)
    options.restore(found)
    stale |= presenting.restore(found)
    stale |= views.restore(found, first="address" not in state)
    known = {DATA, *asked, *options.REGISTRY, *presenting.KEYS, *views.KEYS}
    ignored.add({**stale, **{key: texts for key, texts in found.items() if key not in known}})


def write() -> None:
    """Put the present view into the address; the links of the page that is drawn now carry it too."""
    write_of_part()
    st.session_state["linked"] = page_list.open_page(), st.session_state["address"]


def write_of_part() -> None:
    """Put an option into the address for which only a part of the page is drawn anew; its links stay as they are."""
    now = words()
    if _sent() != now:
        st.query_params.from_dict(now)
    st.session_state["address"] = now


def _is_of_link(found: Words) -> bool:
    """Return whether a link to another page was followed: it knows no option that was set in a part of the page."""
    page, linked = st.session_state.get("linked", ("", None))
    return found == linked and page != page_list.open_page()


def overlook() -> None:
    """Do not restore the address that was sent with the present click or key.

    Of a quick one after another it may be older than what the server wrote since, and would undo that.
    """
    st.session_state["address"] = _sent()


def _sent() -> Words:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def awaited_fingerprint() -> str:
    """Return the fingerprint of the file that a link waits for; "" if none does."""
    awaited: Words | None = st.session_state.get("awaited_link")
    return awaited[DATA][0] if awaited else ""


def misplaced_fingerprint() -> str:
    """Return the fingerprint that a link needs, if another file was opened in this run; else ""."""
    found: str = st.session_state["misplaced"]
    return found


def forget_link() -> None:
    """Stop waiting for the file of a link."""
    st.session_state.pop("awaited_link", None)
