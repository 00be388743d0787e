"""Which counts of one centre are told for a sum with others, and between which values the hidden ones lie.

The rule of `analysis.disclosure.masking` is made stricter in three respects, since a centre answers again once it has
more patients, and who knows the new one could subtract. A count is told from one above the threshold on, so that it was
not small before one more patient either. A zero is hidden like a small count, as the next patient could make it 1. And
times are halved and halved again at fixed months, as long as enough patients leave in both halves: whatever is told of
fewer patients is then told of more, and two answers together tell no finer times than each tells of enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Limits: TypeAlias = tuple[int, int]  # the least and the most that a number can be; equal where it is told
Told: TypeAlias = tuple[Limits | None, ...]  # None where nothing is told


@dataclass(frozen=True)
class ToldCurve:
    """What is told of times to an event, by month from 0 to the last.

    Attributes
    ----------
    patients
        The number of patients; all have left by the last month.
    left
        How many have left the risk set by the end of each month, in any way.
    events
        How many of them with the event; in the last month, how many in all.
    """

    patients: int
    left: Told
    events: Told


def fewest_patients(least: int) -> int:
    """Return how many patients there must be, so that a part and its rest are not both small."""
    return 2 * least + 1


def told_part(number: int, of: int, least: int) -> Limits:
    """Return between which values a part of a known total is told to lie.

    Parameters
    ----------
    number, of
        The part, and the total.
    least
        The threshold: the part is told if it and the rest are above it.

    Examples
    --------
    >>> told_part(23, 83, 5), told_part(3, 83, 5), told_part(81, 83, 5), told_part(3, 8, 5)
    ((23, 23), (0, 5), (78, 83), (0, 8))
    """
    if min(number, of - number) > least:
        return number, number
    if of < fewest_patients(least):
        return 0, of
    return (0, least) if number <= least else (of - least, of)


def told_curve(left: Sequence[int], events: Sequence[int], least: int) -> ToldCurve:
    """Return what is told of times to an event.

    Parameters
    ----------
    left, events
        How many have left, and how many of them with the event, by the end of each month from 0 to the last, by which
        all have left.
    least
        The threshold.
    """
    patients, last = left[-1], len(left) - 1
    left_by, events_by = [0, *left], [0, *events]  # before each month
    told_left, told_events = {last: (patients, patients)}, {last: told_part(events[-1], patients, least)}
    if told_events[last] == (events[-1], events[-1]):
        for month in _halved(left_by, events_by, 0, last + 1, least):
            told_left[month] = left[month], left[month]
            told_events[month] = events[month], events[month]
    for begin, end in pairwise([0, *(1 + month for month in sorted(told_events))]):
        told_left |= _parted(left_by, begin, end, least)
    return ToldCurve(patients, *(tuple(map(told.get, range(last + 1))) for told in (told_left, told_events)))


def _halved(left: Sequence[int], events: Sequence[int], begin: int, end: int, least: int) -> Iterator[int]:
    """Yield the last months of the first halves of a stretch, if enough leave in both with the event and without."""
    middle = (begin + end) // 2
    if begin < middle < end:
        parts = [
            (events[after] - events[before], left[after] - left[before])
            for before, after in ((begin, middle), (middle, end))
        ]
        if min(min(happened, gone - happened) for happened, gone in parts) > least:
            yield middle - 1
            yield from _halved(left, events, begin, middle, least)
            yield from _halved(left, events, middle, end, least)


def _parted(left: Sequence[int], begin: int, end: int, least: int) -> dict[int, Limits]:
    """Return what is told of how many have left by some months of a stretch, of which it is told how many leave."""
    middle = (begin + end) // 2
    if not begin < middle < end:
        return {}
    before, parts = left[begin], (left[middle] - left[begin], left[end] - left[middle])
    if min(parts) <= least:
        return _few_in_a_half(left, begin, end, (before, left[end]), least)
    halves = (begin, middle), (middle, end)
    told = {middle - 1: (left[middle], left[middle])}
    return told | {key: each for half in halves for key, each in _parted(left, *half, least).items()}


def _few_in_a_half(left: Sequence[int], begin: int, end: int, known: Limits, least: int) -> dict[int, Limits]:
    """Return in which half of a stretch few leave, and so on of the other half, as long as enough leave in that.

    Parameters
    ----------
    left
        How many have left before each month.
    begin, end
        The first month of the stretch, and the one after it.
    known
        The most who have left before it, and the fewest who have left by its end.
    least
        The threshold.
    """
    middle, (most_before, fewest_after) = (begin + end) // 2, known
    if not begin < middle < end or fewest_after - most_before < fewest_patients(least):
        return {}
    if left[middle] - left[begin] <= least:
        known = most_before + least, fewest_after
        return {middle - 1: (0, known[0])} | _few_in_a_half(left, middle, end, known, least)
    if left[end] - left[middle] <= least:
        known = most_before, fewest_after - least
        return {middle - 1: (known[1], left[-1])} | _few_in_a_half(left, begin, middle, known, least)
    return {}


@dataclass(frozen=True)
class ToldYears:
    """What is told of yearly shares: denominator and numerator of each year.

    Attributes
    ----------
    patients, events
        The least and the most that each can be.
    """

    patients: tuple[Limits, ...]
    events: tuple[Limits, ...]


def told_years(patients: Sequence[int], events: Sequence[int], of: int, least: int) -> ToldYears:
    """Return what is told of yearly shares.

    Parameters
    ----------
    patients, events
        Denominator and numerator by year.
    of
        The number of all patients.
    least
        The threshold.

    Examples
    --------
    >>> told_years([83, 39], [23, 3], 87, 5)
    ToldYears(patients=((82, 87), (39, 39)), events=((23, 23), (0, 5)))
    """
    seen = tuple(told_part(number, of, least) for number in patients)
    return _told_of(seen, events, least)


def told_beside(patients: Sequence[int], events: Sequence[int], other: ToldYears, of: int, least: int) -> ToldYears:
    """Return what is told of yearly shares whose denominators are nearly those of others that are told.

    How many are in one denominator and not in the other would follow from both, if it were few.

    Parameters
    ----------
    patients, events, of, least
        As in `told_years`.
    other
        What is told of the others.
    """
    seen = tuple(_told_near(number, near, of, least) for number, near in zip(patients, other.patients, strict=True))
    return _told_of(seen, events, least)


def _told_near(number: int, near: Limits, of: int, least: int) -> Limits:
    """Return what is told of a denominator that may be near another one, of which limits are told.

    Limits that leave few below or above them go to the end: whoever crosses them would tell of how many those are.
    """
    low, high = max(0, near[0] - least), min(of, near[1] + least)
    low, high = low if low > least else 0, high if of - high > least else of
    return (low, high) if low <= number <= high else told_part(number, of, least)


def _told_of(seen: tuple[Limits, ...], events: Sequence[int], least: int) -> ToldYears:
    return ToldYears(seen, tuple(_told_events(each, of, least) for each, of in zip(events, seen, strict=True)))


def _told_events(events: int, seen: Limits, least: int) -> Limits:
    low, high = seen
    if low == high:
        return told_part(events, low, least)
    if min(events, low - events) > least:  # not of the number itself, which would follow
        return events, events
    if high < fewest_patients(least):
        return 0, high
    return (0, least) if events <= least else (max(0, low - least), high)
