"""How much a tab holds in the memory of the app, and how much it may."""

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

FRAMING_BYTES = 10_000  # what is sent around a file

_under_way: Counter[str] = Counter()  # bytes, by session; the one loop that serves requests asks and changes it
_turned_away: set[str] = set()  # sessions of which a file was not taken, until they are told


def keep_uploads_off_disk() -> None:
    """Have files that arrive wait in memory; from a megabyte on they would pass through a temporary file."""
    MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) * settings.MEGABYTE


def too_much() -> str:
    """Return the sentence that refuses what is more than a tab may hold."""
    most = settings.most_bytes() // settings.MEGABYTE
    return (
        f"A tab may hold {most:,} MB of files and tables, and this is more: drop less, or press "
        '"Forget this data" first.'
    )


def check_drop(dropped: Sequence[UploadedFile], opened: Cohort | None) -> list[Finding]:
    """Return why files that were dropped are not taken, before any of them is read."""
    if len(dropped) > settings.most_files():
        return [_refused(f"{len(dropped):,} files at once are too many: drop {settings.most_files():,} or fewer.")]
    size = sum(file.size for file in dropped) + (0 if opened is None else opened.bytes_in_memory)
    return [_refused(too_much())] if size > settings.most_bytes() or _was_turned_away() else []


def check_cohort(cohort: Cohort) -> None:
    """Raise CohortError where the tables of a cohort are more than a tab may hold."""
    if cohort.bytes_in_memory > settings.most_bytes():
        raise CohortError([_refused(too_much())])


def uploads(session_id: str) -> int:
    """Return how many bytes of files the server keeps for a session, read or not."""
    return sum(len(file.data) for file in list(_manager().file_storage.get(session_id, {}).values()))


@contextmanager
def under_way(session_id: str, size: int) -> Iterator[bool]:
    """Count a file as long as it is on its way, so that many at once are not each let in alone.

    Yields
    ------
    bool
        Whether the session may hold it beside what it holds and what else is on its way. One file alone may come, since
        the server has a limit for that, so that the page can say what is wrong.
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
    """Have the server forget files whose control is emptied; by itself it keeps them until the tab is closed."""
    context = get_script_run_ctx()
    if context is not None:
        for file in dropped:
            _manager().remove_file(context.session_id, file.file_id)


def _manager() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)


def _was_turned_away() -> bool:
    """Return whether a file of the same drop was not taken; this is told once."""
    context = get_script_run_ctx()
    if context is None or context.session_id not in _turned_away:
        return False
    _turned_away.discard(context.session_id)
    return True


def _refused(message: str) -> Finding:
    return Finding("refused", "", None, "", "", message)
