"""Disclosed numbers at risk and of events: the only counts from which a shared curve is estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.times import slack
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.counts.reasons import LeftOut
from analysis.disclosure.masking import LONG, QUARTER, Disclosed, check_groups, disclosed_of_curves
from analysis.disclosure.refused import NotSharedError
from analysis.facts.observed_times import Wording

LEAVING = ("events", "competing", "censored")
NEEDED = (Disclosed.EVENTS, Disclosed.EVERYTHING, Disclosed.EVERYTHING)
TOO_FEW = (
    "This curve has too few events, or too few patients who are followed on, to be shared with counts below {least} "
    "hidden. Lower the threshold, or share a table of all patients instead."
)
LATE = "A curve with patients who come under observation later is not shared with hidden counts."


@dataclass(frozen=True, eq=False)
class DisclosedLeaving:
    """The disclosed counts of a `Leaving`; no attribute holds any others.

    Attributes
    ----------
    outcome
        The endpoint in words.
    groups
        The groups, with the patients of each who are counted.
    months
        Evenly spaced times from 0 to the last at which the number at risk is disclosed; the rows of the tables below.
    at_risk
        Patients of each group at risk; missing where hidden.
    events, competing, censored
        Numbers who left before this time, since the last disclosure of their number; missing where hidden.
    all_events, all_competing
        All events of each group; None if some, in any group, come after the last disclosed ones.
    left_out
        Why patients are not counted, in a fixed order; their numbers are hidden.
    """

    outcome: Wording
    groups: Groups
    months: Floats
    at_risk: Floats
    events: Floats
    competing: Floats
    censored: Floats
    all_events: Integers | None
    all_competing: Integers | None
    left_out: LeftOut
    late_entries: bool = False

    @property
    def number_of_patients(self) -> int:
        """The number of patients of all groups who are counted."""
        return int(self.groups.members.sum())

    @property
    def number_of_events(self) -> int | None:
        """The number of their events; None if hidden."""
        return None if self.all_events is None else int(self.all_events.sum())


def disclosed_leaving(counts: Leaving, least: int) -> DisclosedLeaving:
    """Return which counts may be disclosed, at times of a grid of months or quarters (`masking.disclosed_of_curves`).

    Parameters
    ----------
    counts
        The counts of the groups that are shown.
    least
        The threshold.

    Raises
    ------
    NotSharedError
        If a group is small, patients are in two groups or enter late, or nothing but the beginning could be disclosed.
    """
    groups = replace(counts.groups, members=counts.patients)
    check_groups(groups, least)
    check_no_late_entries(counts)
    last = float(counts.months.max()) if counts.number_of_patients else 0.0
    months = np.arange(0, last + slack(last), QUARTER if last >= LONG else 1)
    before = np.searchsorted(counts.months, [month - slack(month) for month in months])
    # By group, time and kind: how many left before each time; those who leave at a time are still at risk at it.
    left = np.stack([_up_to(getattr(counts, kind), before) for kind in LEAVING], axis=2)
    held = np.flatnonzero(counts.patients)
    disclosed = np.array(disclosed_of_curves(left[held], counts.patients[held], least) if len(held) else [], dtype=int)
    with_events = np.flatnonzero(disclosed >= Disclosed.EVENTS)
    if len(with_events) < 2 or (counts.number_of_events and not left[:, with_events[-1], 0].any()):
        raise NotSharedError(TOO_FEW.format(least=least))
    ends = 1 + int(np.flatnonzero(disclosed >= Disclosed.AT_RISK)[-1])
    at_risk = counts.patients - left.sum(axis=2).T
    changes = [_since_disclosed_last(left[:, :, kind].T, disclosed >= needed) for kind, needed in enumerate(NEEDED)]
    return DisclosedLeaving(
        outcome=counts.outcome,
        groups=groups,
        months=months[:ends],
        at_risk=np.where(disclosed >= Disclosed.AT_RISK, at_risk.T, np.nan).T[:ends],
        events=changes[0][:ends],
        competing=changes[1][:ends],
        censored=changes[2][:ends],
        all_events=_if_all(counts.events, left[:, disclosed >= NEEDED[0], 0]),
        all_competing=_if_all(counts.competing, left[:, disclosed >= NEEDED[1], 1]),
        left_out=counts.left_out.hidden(),
    )


def check_no_late_entries(counts: Leaving) -> None:
    """Raise a `NotSharedError` if patients enter late."""
    if counts.late_entries:
        raise NotSharedError(LATE)


def _up_to(leaving: Integers, before: Integers) -> Integers:
    """Return how many of each group left at the first n times, by group and n."""
    sums: Integers = np.vstack([np.zeros((1, leaving.shape[1]), dtype=int), leaving.cumsum(axis=0)])[before].T
    return sums


def _since_disclosed_last(left: Integers, disclosed: Flags) -> Floats:
    """Return how many left since the previous disclosed time, by time and group; missing where hidden."""
    added = np.full(left.shape, np.nan)
    added[disclosed] = np.diff(left[disclosed], axis=0, prepend=0)
    return added


def _if_all(happened: Integers, disclosed: Integers) -> Integers | None:
    """Return the total of each group; None unless the disclosed numbers of all groups are complete."""
    within, everything = disclosed[:, -1], happened.sum(axis=0)
    return everything if (within == everything).all() else None
