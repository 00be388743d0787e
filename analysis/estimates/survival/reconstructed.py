"""A survival curve read off a publication, as the counts that it was drawn from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import count_words
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.estimates.common.result import Result
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_words

TREMBLE = 0.01  # by so much a point may lie above an earlier one: the hand of whoever reads it trembles
CLOSE, FAIR = 0.01, 0.03  # largest differences that are called close, and fair
STEPS = 50  # most corrections of the number censored in an interval; a few are needed
LEFT_OUT = pd.DataFrame({"reason": pd.Series(dtype=object), "patients": pd.Series(dtype=np.int64)})


class _Interval(NamedTuple):
    """What is found of one interval: events by point, times of the censored, and at its end who is left, and survival.

    `missed` is the largest distance of the curve from a point.
    """

    events: Integers
    censored: Floats
    left: int
    survival: float
    missed: float


@dataclass(frozen=True, repr=False)
class Reconstructed(Result):
    """A curve from which the counts were found again.

    Attributes
    ----------
    question, method
        What it answers, and how.
    left_out
        reason, patients: empty.
    points
        months, survival (as read), reconstructed, difference (reconstructed less read): one row per point.
    at_risk
        months, published, reconstructed: the numbers at risk.
    counts
        The counts, for `KaplanMeier.of` and everything else that takes them.
    root_mean_square, largest
        How far the reconstructed curve misses the points, in shares of 1.
    fit
        The same in words.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    points: pd.DataFrame
    at_risk: pd.DataFrame
    counts: Leaving
    root_mean_square: float
    largest: float
    fit: str


def reconstruct(
    months: Sequence[float],
    survival: Sequence[float],
    risk_months: Sequence[float],
    at_risk: Sequence[int],
    *,
    events: int | None = None,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
) -> Reconstructed:
    """Return the events and censored times behind a published Kaplan-Meier curve.

    Between two numbers at risk the censored are spread evenly, as many of them as make the number at the end right. The
    events at a point are those that bring the curve down to it. After the last number at risk as many are censored as
    make the total of events right, if that is told, and the curve come near its points; of several such numbers, as
    many per month as before. Whoever is left is censored at the last point.

    It says nothing of single patients: which of them was censored when is an assumption. Every estimate from it has
    more uncertainty than its limits tell.

    Parameters
    ----------
    months, survival
        The points read off the curve, in order of time: at every step at least one, and its end. Shares of 1. A point
        may lie above an earlier one by up to 0.01, and is then lowered to it.
    risk_months, at_risk
        The numbers at risk printed under the curve; the first is at month 0.
    events
        The total number of events, if the publication tells it.
    endpoint
        What the events are, in the words of this app.

    Raises
    ------
    ValueError
        If times or numbers are not in order, a share is not one, numbers at risk are missing, or there are more events
        than patients; it names the row.

    References
    ----------
    Guyot P, Ades AE, Ouwens MJNM, Welton NJ (2012), BMC Medical Research Methodology 12:9.

    Examples
    --------
    >>> found = reconstruct([2, 4, 6], [0.9, 0.675, 0.45], [0, 5], [10, 6], events=5)
    >>> found.counts.number_of_events, found.at_risk["reconstructed"].tolist(), round(found.largest, 3)
    (5, [10, 6], 0.0)
    """
    times, shares = _checked_points(months, survival)
    risk_times, risk = _checked_risk(risk_months, at_risk, events)
    ends = np.append(risk_times[1:], max(times[-1], risk_times[-1]))
    found: list[_Interval] = []
    left, level = int(risk[0]), 1.0
    for place, (start, end) in enumerate(zip(risk_times, ends, strict=True)):
        last = place == len(risk_times) - 1
        own = (times >= start) & ((times < end) | last)
        asked = _Asked(times[own], shares[own], float(start), float(end), left, level)
        if last:
            before = sum(int(each.events.sum()) for each in found)
            found.append(_last(asked, found, None if events is None else events - before))
        else:
            found.append(_to_number(asked, int(risk[place + 1])))
        left, level = found[-1].left, found[-1].survival
    return _result(times, shares, risk_times, risk, found, left, events, endpoint)


