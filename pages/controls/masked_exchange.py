"""The two steps of an answer of which only the sum over all centres may be read: keys first, then masked numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import streamlit as st

from analysis.centres.answer_record import SUM
from analysis.centres.centre_keys import MOST_BYTES, PRIVATE_KEY, KeyRing, PrivateKey, read_keys, read_private_key
from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.hashed_file import hash_of, kind_of
from analysis.centres.masked_answer import MaskedAnswer, answer_masked, key_of_centre
from analysis.centres.masked_layout import PATIENTS
from analysis.centres.masked_numbers import CentreNumbers, numbers_of
from analysis.centres.masks import masks_offered
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from pages.controls import kept_record
from pages.shown import take_home
from pages.state import session
from pages.state.session import View

JSON = "application/json"
OWN_KEY, MASKED, KEY_FILES, REFUSED = "centre_own_key", "centre_masked", "centre_key_files", "centre_keys_refused"
LOST = (
    "Of masked numbers only the sum of all centres can be read. All must answer; times are in whole months; there are "
    "no medians of a measure, no baseline table, and no comparison between centres. All others together could still "
    "subtract themselves and read the last one."
)


def offer(view: View, question: CentreQuestion, centre: str) -> None:
    """Draw both steps."""
    if not masks_offered():
        st.warning("Masked sums need another package: pip install 'msc-lupus-dashboard[centres]'.")
        return
    st.caption(LOST)
    left, right = st.columns(2, gap="large")
    with left:
        _keys(view, question, centre)
    with right:
        _numbers(view, question, centre)


def _keys(view: View, question: CentreQuestion, centre: str) -> None:
    st.markdown("**First, a key of each centre.** Keep the private one; send the other to all.")
    st.button("Make the keys", key="make_keys", on_click=_make, args=(view, question, centre))
    own = _own(question, centre)
    if own is not None:
        with st.container(horizontal=True, gap="small"):
            take_home.button(File("Private key (keep)", f"{centre}.private.json", JSON, own.to_file))
            take_home.button(File("Key (send)", f"{centre}.key.json", JSON, own.public.to_file))


def _make(view: View, question: CentreQuestion, centre: str) -> None:
    st.session_state.pop(REFUSED, None)
    try:
        st.session_state[OWN_KEY] = key_of_centre(view.whole, question, centre)
    except CentreFileError as reason:
        st.session_state[REFUSED] = reason


def _own(question: CentreQuestion, centre: str) -> PrivateKey | None:
    """Return the private key of this session, if it is for this question and centre."""
    own: PrivateKey | None = st.session_state.get(OWN_KEY)
    fits = own is not None and (own.question, own.centre) == (question.digest, centre)
    return own if fits else None


def _numbers(view: View, question: CentreQuestion, centre: str) -> None:
    st.markdown("**Then, with the keys of all centres, the masked numbers.**")
    st.file_uploader(
        "The keys of all centres, with your own; your private key too, if you came back later",
        type=None, accept_multiple_files=True, key=KEY_FILES, on_change=_take, args=(view, question, centre),
    )  # fmt: skip
    reason: CentreFileError | None = st.session_state.get(REFUSED)
    if reason is not None:
        st.warning(plain(str(reason)))
    of_cohort, made = cast(tuple[str, MaskedAnswer | None], st.session_state.get(MASKED, ("", None)))
    own = _own(question, centre)
    if made is None or own is None or made.ring.digest != own.answered or of_cohort != view.whole.fingerprint:
        return
    st.markdown(plain(f"Centres: {', '.join(made.ring.centres)}. Compare by telephone: all must see {made.ring.code}."))
    numbers: CentreNumbers = session.drawn(numbers_of, view.whole, question)
    st.caption("Your numbers, before they are masked; all others are 0")
    st.dataframe(session.drawn(CentreNumbers.to_table, numbers), hide_index=True)
    patients = int(numbers.tables[PATIENTS])
    kept_record.offer(question, centre, SUM, patients, hash_of({"numbers": numbers.in_order.tolist()}))
    take_home.button(File("Masked answer (JSON)", f"{centre}.masked.json", JSON, made.to_file))
    st.caption("Save the private key again: it now notes this answer, and no other can be made with it.")


def _take(view: View, question: CentreQuestion, centre: str) -> None:
    """Read the keys, and mask the numbers."""
    dropped = st.session_state[KEY_FILES]
    files = {file.name: file.getvalue() for file in dropped}
    for key in (REFUSED, MASKED):
        st.session_state.pop(key, None)
    if not files:
        return
    try:
        own, ring = _read(files, len(dropped), _own(question, centre))
        made, kept = answer_masked(view.whole, question, own, ring, synthetic=view.synthetic)
    except CentreFileError as reason:
        st.session_state[REFUSED] = reason
        return
    st.session_state[MASKED], st.session_state[OWN_KEY] = (view.whole.fingerprint, made), kept


def _read(files: Mapping[str, bytes], dropped: int, own: PrivateKey | None) -> tuple[PrivateKey, KeyRing]:
    if len(files) < dropped:
        raise CentreFileError("Two files have the same name; rename one.")
    private = {name: data for name, data in files.items() if kind_of(data, MOST_BYTES) == PRIVATE_KEY}
    for data in private.values():
        own = read_private_key(data)
    if own is None:
        raise CentreFileError("Make the keys first, or drop the private key that you kept.")
    return own, read_keys({name: data for name, data in files.items() if name not in private})
