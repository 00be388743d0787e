"""Sums over the patients at risk at each time, where one may weigh many powers of ten more than another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Rows

NOBODY = -1e300  # the logarithm of a weight of nothing, with which one can still reckon


@dataclass(frozen=True, eq=False)
class _Gathering:
    """Which rows are added up to which sum.

    Attributes
    ----------
    order
        The rows by sum.
    starts
        Where each sum begins among them.
    """

    order: Rows
    starts: Rows

    def add(self, logs: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return of each sum the largest logarithm of a weight, and the weighted values in units of that weight."""
        own = logs[self.order]
        largest = np.maximum.reduceat(own, self.starts)
        weights = np.exp(own - np.repeat(largest, np.diff(np.append(self.starts, len(own)))))
        return largest, np.add.reduceat(weights[:, None] * values[self.order], self.starts, axis=0)


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk at each of some times: from after their entry until they leave.

    A sum over a risk set is never a difference of sums over others: a patient who weighs e^40 times as much as
    the others, and has not come yet, would leave nothing of them. So the times are halved again and again, each row is
    added to the few largest parts that it is at risk throughout, and each time gathers the parts that it is in.

    Attributes
    ----------
    number
        Of the times.
    stretches
        The rows by when they come and go.
    parts, nodes
        Those by part, and the place of each part that has any among all: 1 is all times, 2 and 3 its halves, ...
    """

    number: int
    stretches: _Gathering
    parts: _Gathering
    nodes: Rows

    @classmethod
    def of(cls, entry: Floats, months: Floats, times: Floats) -> RiskSets:
        """Return the risk sets of rows that are at risk after `entry` until and at `months`, at rising times."""
        first, end = (np.searchsorted(times, when, side="right") for when in (entry, months))
        stretches, _ = _gathering(np.where(first < end, first * (len(times) + 1) + end, -1))
        stretch = stretches.order[stretches.starts]
        parts, nodes = _parts(first[stretch], end[stretch], _size(len(times)))
        return cls(len(times), stretches, parts, nodes)

    def sums(self, logs: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return of each time the largest logarithm of a weight at risk, and the weighted values in units of it.

        Parameters
        ----------
        logs
            The logarithm of what each row weighs.
        values
            What is added up, a row a row.
        """
        size = _size(self.number)
        scale, total = np.full(2 * size, NOBODY), np.zeros((2 * size, values.shape[1]))
        scale[self.nodes], total[self.nodes] = self.parts.add(*self.stretches.add(logs, values))
        width = 1
        while width < size:
            above, below = slice(width, 2 * width), slice(2 * width, 4 * width)
            handed = np.repeat(scale[above], 2)
            larger = np.maximum(scale[below], handed)
            total[below] *= np.exp(scale[below] - larger)[:, None]
            total[below] += np.exp(handed - larger)[:, None] * np.repeat(total[above], 2, axis=0)
            scale[below] = larger
            width *= 2
        leaves = slice(size, size + self.number)
        return scale[leaves], total[leaves]


def _gathering(keys: NDArray[np.intp]) -> tuple[_Gathering, Rows]:
    """Return the rows by key, and the keys; below 0 a row is in no sum."""
    order = np.argsort(keys, kind="stable")
    order = order[np.count_nonzero(keys < 0) :]
    found, starts = np.unique(keys[order], return_index=True)
    return _Gathering(order, starts), found


def _parts(first: Rows, end: Rows, size: int) -> tuple[_Gathering, Rows]:
    """Return each stretch of times, from the first to before the end, as the largest parts that it is made of."""
    low, high, place = first + size, end + size, np.arange(len(first))
    held, nodes = [], []
    while len(place):
        for chosen, node in ((low % 2 == 1, low), (high % 2 == 1, high - 1)):
            held.append(place[chosen])
            nodes.append(node[chosen])
        low, high = (low + 1) // 2, high // 2
        left = low < high
        low, high, place = low[left], high[left], place[left]
    gathered, found = _gathering(np.concatenate(nodes))
    return _Gathering(np.concatenate(held)[gathered.order], gathered.starts), found


def _size(times: int) -> int:
    """Return into how many equal parts the times are halved at last: a power of 2."""
    return 1 << (times - 1).bit_length()