class _Asked(NamedTuple):
    """One interval: its points, its ends, and how many and how much survival it begins with."""

    times: Floats
    shares: Floats
    start: float
    end: float
    left: int
    survival: float

    def with_censored(self, number: int) -> _Interval:
        """Return what follows if so many are censored in it, evenly spread."""
        censored = self.start + (np.arange(number) + 0.5) / max(number, 1) * (self.end - self.start)
        gone = np.searchsorted(censored, self.times, side="left")
        level, missed, events = self.survival, 0.0, [0]
        for place, share in enumerate(self.shares):
            present = max(self.left - int(gone[place]) - sum(events), 0)
            dead = min(math.floor(present * (1 - share / level) + 0.5), present) if level > 0 else 0
            level *= 1 - dead / present if present else 1.0
            events.append(dead)
            missed = max(missed, abs(level - share))
        left = self.left - sum(events) - number
        return _Interval(np.array(events[1:], dtype=np.int64), censored, left, level, missed)


def _to_number(asked: _Asked, target: int) -> _Interval:
    """Return the interval whose end has as many left as printed, or as nearly as there is one."""
    number, tried = 0, {}
    for _ in range(STEPS):
        if number in tried:
            break
        tried[number] = asked.with_censored(number)
        number = max(number + tried[number].left - target, 0)
    return min(tried.values(), key=lambda each: abs(each.left - target))


def _last(asked: _Asked, before: list[_Interval], events: int | None) -> _Interval:
    """Return the last interval, after which no number is printed.

    It has the total of events, if that is told; else, or if several have, it comes within `TREMBLE` of the points; of
    those, as many are censored per month as before.
    """
    censored = sum(len(each.censored) for each in before)
    expected = censored / asked.start * (asked.end - asked.start) if asked.start else 0.0

    def apart(each: _Interval) -> tuple[float, float, float]:
        number = 0 if events is None else abs(int(each.events.sum()) - events)
        return number, max(each.missed, TREMBLE), abs(len(each.censored) - expected)

    tries = (asked.with_censored(number) for number in range(asked.left + 1))
    return min((each for each in tries if each.left >= 0), key=apart)


def _result(
    times: Floats,
    shares: Floats,
    risk_times: Floats,
    risk: Integers,
    found: list[_Interval],
    left: int,
    events: int | None,
    endpoint: AnyEndpoint,
) -> Reconstructed:
    happened = np.concatenate([each.events for each in found])
    end = max(float(times[-1]), float(risk_times[-1]))
    censored = np.append(np.concatenate([each.censored for each in found]), np.full(max(left, 0), end))
    months = np.unique(np.concatenate([[0.0], times, censored]))
    of_kind = np.zeros((2, len(months), 1), dtype=np.int64)
    np.add.at(of_kind[0], np.searchsorted(months, times), happened[:, None])
    np.add.at(of_kind[1], np.searchsorted(months, censored), 1)
    none = np.zeros_like(of_kind[0])
    groups = Groups(None, (EVERYBODY,), of_kind.sum(axis=(0, 1)))
    counts = Leaving(endpoint_words(endpoint), groups, months, of_kind[0], none, of_kind[1], none)
    curve = KaplanMeier.of(counts).curve
    at = np.searchsorted(curve["months"].to_numpy(), times, side="right") - 1
    points = pd.DataFrame({"months": times, "survival": shares, "reconstructed": curve["survival"].to_numpy()[at]})
    points["difference"] = points["reconstructed"] - points["survival"]
    gone = np.append(np.repeat(times, happened), censored)
    again = [int((gone >= each).sum()) for each in risk_times]
    missed = points["difference"].to_numpy()
    rms, largest = float(np.sqrt(np.mean(missed**2))), float(np.abs(missed).max())
    patients, number = int(of_kind.sum()), int(happened.sum())
    total = "" if events is None else f" of {events:,} that were told"
    return Reconstructed(
        question="Which events and censored times were behind the curve?",
        method=f"Reconstruction from {count_words(len(times), 'point')} of the curve and "
        f"{count_words(len(risk), 'number')} at risk (Guyot et al. 2012), {count_words(patients, 'patient')}, "
        f"{count_words(number, 'event')}{total}.",
        left_out=LEFT_OUT.copy(),
        points=points,
        at_risk=pd.DataFrame({"months": risk_times, "published": risk, "reconstructed": again}),
        counts=counts,
        root_mean_square=rms,
        largest=largest,
        fit=_fit(rms, largest, risk, again, number, events),
    )


