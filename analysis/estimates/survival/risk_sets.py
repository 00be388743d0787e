"""Sums over the risk set at each time, stable for weights of very different size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Rows

NOBODY = -1e300  # log weight of an empty risk set; finite, so that differences are defined


@dataclass(frozen=True, eq=False)
class _GroupedRows:
    """A grouping of rows into sums.

    Attributes
    ----------
    order
        The rows, sorted by sum.
    starts
        The position in `order` at which each sum begins.
    """

    order: Rows
    starts: Rows

    def add(self, logs: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return for each sum the largest log weight, and the weighted sum of values relative to that weight."""
        own = logs[self.order]
        largest = np.maximum.reduceat(own, self.starts)
        weights = np.exp(own - np.repeat(largest, np.diff(np.append(self.starts, len(own)))))
        return largest, np.add.reduceat(weights[:, None] * values[self.order], self.starts, axis=0)


@dataclass(frozen=True, eq=False)
class RiskSets:
    """The risk sets at given times, as a segment tree.

    Sums over risk sets are not differences of cumulative sums: a patient who weighs e^40 times as much as the others
    would cancel all their digits. Instead the times are halved repeatedly. Each row is added to the few largest
    segments throughout which it is at risk, and the sum at a time is that over the segments that contain it.

    Attributes
    ----------
    number
        Number of times.
    stretches
        Rows grouped by entry and end.
    parts, nodes
        Stretches grouped by segment, and the node of each segment in the tree: 1 is all times, 2 and 3 its halves, ...
    """

    number: int
    stretches: _GroupedRows
    parts: _GroupedRows
    nodes: Rows

    @classmethod
    def of(cls, entry: Floats, months: Floats, times: Floats) -> RiskSets:
        """Return the risk sets at increasing times of rows at risk in (entry, months]."""
        first, end = (np.searchsorted(times, when, side="right") for when in (entry, months))
        stretches, _ = _grouped(np.where(first < end, first * (len(times) + 1) + end, -1))
        stretch = stretches.order[stretches.starts]
        parts, nodes = _parts(first[stretch], end[stretch], _size(len(times)))
        return cls(len(times), stretches, parts, nodes)

    def sums(self, logs: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return for each time the largest log weight at risk, and the weighted sum of values relative to it.

        Parameters
        ----------
        logs
            The log weight of each row.
        values
            The values to be summed: rows by columns.
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


def _grouped(keys: NDArray[np.intp]) -> tuple[_GroupedRows, Rows]:
    """Return the rows grouped by key, and the distinct keys; rows with a negative key are left out."""
    order = np.argsort(keys, kind="stable")
    order = order[np.count_nonzero(keys < 0) :]
    found, starts = np.unique(keys[order], return_index=True)
    return _GroupedRows(order, starts), found


def _parts(first: Rows, end: Rows, size: int) -> tuple[_GroupedRows, Rows]:
    """Return each stretch [first, end) as the largest segments that it consists of, and their nodes."""
    low, high, place = first + size, end + size, np.arange(len(first))
    held, nodes = [], []
    while len(place):
        for chosen, node in ((low % 2 == 1, low), (high % 2 == 1, high - 1)):
            held.append(place[chosen])
            nodes.append(node[chosen])
        low, high = (low + 1) // 2, high // 2
        left = low < high
        low, high, place = low[left], high[left], place[left]
    gathered, found = _grouped(np.concatenate(nodes))
    return _GroupedRows(np.concatenate(held)[gathered.order], gathered.starts), found


def _size(times: int) -> int:
    """Return the number of leaves of the tree: the next power of 2."""
    return 1 << (times - 1).bit_length()
