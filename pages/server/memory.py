"""How much memory the files and tables of a tab may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analysis import Cohort, CohortError, Finding
from pages.server import settings

FRAMING_BYTES = 10_000  # of an upload request, in addition to the file

_under_way: Counter[str] = Counter()  # bytes by session; used by the event loop only, so it needs no lock
_turned_away: set[str] = set()  # sessions with a refused upload that they have not been shown yet


def keep_uploads_off_disk() -> None:
    """Keep uploads in memory; by default those above a megabyte are written to a temporary file."""
    MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) * settings.MEGABYTE


def too_much() -> str:
    """Return the message that refuses more than a tab may hold."""
    most = settings.most_bytes() // settings.MEGABYTE
    return (
        f"A tab may hold {most:,} MB of files and tables, and this is more: drop less, or press "
        '"Forget this data" first.'
    )


def check_drop(sizes: Sequence[int], opened: Cohort | None) -> list[Finding]:
    """Return why files of these sizes are refused, before any of them is read; empty if they are not."""
    if len(sizes) > settings.most_files():
        return [_refused(f"{len(sizes):,} files at once are too many: drop {settings.most_files():,} or fewer.")]
    return [_refused(too_much())] if not fits(sizes, opened) or _was_turned_away() else []


def fits(sizes: Sequence[int], opened: Cohort | None) -> bool:
    """Return whether a tab may hold files of these sizes beside its open cohort."""
    return sum(sizes) + (0 if opened is None else opened.bytes_in_memory) <= settings.most_bytes()


def check_cohort(cohort: Cohort) -> None:
    """Raise CohortError if the tables of a cohort take more than a tab may hold."""
    if cohort.bytes_in_memory > settings.most_bytes():
        raise CohortError([_refused(too_much())])


def uploads(session_id: str) -> int:
    """Return how many bytes of uploaded files the server keeps for a session, read or not."""
    return sum(len(file.data) for file in list(_manager().file_storage.get(session_id, {}).values()))


@contextmanager
def under_way(session_id: str, size: int) -> Iterator[bool]:
    """Count an upload while it lasts, so that several at once cannot pass the limit together.

    Yields
    ------
    bool
        Whether the session may hold it in addition to its files and other uploads. A single file always may, since the
        server limits its size and the page can then say what is wrong.
    """
    others = uploads(session_id) + _under_way[session_id]
    if others and others + size > settings.most_bytes() + FRAMING_BYTES:
        _turned_away.add(session_id)
        yield False
        return
    _under_way[session_id] += size
    try:
        yield True
    finally:
        _under_way[session_id] -= size
        if not _under_way[session_id]:
            del _under_way[session_id]


def let_go(dropped: Sequence[UploadedFile]) -> None:
    """Make the server delete uploads whose control is emptied; by default it keeps them until the tab is closed."""
    context = get_script_run_ctx()
    if context is not None:
        for file in dropped:
            _manager().remove_file(context.session_id, file.file_id)


def _manager() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)


def _was_turned_away() -> bool:
    """Return whether an upload of this session was refused, and forget it: the user is told once."""
    context = get_script_run_ctx()
    if context is None or context.session_id not in _turned_away:
        return False
    _turned_away.discard(context.session_id)
    return True


def _refused(message: str) -> Finding:
    return Finding("refused", "", None, "", "", message)