def _fit(rms: float, largest: float, risk: Integers, again: list[int], number: int, events: int | None) -> str:
    how = "close" if largest <= CLOSE else "fair" if largest <= FAIR else "poor: read the points again"
    missed = f"{100 * rms:.1f} percentage points (root mean square), at most by {100 * largest:.1f}"
    told = [f"The curve misses the points by {missed}: {how}."]
    apart = int(np.abs(np.array(again) - risk).max())
    if apart:
        told.append(f"Numbers at risk differ by up to {apart:,}.")
    if events is not None and number != events:
        told.append(f"There are {number:,} events where {events:,} were told.")
    return " ".join(told)


def _checked_points(months: Sequence[float], survival: Sequence[float]) -> tuple[Floats, Floats]:
    times, shares = np.asarray(months, dtype=float), np.asarray(survival, dtype=float)
    if len(times) != len(shares) or not len(times):
        raise ValueError(f"A curve has as many times as shares, and at least one; here {len(times)} and {len(shares)}.")
    lowest = 1.0
    for row, (time, share) in enumerate(zip(times, shares, strict=True), start=1):
        if not (np.isfinite(time) and time >= 0):
            raise ValueError(f"Row {row}: a time is a number of months from 0.")
        if row > 1 and time < times[row - 2]:
            raise ValueError(f"Row {row}: month {time:g} comes after month {times[row - 2]:g}; times must rise.")
        if not 0 <= share <= 1:
            raise ValueError(f"Row {row}: survival {share:g} is not a share from 0 to 1 (percent divided by 100).")
        if share > lowest + TREMBLE:
            raise ValueError(f"Row {row}: survival {share:g} is above {lowest:g} before it; a curve does not rise.")
        lowest = min(lowest, share)
    return times, np.minimum.accumulate(shares)


def _checked_risk(risk_months: Sequence[float], at_risk: Sequence[int], events: int | None) -> tuple[Floats, Integers]:
    months, numbers = np.asarray(risk_months, dtype=float), np.asarray(at_risk, dtype=float)
    if not len(numbers):
        raise ValueError("Without numbers at risk a curve does not tell how many patients are behind it.")
    if len(months) != len(numbers):
        raise ValueError(f"{len(months)} times and {len(numbers)} numbers at risk do not match.")
    if months[0] != 0:
        raise ValueError("The first number at risk is that at month 0.")
    for row, (time, number) in enumerate(zip(months, numbers, strict=True), start=1):
        if not (np.isfinite(number) and number >= 0 and number == int(number)):
            raise ValueError(f"At risk, row {row}: a number of patients is a whole number.")
        if row > 1 and not time > months[row - 2]:
            raise ValueError(f"At risk, row {row}: month {time:g} does not come after month {months[row - 2]:g}.")
        if row > 1 and number > numbers[row - 2]:
            raise ValueError(f"At risk, row {row}: {number:g} are more than the {numbers[row - 2]:g} before.")
    if not numbers[0]:
        raise ValueError("At risk, row 1: nobody is at risk at month 0.")
    if events is not None and not 0 <= events <= numbers[0]:
        raise ValueError(f"{events:,} events are more than the {int(numbers[0]):,} patients, or fewer than none.")
    return months, numbers.astype(np.int64)
