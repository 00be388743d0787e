"""What was made of a cohort, kept for the next question; several threads may ask at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

Made = TypeVar("Made")

MOST_KNOWN = 32  # A page needs half as many; of a large cohort each may be 100 MB.
UNKNOWN = object()


class Known:
    """The last things that were made, by what they were made from.

    The lock is held while something is looked up or put down, never while it is made: nobody waits for the long
    computation of another, and what is made may ask for other things on its way. Two who ask for the same at once both
    make it, and both are given the one that was put down first.
    """

    def __init__(self) -> None:
        self._held: dict[Hashable, object] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is known by the key; else make it and keep it."""
        with self._lock:
            found = self._asked_for(key)
        if found is UNKNOWN:
            made = make()
            with self._lock:
                found = self._asked_for(key)
                if found is UNKNOWN:
                    found = self._held[key] = made
                while len(self._held) > MOST_KNOWN:
                    del self._held[next(iter(self._held))]
        return cast(Made, found)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()

    def _asked_for(self, key: Hashable) -> object:
        """Return what is known by a key, as the last that was asked for: the first goes first."""
        found = self._held.pop(key, UNKNOWN)
        if found is not UNKNOWN:
            self._held[key] = found
        return found

    def __reduce__(self) -> tuple[type[Known], tuple[()]]:
        return Known, ()  # a copy in another process knows nothing yet
