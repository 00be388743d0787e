"""Facts: values that depend on one patient alone, computed once per cohort and sliced for its selections."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar
from weakref import ref

import pandas as pd
from cachetools import LRUCache

from analysis.cohort.columns import Columns, Selected, read_only

MOST_BYTES = 1 << 30  # for all cached results of one process; one fact of a million patients may take 100 MB
SMALL_BYTES = 500  # the assumed size of anything without arrays

P = ParamSpec("P")
Made = TypeVar("Made")
Fact = Callable[P, Mapping[str, Any] | pd.DataFrame]


class Store:
    """A thread-safe cache of results by cohort: least recently used first out, and dropped with their cohort.

    The lock is held during look-ups and insertions only, never during a computation, so that no thread waits for the
    computation of another and a computation may use the cache itself. Two threads that need the same result at once
    both compute it, and both get the one that was inserted first.

    Parameters
    ----------
    most_bytes
        Capacity; a larger result is not cached.
    """

    def __init__(self, most_bytes: int) -> None:
        self._held: LRUCache[tuple[ref[object], Hashable], Any] = LRUCache(most_bytes, getsizeof=size_in_bytes)
        self._gone: deque[ref[object]] = deque()
        self._lock = Lock()

    def __len__(self) -> int:
        with self._lock:
            self._drop_gone()
            return len(self._held)

    def once(self, owner: object, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the cached result of a key; else compute it and cache it for as long as its owner is alive.

        Parameters
        ----------
        owner
            The object, usually a cohort, with which the result is dropped.
        key
            Identifies the result among those of the owner.
        make
            Computes the result; it must not return None.
        """
        with self._lock:
            self._drop_gone()
            found: Made | None = self._held.get((ref(owner), key))
        if found is not None:
            return found
        made = make()
        with self._lock:
            known_by = (ref(owner, self._gone.append), key)
            first: Made = self._held.get(known_by, made)
            if first is made and size_in_bytes(made) <= self._held.maxsize:
                self._held[known_by] = made
            return first

    def _drop_gone(self) -> None:
        """Drop the results of owners that were garbage-collected."""
        while self._gone:
            owner = self._gone.popleft()
            for known_by in [each for each in self._held if each[0] is owner]:
                del self._held[known_by]


def size_in_bytes(made: object) -> int:
    """Return the approximate memory of a result: that of its arrays, also inside tables and dataclasses."""
    if made is None or isinstance(made, str | int):
        return SMALL_BYTES
    if isinstance(made, pd.DataFrame):
        return int(made.memory_usage().sum())
    if hasattr(made, "nbytes"):
        return int(made.nbytes)
    if isinstance(made, tuple | list):
        return SMALL_BYTES + sum(map(size_in_bytes, made))
    if isinstance(made, dict):
        return SMALL_BYTES + sum(map(size_in_bytes, made.values()))
    if is_dataclass(made):
        return SMALL_BYTES + sum(size_in_bytes(getattr(made, each.name)) for each in fields(made))
    return SMALL_BYTES


STORE = Store(MOST_BYTES)


def per_patient(fact: Fact[P]) -> Callable[P, Columns]:
    """Turn a function into a fact: it is computed once for the whole cohort, and selections take their rows from it.

    A new selection of a large cohort therefore costs a slice, not a computation.

    Parameters
    ----------
    fact
        ``fact(cohort, *choices)`` returns a table, or arrays by name, with one row per patient or with the column
        ``row``, the position of each row's patient in ``cohort.patients``. What it says of a patient must not depend on
        other patients. It is called with the whole cohort; the choices must be hashable.

    Returns
    -------
    callable
        With the same arguments; it returns `Columns` of the patients of the given cohort or selection.
    """

    @wraps(fact)
    def look_up(*args: P.args, **named: P.kwargs) -> Columns:
        cohort: Any = args[0]
        choices: tuple[Any, ...] = (*args[1:], *sorted(named.items()))
        whole = cohort.whole
        ask: Callable[..., Any] = fact

        def make() -> Any:
            return ask(whole, *args[1:], **named)

        of_all: Columns = whole.store.once(
            whole, (fact, choices), lambda: Columns(whole.remembered(fact, choices, make))
        )
        if cohort is whole:
            return of_all
        selected: Selected = cohort
        found: Columns = whole.store.once(whole, (fact, choices, cohort.fingerprint), lambda: of_all.of(selected))
        return found

    return look_up


def cached(make: Callable[P, Made]) -> Callable[P, Made]:
    """Cache a function of a cohort and hashable choices: it is computed once for each set of patients."""

    @wraps(make)
    def look_up(*args: P.args, **named: P.kwargs) -> Made:
        cohort: Any = args[0]
        key = (make, cohort.fingerprint, args[1:], *sorted(named.items()))
        return cohort.whole.store.once(cohort.whole, key, lambda: read_only(make(*args, **named)))

    return look_up
