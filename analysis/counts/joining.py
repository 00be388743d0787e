"""Joining of ordered names, such as groups and reasons, of two tables of counts."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import isnan

import numpy as np

from analysis.cohort.arrays import Rows
from analysis.cohort.grouping import EVERYBODY


def join_names(first: Sequence[str], second: Sequence[str]) -> tuple[tuple[str, ...], Rows, Rows]:
    """Return the distinct names of both, and the indices among them of those of the first and of the second.

    Both keep their order. Otherwise numbers come first, by size, then words in alphabetical order. So the levels found
    in parts of the patients join to the levels of all patients.

    Parameters
    ----------
    first, second
        Distinct names, in order.

    Raises
    ------
    ValueError
        If their orders contradict each other.

    Examples
    --------
    >>> names, _, there = join_names(["2", "10"], ["2", "3"])
    >>> names, there.tolist()
    (('2', '3', '10'), [0, 1])
    """
    names = tuple(first) if tuple(first) == tuple(second) else _in_one_order(first, second)
    place = {name: number for number, name in enumerate(names)}
    here, there = (np.array([place[name] for name in each], dtype=np.intp) for each in (first, second))
    return names, here, there


def _in_one_order(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    followers: dict[str, list[str]] = {name: [] for name in (*first, *second)}
    awaited = dict.fromkeys(followers, 0)
    for before, after in (*pairwise(first), *pairwise(second)):
        followers[before].append(after)
        awaited[after] += 1
    ready = [(_sort_key(name), name) for name in followers if not awaited[name]]
    heapify(ready)
    names: list[str] = []
    while ready:
        _, name = heappop(ready)
        names.append(name)
        for after in followers[name]:
            awaited[after] -= 1
            if not awaited[after]:
                heappush(ready, (_sort_key(after), after))
    if len(names) < len(followers):
        raise ValueError(
            f"Two tables have the same names in different orders: {', '.join(first)}; {', '.join(second)}."
        )
    return tuple(names)


def _sort_key(name: str) -> tuple[int, float, str]:
    try:
        number = float(name)
    except ValueError:
        number = float("nan")
    # A level with the name "All" is shown in quotes; it is sorted as if without them.
    bare = name.strip('"')
    return (1, 0.0, EVERYBODY if bare == EVERYBODY else name) if isnan(number) else (0, number, "")
