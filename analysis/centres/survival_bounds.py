"""Between which curves the survival of all patients lies, given what several centres tell of their counts.

A death at a time of which it is only told that it lies in a stretch of months lowers the curve most if it comes at the
end of the stretch, when fewest are at risk, and least if it comes at its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats, Integers
from analysis.disclosure.told_counts import Limits, ToldCurve


@dataclass(frozen=True, eq=False)
class CurveBounds:
    """Between which numbers the counts of one centre lie, by the end of each month from 0 to the last.

    Attributes
    ----------
    patients
        The number of patients.
    left_low, left_high
        How many have left the risk set.
    low, high
        How many have had the event.
    ends
        The months at which it is told how many have had the event, and the last one.
    """

    patients: int
    left_low: Integers
    left_high: Integers
    low: Integers
    high: Integers
    ends: tuple[int, ...]

    @classmethod
    def of(cls, told: ToldCurve) -> CurveBounds:
        """Return the bounds that follow from what is told of a centre.

        Raises
        ------
        ValueError
            If it cannot be of any patients.
        """
        last = len(told.left) - 1
        left_low = np.maximum.accumulate([_low(each) for each in told.left])
        left_high = np.minimum.accumulate([_high(each, told.patients) for each in told.left][::-1])[::-1]
        low, high = np.zeros_like(left_low), np.zeros_like(left_low)
        ends = tuple(month for month, each in enumerate(told.events) if each is not None)
        begin, known, gone = 0, (0, 0), 0
        for end in ends:
            until, happened = slice(begin, end + 1), told.events[end] or known
            # Who has the event leaves: not more have had it than have left, nor are more still to have it than remain.
            low[until] = np.maximum(known[0], happened[0] - (left_high[end] - left_low[until]))
            high[until] = np.minimum(happened[1], known[1] + left_high[until] - gone)
            begin, known, gone = end + 1, happened, int(left_low[end])
        found = cls(told.patients, left_low, left_high, low, high, ends)
        if ends[-1:] != (last,) or (left_low > left_high).any() or (low > high).any() or (high > left_high).any():
            raise ValueError("what is told of the times does not fit together")
        return found

    @property
    def hidden(self) -> Integers:
        """1 in each month in which a count is hidden, else 0."""
        return ((self.left_low < self.left_high) | (self.low < self.high)).astype(np.int64)


def _low(told: Limits | None) -> int:
    return 0 if told is None else told[0]


def _high(told: Limits | None, patients: int) -> int:
    return patients if told is None else told[1]


def survival_bounds(centres: Sequence[CurveBounds]) -> tuple[Floats, Floats]:
    """Return the lowest and the highest survival of all patients at the end of each month.

    Both are those of the Kaplan-Meier estimate from times in whole months, where all counts are told.

    Parameters
    ----------
    centres
        What the counts of each centre can be.
    """
    return _lowest(centres), _highest(centres)


def _lowest(centres: Sequence[CurveBounds]) -> Floats:
    """Return the curve of as many deaths as can be, each at the end of its stretch.

    The last death but k of a stretch comes before k others, and before all who are at risk at its end and do not die
    then: of so many at least it is one.
    """
    ended = np.sum([_ended(each) for each in centres], axis=0)
    open_ = np.sum([each.high - np.cumsum(_ended(each)) for each in centres], axis=0)
    others = np.sum([_others_at_risk(each) for each in centres], axis=0)
    closed = np.cumprod(_share(others, others + ended))
    before = np.concatenate([[1.0], closed[:-1]])
    found = before * _share(others, others + ended + open_)
    lowest: Floats = np.maximum.accumulate(found[::-1])[::-1]
    return lowest


def _ended(centre: CurveBounds) -> Integers:
    """Return how many died in the stretch that ends at each month, at most; of the others 0."""
    ended = np.zeros_like(centre.high)
    places = list(centre.ends)
    ended[places] = np.diff(centre.high[places], prepend=0)
    return ended


def _others_at_risk(centre: CurveBounds) -> Integers:
    """Return how many at least are at risk in each month and do not die in it."""
    remain = centre.patients - centre.left_high
    before = np.concatenate([[0], centre.left_high[:-1]])
    deaths = centre.high - np.concatenate([[0], centre.low[:-1]])
    others: Integers = np.maximum(remain, centre.patients - before - deaths)
    return others


def _highest(centres: Sequence[CurveBounds]) -> Floats:
    """Return the curve of as few deaths as can be, each at the beginning of its stretch."""
    at_risk = np.sum([each.patients - np.concatenate([[0], each.left_low[:-1]]) for each in centres], axis=0)
    months = np.arange(len(at_risk))
    deaths = np.zeros((len(months), len(months)), dtype=np.int64)  # by the month at which their stretch begins
    for each in centres:
        begin, known = 0, 0
        for end in each.ends:
            deaths[begin, begin:] += each.low[np.minimum(months[begin:], end)] - known
            begin, known = end + 1, int(each.low[end])
    survived = _share((at_risk - deaths.T).clip(0), np.broadcast_to(at_risk, deaths.shape))
    return np.minimum.accumulate(survived.prod(axis=1))


def _share(part: Integers, whole: Integers) -> Floats:
    """Return a part of a whole; 1 of nobody."""
    return np.divide(part, whole, out=np.ones(whole.shape), where=whole > 0)
