"""Telling how far a question is; whoever is told can stop it by raising an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    before = _tell.set(whom)
    try:
        yield
    finally:
        _tell.reset(before)
