"""The cache of results, limited in bytes: one for the sample, shared by all sessions; one per session for an upload."""

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

CACHE_BYTES = 200_000_000  # limit of each cache
SMALL_BYTES = 50_000  # assumed for anything that is not a table, such as a chart or words


@dataclass(frozen=True)
class Made:
    """Something made of results; it refers to them, so that no later object can have the identity of one of them."""

    made: Any
    of: tuple[object, ...]


class Cache:
    """Results by key; the least recently used is removed first."""

    def __init__(self) -> None:
        self._values: LRUCache[Hashable, Any] = LRUCache(CACHE_BYTES, getsizeof=_bytes)
        self._lock = Lock()

    def once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return the cached value of the key; else make it, and cache it if it is not too large."""
        hashable = _hashable(key)
        with self._lock:
            if hashable in self._values:
                return self._values[hashable]
        made = make()
        with self._lock:
            # If two sessions made it at once, the first one stays: charts are cached by the identity of results.
            if hashable not in self._values and _bytes(made) <= CACHE_BYTES:
                self._values[hashable] = made
            return self._values.get(hashable, made)


@st.cache_resource(show_spinner=False)
def of_everybody() -> Cache:
    """Return the cache of the sample, which is the same for all sessions."""
    return Cache()


def of_session() -> Cache:
    """Return the cache of the upload of this session; no other session can read it."""
    found: Cache = st.session_state.setdefault("results", Cache())
    return found


def forget() -> None:
    """Clear the cache of the upload."""
    st.session_state.pop("results", None)


def _hashable(value: object) -> Hashable:
    """Return a hashable form of a value; filters by their words, as their order matters."""
    if isinstance(value, Filters):
        return "filters", repr(value)
    if isinstance(value, dict):
        return tuple((name, _hashable(each)) for name, each in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, tuple | list) else value


def _bytes(value: object) -> int:
    """Return roughly how many bytes a result takes, without the results that it was made of.

    Those are counted where they are cached themselves.
    """
    if isinstance(value, Made):
        return SMALL_BYTES + _bytes(value.made)
    if isinstance(value, pd.DataFrame):
        return 8 * value.size
    if isinstance(value, pd.Series | np.ndarray):
        return int(value.nbytes)
    if is_dataclass(value):
        return SMALL_BYTES + sum(_bytes(value.__dict__.get(each.name)) for each in fields(value))
    return sum(map(_bytes, value)) if isinstance(value, tuple) else SMALL_BYTES
