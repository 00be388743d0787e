"""Which counts may be disclosed when small ones are hidden: the arithmetic, on plain numbers.

A count is small if it is at least 1 and below a threshold. To leave out small counts alone protects nobody, for totals
give them back: other counts are left out with them (complementary suppression; Hundepool et al. 2012, Statistical
Disclosure Control, chapter 4). Which ones is fixed beforehand and does not depend on their size, for someone who knows
the rule could work backwards from a choice such as "the next smallest" (minimality attack; Wong et al. 2007, VLDB
543-554). The criterion is that of an attacker who knows the rule and everything disclosed: no small count has only one
possible value. What is hidden in one group is hidden in all, whose sum may be disclosed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.counts.groups import Groups
from analysis.disclosure.refused import OVERLAP, NotSharedError

QUARTER, LONG = 3, 24  # Months between the times that are disclosed, and from which length on; else each month.
LEAST_THRESHOLD = 3  # Below it a small count could only be 1.
# Parts of a year in the order in which they are put together: who is gone, who was not seen, who is not due, the rest.
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

    The sum of the hidden parts of a row follows from the others. So parts are put together, in this order, until
    neither their sum nor any part still disclosed is small; all parts of the sum are hidden. Those who are gone can
    only become more from year to year, and a year would give away the next one: all years hide the same parts, but for
    years that hide everything.

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
    """Return the smallest pool of one row with which nothing that is disclosed or follows is small."""
    for size in POOL_SIZES[:-1]:
        if not is_small(np.append(parts[size:], parts[:size].sum()), least).any():
            return size
    return POOL_SIZES[-1]


def hidden_of(events: Integers | Floats, of: Integers | Floats, least: int) -> Flags:
    """Return for each time whether a number, or the rest of those it is of, is small in any group.

    Parameters
    ----------
    events, of
        By group and time.
    least
        The threshold.
    """
    hidden: Flags = (is_small(events, least) | is_small(of - events, least)).any(axis=0)
    return hidden


def few_differ(patients: Integers, least: int) -> bool:
    """Return whether a mean would tell how few have another value than most, given how many have each value.

    So it is of two values, of which few have one; and of more, if few have another one than the most frequent, which
    many have.
    """
    most = patients.max(initial=0)
    return bool(is_small(patients.sum() - most, least) and (most >= least or len(patients) <= 2))


def few_beyond(places: Floats | Integers, least: int) -> Flags:
    """Return whether fewer than `least` numbers lie below a place among numbers in order.

    A median, a quartile or a limit at that place would tell how many patients are beyond it, and the outermost one is
    the value of one patient. How many there are at all is disclosed, so to leave it out tells nothing.

    Parameters
    ----------
    places
        From 0, in the lower half; as many lie above its counterpart in the upper half.
    least
        The threshold.
    """
    few: Flags = np.ceil(places) < least
    return few


def disclosed_times(rising: Integers, of: Integers, least: int) -> Flags:
    """Return at which times a number that only rises is disclosed.

    It is disclosed where neither what was added since it was disclosed last nor the rest is small in any group; 0 is
    known.

    Parameters
    ----------
    rising
        By group and time.
    of
        How many it may become at most in each group.
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
    """Return what is disclosed of curves at each time of a grid; the first time is that at which everybody is at risk.

    The number at risk is disclosed where at least `least` people or nobody left since it was disclosed last, and at
    least so many remain: the last part of a curve is not disclosed. Events, and competing events, are disclosed at some
    of these times: where the same holds for them, and for those who left otherwise, since both were disclosed last. So
    no difference between disclosed numbers is small, and the number of a kind within a longer stretch can be worked
    out from that of no shorter one (compare OpenSAFELY's rounded Kaplan-Meier steps).

    Parameters
    ----------
    left
        How many have left by each time, by group, time and kind: event, competing event, otherwise.
    patients
        Of each group.
    least
        The threshold.
    """
    at_risk = events = everything = np.zeros((len(patients), left.shape[2]), dtype=int)
    found = []
    for place in range(left.shape[1]):
        now = left[:, place]
        disclosed = Disclosed.NOTHING
        gone = (now - at_risk).sum(axis=1)
        if not is_small(gone, least).any() and (patients - now.sum(axis=1) >= least).all():
            disclosed, at_risk = Disclosed.AT_RISK, now
            since = now - events
            if not is_small(np.append(since[:, 0], since[:, 1:].sum(axis=1)), least).any():
                disclosed, events = Disclosed.EVENTS, now
                if not is_small(now - everything, least).any():
                    disclosed, everything = Disclosed.EVERYTHING, now
        found.append(disclosed)
    return found


def check_groups(groups: Groups, least: int) -> None:
    """Raise a `NotSharedError` if a group is small itself, or patients are in two groups."""
    if groups.shared:
        raise NotSharedError(OVERLAP)
    check_sizes(list(zip(groups.names, groups.members.tolist(), strict=True)), least)


def check_sizes(sizes: Sequence[tuple[object, int]], least: int) -> None:
    """Raise a `NotSharedError` if a group, whose size every figure tells, is small itself."""
    for group, patients in sizes:
        if is_small(patients, least):
            raise NotSharedError(
                f"Group {group} has fewer than {least} patients. With counts below {least} hidden a figure is shared "
                "only if every group has more: choose other groups, or none."
            )
