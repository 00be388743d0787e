"""Dropped files that are not opened yet: how they would be read, and the answers so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import streamlit as st

from analysis import CohortError, Finding, Source
from analysis.intake.assemble import Progress, reading_words
from analysis.intake.proposal import Proposal, propose
from analysis.intake.raw import RawTable
from analysis.intake.reading import HeldFile
from analysis.intake.remembered import headings_key, recalled
from analysis.intake.saved import is_mapping, load_mapping
from pages.server import memory
from pages.state import known_answers, session

PASTED = "pasted table"


@dataclass(frozen=True)
class Incoming:
    """Files, with the answers given for them.

    Attributes
    ----------
    files
        The tables.
    mapping
        Canonical column to its source, as answered and corrected by the user.
    refused
        Why a mapping file among them could not be used.
    may_recall
        Whether answers that are remembered for the same headings are used.
    recalled
        Whether they were.
    """

    files: tuple[HeldFile, ...]
    mapping: dict[str, str | Source | None]
    refused: tuple[Finding, ...] = ()
    may_recall: bool = True
    recalled: bool = False

    @property
    def tables(self) -> list[RawTable]:
        """The tables of the files."""
        return [table for file in self.files for table in file.tables]

    @property
    def key(self) -> str:
        """Return what identifies the files and answers."""
        digest = sha256(repr(sorted(self.mapping.items(), key=lambda item: item[0])).encode())
        for file in self.files:
            digest.update(file.name.encode() + sha256(file.data).digest())
        return digest.hexdigest()


def uploader_key() -> str:
    """Return the key of the file control; a new key empties it."""
    return f"upload-{st.session_state.get('uploader', 0)}"


def take_files(key: str) -> None:
    """Keep the files dropped on the file control of this key; the open cohort does not change."""
    if key != uploader_key():  # the control was emptied; an event from before the new one was drawn still has the files
        return
    forget_to_undo()
    dropped = st.session_state[key]
    pasted = [file for file in _held() if file.name.startswith(PASTED)]
    if _is_too_much([*(file.size for file in dropped), *(len(file.data) for file in pasted)]):
        return
    files = [*(_once(file.name, file.getvalue()) for file in dropped), *pasted]
    mapping: dict[str, str | Source | None] = dict(st.session_state.get("expected_answers", {}))
    refused: list[Finding] = []
    for file in files:
        if is_mapping(file.name, file.data):
            try:
                mapping |= load_mapping(file.data)
            except CohortError as error:
                refused += error.findings
    tables = tuple(file for file in files if not is_mapping(file.name, file.data))
    if tables or refused:
        st.session_state["incoming"] = Incoming(tables, mapping, tuple(refused))
    else:
        st.session_state.pop("incoming", None)


def take_pasted(text: str) -> None:
    """Keep a table that was pasted as text, beside the files that wait; it replaces one that could not be read."""
    if not text.strip():
        return
    forget_to_undo()
    waiting = present() or Incoming((), dict(st.session_state.get("expected_answers", {})))
    data = text.encode(errors="replace")
    others = tuple(file for file in waiting.files if not (file.name.startswith(PASTED) and file.refused))
    if _is_too_much([*(len(file.data) for file in others), len(data)]):
        return
    count = sum(file.name.startswith(PASTED) for file in others)
    file = HeldFile(f"{PASTED} {count + 1}" if count else PASTED, data)
    st.session_state["incoming"] = Incoming((*others, file), waiting.mapping)


def _is_too_much(sizes: Sequence[int]) -> bool:
    """Return whether a tab may not hold files of these sizes, which is then told."""
    too_much = memory.check_drop(sizes, session.uploaded())
    if too_much:
        discard()
        st.session_state["incoming"] = Incoming((), {}, tuple(too_much))
    return bool(too_much)


def _held() -> tuple[HeldFile, ...]:
    waiting = present()
    return waiting.files if waiting else ()


def _once(name: str, data: bytes) -> HeldFile:
    """Return a file; the same as before if it waits already, so that it is not parsed again."""
    return next((file for file in _held() if (file.name, file.data) == (name, data)), HeldFile(name, data))


def expect(mapping: dict[str, str | Source | None]) -> None:
    """Use these answers, from a saved session, for the files dropped next."""
    st.session_state["expected_answers"] = mapping


def present() -> Incoming | None:
    """Return the files that wait to be opened."""
    found: Incoming | None = st.session_state.get("incoming")
    return found


def answer(answers: dict[str, str | Source | None]) -> None:
    """Add answers or corrections to the previous ones."""
    waiting = present()
    if waiting is not None:
        st.session_state["incoming"] = replace(waiting, mapping=waiting.mapping | answers)


def take_back(key: str) -> None:
    """Remove an answer, so that it is asked or guessed again."""
    waiting = present()
    if waiting is not None:
        left = {name: source for name, source in waiting.mapping.items() if name != key}
        st.session_state["incoming"] = replace(waiting, mapping=left, may_recall=False)


def ask_again() -> None:
    """Forget the answers for the waiting files, also those that were remembered."""
    waiting = present()
    if waiting is not None:
        st.session_state["incoming"] = afresh(waiting)


def afresh(waiting: Incoming) -> Incoming:
    """Return the files as if nothing had been answered or remembered."""
    return Incoming(waiting.files, {}, waiting.refused, may_recall=False)


def keep_to_undo(waiting: Incoming, *, with_files: bool) -> None:
    """Keep files that were opened with remembered answers, not parsed, so that they can be asked about after all."""
    files = tuple(file.unread for file in waiting.files) if with_files else ()
    st.session_state["to_undo"] = afresh(replace(waiting, files=files))


def to_undo() -> Incoming | None:
    """Return the files of the open cohort if remembered answers were used; without files if they are too large."""
    found: Incoming | None = st.session_state.get("to_undo")
    return found


def undo() -> None:
    """Ask again of the files that were opened with remembered answers; their cohort stays open until then."""
    files = to_undo()
    if files is not None:
        wait(files)
    forget_to_undo()


def forget_to_undo() -> None:
    """Let go of the files that were opened with remembered answers."""
    st.session_state.pop("to_undo", None)


def wait(waiting: Incoming) -> None:
    """Let files wait to be opened."""
    st.session_state["incoming"] = waiting


def recalling(waiting: Incoming, progress: Progress) -> Incoming:
    """Return the files with the answers that are remembered for their headings, if nothing was answered yet."""
    if waiting.mapping or waiting.refused or not waiting.may_recall or not waiting.files:
        return waiting
    try:
        for place, file in enumerate(waiting.files):
            progress(place / len(waiting.files), reading_words(file))
            _ = file.tables
    except CohortError:
        return waiting  # `proposal` tells why
    held = known_answers.find(headings_key(waiting.tables))
    mapping = recalled(held, waiting.tables) if held else {}
    if not mapping:
        return waiting
    known = replace(waiting, mapping=mapping, recalled=True)
    return afresh(waiting) if proposal(known, progress).refusals else known


def discard() -> None:
    """Discard the waiting files and how they were read, and empty the file control."""
    for key in ("incoming", "proposal", "rival_receipts"):
        st.session_state.pop(key, None)
    memory.let_go(st.session_state.get(uploader_key(), []))
    st.session_state["uploader"] = st.session_state.get("uploader", 0) + 1


def proposal(waiting: Incoming, progress: Progress) -> Proposal:
    """Return how the files would be read; computed once for the same files and answers, with progress."""
    known = st.session_state.get("proposal")
    if known is None or known[0] != waiting.key:
        known = (waiting.key, propose(waiting.files, waiting.mapping, progress=progress))
        st.session_state["proposal"] = known
    return known[1]
