"""Facts: what is said of each patient alone, worked out once a cohort; its selections take their rows from there."""

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

MOST_BYTES = 1 << 30  # of all facts in one process; of a million patients one may take 100 MB
SMALL_BYTES = 500  # what anything is taken for that holds no array

P = ParamSpec("P")
Made = TypeVar("Made")
Fact = Callable[P, Mapping[str, Any] | pd.DataFrame]


class Store:
    """What was made of cohorts, while there is room and the cohort is in use; what was not asked for the longest goes.

    The lock is held while something is looked up or put down, never while it is made: nobody waits for the long
    computation of another, and what is made may ask for other things on its way. Two who ask for the same at once both
    make it, and both are given the one that was put down first.

    Parameters
    ----------
    most_bytes
        How much there is room for; what is larger is made anew each time.
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
        """Return what is known of an owner by a key; else make it and keep it as long as the owner lives."""
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
        """Drop what belongs to owners that nobody uses any more."""
        while self._gone:
            owner = self._gone.popleft()
            for known_by in [each for each in self._held if each[0] is owner]:
                del self._held[known_by]


def size_in_bytes(made: object) -> int:
    """Return about how much memory something takes: its arrays, in tables and dataclasses too."""
    if isinstance(made, pd.DataFrame):
        return int(made.memory_usage().sum())
    if hasattr(made, "nbytes"):
        return int(made.nbytes)
    if isinstance(made, tuple | list):
        return SMALL_BYTES + sum(map(size_in_bytes, made))
    if is_dataclass(made):
        return SMALL_BYTES + sum(size_in_bytes(getattr(made, each.name)) for each in fields(made))
    return SMALL_BYTES


STORE = Store(MOST_BYTES)


def per_patient(fact: Fact[P]) -> Callable[P, Columns]:
    """Make a function a fact: it says something of each patient alone, and is worked out once a cohort.

    A selection takes the rows of its patients from the fact of the whole cohort, so that a new question of a large
    cohort does not begin anew.

    Parameters
    ----------
    fact
        ``fact(cohort, *choices)`` returns a table, or arrays by name: of a row a patient, or with the column ``row``,
        the place of the patient among the patients. What it says of a patient depends on no other one. It is given the
        whole cohort; the choices are hashable.
    """

    @wraps(fact)
    def look_up(*args: P.args, **named: P.kwargs) -> Columns:
        cohort: Any = args[0]
        choices: tuple[Any, ...] = (*args[1:], *sorted(named.items()))
        whole = cohort.whole
        ask: Callable[..., Any] = fact
        of_all = STORE.once(whole, (fact, choices), lambda: Columns(ask(whole, *args[1:], **named)))
        if cohort is whole:
            return of_all
        selected: Selected = cohort
        return STORE.once(whole, (fact, choices, cohort.fingerprint), lambda: of_all.of(selected))

    return look_up


def cached(make: Callable[P, Made]) -> Callable[P, Made]:
    """Make a function of a cohort and of hashable choices one that is worked out once for the same patients."""

    @wraps(make)
    def look_up(*args: P.args, **named: P.kwargs) -> Made:
        cohort: Any = args[0]
        key = (make, cohort.fingerprint, args[1:], *sorted(named.items()))
        return STORE.once(cohort.whole, key, lambda: read_only(make(*args, **named)))

    return look_up
