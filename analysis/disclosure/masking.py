"""Which counts may be disclosed when small ones are hidden: the arithmetic, on plain numbers.

A count is small if it is at least 1 and below a threshold. Hiding only the small counts protects nobody, because totals
reveal them: other counts are hidden with them (complementary suppression; Hundepool et al. 2012, Statistical Disclosure
Control, chapter 4). Which ones is fixed beforehand, whatever their size: from a choice such as "the next smallest",
anyone who knows the rule could work backwards (minimality attack; Wong et al. 2007, VLDB 543-554). The criterion is
that an attacker who knows the rule and everything disclosed finds more than one possible value for each small count.
What is hidden in one group is hidden in all, because their sum may be disclosed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.counts.groups import Groups
from analysis.disclosure.refused import OVERLAP, NotSharedError

QUARTER, LONG = 3, 24  # Months: curves of this length or more are disclosed by quarter, shorter ones by month.
LEAST_THRESHOLD = 3  # With a lower one, a small count could only be 1.
# Parts of a year in the order in which they are pooled: those gone, not seen, not yet due, and assessed.
POOLED_FIRST = ("died_before", "lost_before", "ended_unknown", "visit_missing", "not_yet_due", "assessed")
POOL_SIZES = (0, 3, 4, 5, 6)


class Disclosed(IntEnum):
    """How much of a curve is disclosed at a time; each value includes those before it."""

    NOTHING = 0
    AT_RISK = 1
    EVENTS = 2
    EVERYTHING = 3


def is_small(counts: Integers | Floats | int, least: int) -> Any:
    """Return whether counts are at least 1 and below the threshold."""
    return (np.asarray(counts) > 0) & (np.asarray(counts) < least)


def hidden_parts(cells: Integers, least: int) -> list[int]:
    """Return how many parts of each year are hidden, in the order of `POOLED_FIRST`.

    The sum of the hidden parts of a row follows from the others. So parts are pooled, in this order, until neither
    their sum nor any part still disclosed is small; all pooled parts are hidden. The numbers of those gone only rise
    from year to year, so that one year would reveal the next: all years hide the same parts, except for years that hide
    everything.

    Parameters
    ----------
    cells
        Patients by group, year and part; the size of each group is disclosed, and is 0 or at least the threshold.
    least
        The threshold.
    """
    pools = [max((_pool(row, least) for row in cells[:, year]), default=0) for year in range(cells.shape[1])]
    common = max((pool for pool in pools if pool < POOL_SIZES[-1]), default=0)
    return [max(pool, common) for pool in pools]


def _pool(parts: Integers, least: int) -> int:
    """Return the size of the smallest pool in a row for which no count that is disclosed or follows is small."""
    for size in POOL_SIZES[:-1]:
        if not is_small(np.append(parts[size:], parts[:size].sum()), least).any():
            return size
    return POOL_SIZES[-1]


def hidden_of(events: Integers | Floats, of: Integers | Floats, least: int) -> Flags:
    """Return for each time whether a number, or the rest of its total, is small in any group.

    Parameters
    ----------
    events, of
        The number and its total, by group and time.
    least
        The threshold.
    """
    hidden: Flags = (is_small(events, least) | is_small(of - events, least)).any(axis=0)
    return hidden


def few_differ(patients: Integers, least: int) -> bool:
    """Return whether a mean would reveal how few patients differ from the others, given the number with each value.

    It would if few have one of two values, or if many have the most frequent value and few have any other.
    """
    most = patients.max(initial=0)
    return bool(is_small(patients.sum() - most, least) and (most >= least or len(patients) <= 2))


def few_beyond(places: Floats | Integers, least: int) -> Flags:
    """Return whether fewer than `least` numbers lie below a position in the sorted numbers.

    A median, quartile or limit at that position would tell how many patients are beyond it, and the outermost value is
    that of a single patient. The size is disclosed, so that leaving it out reveals nothing.

    Parameters
    ----------
    places
        Positions from 0, in the lower half; as many numbers lie above the same position from the other end.
    least
        The threshold.
    """
    few: Flags = np.ceil(places) < least
    return few


def disclosed_times(rising: Integers, of: Integers, least: int) -> Flags:
    """Return at which times a number that only rises is disclosed.

    It is disclosed if neither the increase since its last disclosure nor the rest is small in any group. That it begins
    at 0 is known.

    Parameters
    ----------
    rising
        By group and time.
    of
        The most that it can become in each group.
    least
        The threshold.
    """
    last = np.zeros(len(of), dtype=int)
    disclosed = np.zeros(rising.shape[1], dtype=bool)
    for place in range(rising.shape[1]):
        now = rising[:, place]
        if not is_small(np.append(now - last, of - now), least).any():
            disclosed[place], last = True, now
    return disclosed


def disclosed_of_curves(left: Integers, patients: Integers, least: int) -> list[Disclosed]:
    """Return what is disclosed of curves at each time of a grid; at the first time everybody is at risk.

    The number at risk is disclosed if at least `least` patients or none left since its last disclosure, and at least
    `least` remain; so the last part of a curve is not disclosed. Events are disclosed at some of these times: if, since
    their last disclosure, neither events nor other departures are few. Competing events are disclosed at some of those
    times, if no kind is few since then. So no difference between disclosed numbers is small (compare OpenSAFELY's
    rounded Kaplan-Meier steps).

    Parameters
    ----------
    left
        How many have left by each time, by group, time and kind: event, competing event, otherwise.
    patients
        The number of patients in each group.
    least
        The threshold.
    """
    at_risk = events = everything = np.zeros((len(patients), left.shape[2]), dtype=int)
    found: list[Disclosed] = []
    since_events: list[Integers] = []
    since_everything: list[Integers] = []
    for place in range(left.shape[1]):
        now = left[:, place]
        disclosed = Disclosed.NOTHING
        gone = (now - at_risk).sum(axis=1)
        if not is_small(gone, least).any() and (patients - now.sum(axis=1) >= least).all():
            disclosed, at_risk = Disclosed.AT_RISK, now
            if _may_be_told(_in_two(events), _in_two(now), [_in_two(each) for each in since_events], least):
                disclosed, events, since_events = Disclosed.EVENTS, now, []
                if _may_be_told(everything, now, since_everything, least):
                    disclosed, everything, since_everything = Disclosed.EVERYTHING, now, []
                else:
                    since_everything.append(now)
            else:
                since_events.append(now)
        found.append(disclosed)
    return found


def _in_two(left: Integers) -> Integers:
    """Return how many left with the event, and otherwise."""
    return np.stack([left[:, 0], left[:, 1:].sum(axis=1)], axis=1)


def _may_be_told(before: Integers, now: Integers, between: Sequence[Integers], least: int) -> bool:
    """Return whether the numbers of each kind may be told of which only the sums were told in between.

    No number since `before` may be small. Nor may so few have left since a time in between that some of each kind must
    have left before it: of a small number, which was not told then, hardly any value would be left.
    """
    since = now - before
    if is_small(since, least).any():
        return False
    kinds = np.sort(since, axis=1)[:, -2]  # at least that many of two kinds
    return all((kinds - (now - each).sum(axis=1) <= least - 2).all() for each in between)


def check_groups(groups: Groups, least: int) -> None:
    """Raise a `NotSharedError` if a group is small, or patients are in two groups."""
    if groups.shared:
        raise NotSharedError(OVERLAP)
    check_sizes(list(zip(groups.names, groups.members.tolist(), strict=True)), least)


def check_sizes(sizes: Sequence[tuple[object, int]], least: int) -> None:
    """Raise a `NotSharedError` if a group is small, because every figure tells its size."""
    for group, patients in sizes:
        if is_small(patients, least):
            raise NotSharedError(
                f"Group {group} has fewer than {least} patients. With counts below {least} hidden a figure is shared "
                "only if every group has more: choose other groups, or none."
            )
