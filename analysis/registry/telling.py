"""Telling how far a question is; whoever is told can stop it by raising an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from threading import Lock
from time import monotonic
from typing import TypeAlias

TOLD_EVERY = 0.2  # seconds
Tell: TypeAlias = Callable[[float | None, str], None]  # the fraction done, None if it is not known, and what is done


def _nobody(share: float | None, words: str) -> None:
    """Tell nobody."""


_tell: ContextVar[Tell] = ContextVar("tell", default=_nobody)


def tell(share: float | None, words: str) -> None:
    """Tell whoever listens how far a question is."""
    _tell.get()(share, words)


@contextmanager
def telling(whom: Tell) -> Iterator[None]:
    """Call a function now and then, some times a second, while questions are answered.

    Parameters
    ----------
    whom
        Gets the fraction done, or None, and in words what is done. If it raises, the question is stopped.
    """
    told_at = -inf

    def now_and_then(share: float | None, words: str) -> None:
        nonlocal told_at
        if monotonic() - told_at >= TOLD_EVERY:
            told_at = monotonic()
            whom(share, words)

    before = _tell.set(now_and_then)
    try:
        yield
    finally:
        _tell.reset(before)


class Locks:
    """A lock for each name, so that who waits for one thing does not wait for another."""

    def __init__(self) -> None:
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    @contextmanager
    def held(self, name: str, words: str) -> Iterator[None]:
        """Hold a lock; whoever waits for it is told what is done meanwhile, and can go."""
        with self._lock:
            lock = self._locks.setdefault(name, Lock())
        while not lock.acquire(timeout=TOLD_EVERY):
            tell(None, words)
        try:
            yield
        finally:
            lock.release()
