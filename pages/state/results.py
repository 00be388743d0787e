"""What was computed, kept as long as there is room: results of the sample for everybody, of a file for its session."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from cachetools import LRUCache

from analysis import Filters

ROOM_BYTES = 200_000_000  # of the results of a session, and of those of the sample
SMALL_BYTES = 50_000  # what anything is taken for that is no table: a chart, words


@dataclass(frozen=True)
class Made:
    """What was made of results; it holds these too, so that no later one can have the identity of one of them."""

    made: Any
    of: tuple[object, ...]


class Room:
    """Results by what they were made of; the one that was not asked for the longest goes first."""

    def __init__(self) -> None:
        self._held: LRUCache[Hashable, Any] = LRUCache(ROOM_BYTES, getsizeof=_bytes)
        self._lock = Lock()

    def once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return what is known by the key; else make it, and keep it if it is not too large for the room."""
        known_by = _hashable(key)
        with self._lock:
            if known_by in self._held:
                return self._held[known_by]
        made = make()
        with self._lock:
            # Two sessions may have made the same at once: the first stays, for charts are known by their results.
            if known_by not in self._held and _bytes(made) <= ROOM_BYTES:
                self._held[known_by] = made
            return self._held.get(known_by, made)


@st.cache_resource(show_spinner=False)
def of_everybody() -> Room:
    """Return the room of what was computed of the sample, which is the same for everybody."""
    return Room()


def of_session() -> Room:
    """Return the room of what was computed of a file; nobody else comes into it."""
    found: Room = st.session_state.setdefault("results", Room())
    return found


def forget() -> None:
    """Forget what was computed of a file."""
    st.session_state.pop("results", None)


def _hashable(value: object) -> Hashable:
    """Return what a value is known by: filters by what they say, for their order is told."""
    if isinstance(value, Filters):
        return "filters", repr(value)
    if isinstance(value, dict):
        return tuple((name, _hashable(held)) for name, held in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, tuple | list) else value


def _bytes(value: object) -> int:
    """Return about how much memory a result takes; what it was made of is counted where that is kept."""
    if isinstance(value, Made):
        return SMALL_BYTES + _bytes(value.made)
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage().sum())
    if isinstance(value, pd.Series | np.ndarray):
        return int(value.nbytes)
    if is_dataclass(value):
        return SMALL_BYTES + sum(_bytes(value.__dict__.get(each.name)) for each in fields(value))
    return sum(map(_bytes, value)) if isinstance(value, tuple) else SMALL_BYTES
