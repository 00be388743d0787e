"""Kaplan-Meier and incidence curves that may be shared, estimated from the disclosed counts.

A full curve reveals every single event: each drop is one over the number at risk. So only counts at a few times are
disclosed (`analysis.disclosure.disclosed_leaving`), and curve, medians and words are computed from these alone
(`analysis.disclosure.piecewise_exponential`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.times import slack
from analysis.counts.leaving import Leaving
from analysis.disclosure.disclosed_leaving import DisclosedLeaving, check_no_late_entries, disclosed_leaving
from analysis.disclosure.piecewise_exponential import disclosed_rows, incidence, survival
from analysis.disclosure.refused import NotSharedError
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.tidy_tables import whole_numbers, with_groups
from analysis.estimates.survival.incidence import CumulativeIncidence, incidence_method
from analysis.estimates.survival.kaplan_meier import KaplanMeier, kaplan_meier_method
from analysis.estimates.survival.outcome_words import CountedByGroup

REESTIMATED = (
    "For sharing, the curve is estimated again from counts of at least {least} (piecewise exponential, limits from the "
    "number of events) and ends where fewer would be told."
)
NUMBERS_OF_TEST = ("statistic", "degrees_of_freedom", "p")
NO_TEST = "it is made from all counts, and counts below {least} are hidden"
COMPETING = (
    "Too few patients had the competing event for this curve to be shared with counts below {least} hidden: it cannot "
    "be estimated without them. Lower the threshold, or share the Kaplan-Meier curve."
)


class _ReadAtTold:
    """Curves that can be read at any time, but their counts only where they are disclosed."""

    curve: pd.DataFrame

    def _read(self, months: Sequence[float], counted: Sequence[str], read: Sequence[str]) -> pd.DataFrame:
        if any(not time >= 0 for time in months):
            raise ValueError("A curve is read at times from 0 months on.")
        groups = self.curve["group"].cat.categories
        rows = []
        for group in groups:
            own = self.curve[self.curve["group"] == group]
            known = own.dropna(subset=[read[0]])
            for time in months:
                here = own[(own["months"] - time).abs() <= slack(time)]
                at_risk = here["at_risk"].iloc[0] if len(here) else np.nan
                sums = [_summed_up_to(own, name, time) for name in counted]
                rows.append((group, time, at_risk, *sums, *(_between(known, name, time) for name in read)))
        columns = ["group", "months", "at_risk", *(f"cumulative_{name}" for name in counted), *read]
        table = with_groups(pd.DataFrame(rows, columns=columns), groups)
        counts = columns[2 : 3 + len(counted)]
        return table.assign(**{name: whole_numbers(table[name].to_numpy(float)) for name in counts})


class SharedKaplanMeier(_ReadAtTold, KaplanMeier):
    """Curves estimated from the disclosed counts.

    The rows of the curve are evenly spaced. The number at risk, and events and censored since their last disclosure,
    are missing where hidden; survival is missing beyond the end of the curve. The same holds for the result of `at`,
    whose counts are whole numbers or missing.
    """

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times, as `KaplanMeier.at` does; counts are missing where they are hidden."""
        return self._read(months, ["events", "censored"], ["survival", "lower", "upper"])


class SharedIncidence(_ReadAtTold, CumulativeIncidence):
    """Incidence estimated from the disclosed counts; rows and what is missing are as in `SharedKaplanMeier`."""

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times, as `CumulativeIncidence.at` does; hidden counts are missing."""
        return self._read(months, ["events", "competing"], ["incidence", "lower", "upper"])


def shared_survival(result: KaplanMeier, least: int) -> SharedKaplanMeier:
    """Return Kaplan-Meier curves estimated from counts of at least `least`.

    Raises
    ------
    NotSharedError
        If nothing but the beginning could be disclosed, or patients enter late.
    """
    disclosed = disclosed_leaving(_counts(result.counts).with_competing_censored(), least)
    tables = [survival(rows, normal_quantile(result.level)) for rows in disclosed_rows(disclosed)]
    medians = zip(*map(_medians, tables), strict=True)
    method = kaplan_meier_method(disclosed, result.level, result.interval)
    return SharedKaplanMeier(
        question=disclosed.outcome.question,
        method=f"{method} {REESTIMATED.format(least=least)}",
        left_out=result.left_out.head(0),
        curve=with_groups(pd.concat(tables, ignore_index=True), disclosed.groups.names).drop(columns="competing"),
        summary=_summary(disclosed, events=disclosed.all_events).assign(
            **dict(zip(["median", "median_lower", "median_upper"], medians, strict=True))
        ),
        time_zero=disclosed.outcome.time_zero,
        counts=disclosed,
        level=result.level,
        interval=result.interval,
    )


def shared_incidence(result: CumulativeIncidence, least: int) -> SharedIncidence:
    """Return incidence curves estimated from counts of at least `least`; they end where competing events are hidden.

    Raises
    ------
    NotSharedError
        If nothing but the beginning could be disclosed, or patients enter late.
    """
    counts = _counts(result.counts)
    check_no_late_entries(counts)
    disclosed = disclosed_leaving(counts, least)
    _check_competing(disclosed, least)
    both = [incidence(rows, normal_quantile(result.level)) for rows in disclosed_rows(disclosed)]
    curve, naive = (
        with_groups(pd.concat(tables, ignore_index=True), disclosed.groups.names) for tables in zip(*both, strict=True)
    )
    method = incidence_method(disclosed, result.level, result.limits)
    return SharedIncidence(
        question=disclosed.outcome.question,
        method=f"{method} {REESTIMATED.format(least=least)}",
        left_out=result.left_out.head(0),
        curve=curve,
        naive=naive,
        summary=_summary(disclosed, events=disclosed.all_events, competing=disclosed.all_competing),
        test=result.test.assign(
            statistic=np.nan, degrees_of_freedom=np.nan, p=np.nan, withheld=NO_TEST.format(least=least)
        ),
        time_zero=disclosed.outcome.time_zero,
        counts=disclosed,
        level=result.level,
        limits=result.limits,
    )


def _counts(counts: CountedByGroup) -> Leaving:
    """Return the counts of a result of which nothing is hidden yet."""
    if not isinstance(counts, Leaving):
        raise TypeError("Of this result small counts are hidden already.")
    return counts


def _check_competing(disclosed: DisclosedLeaving, least: int) -> None:
    """Raise a `NotSharedError` if events are disclosed, but none where the competing ones are disclosed too."""
    happened = disclosed.all_events is None or disclosed.all_events.any()
    last = int(np.flatnonzero(~np.isnan(disclosed.competing).any(axis=1))[-1])
    if happened and not np.nansum(disclosed.events[: last + 1]):
        raise NotSharedError(COMPETING.format(least=least))


def _summary(disclosed: DisclosedLeaving, **totals: Integers | None) -> pd.DataFrame:
    """Return the patients of each group, and numbers that are disclosed or hidden."""
    groups = disclosed.groups.column(np.arange(len(disclosed.groups.names)))
    table = pd.DataFrame({"group": groups, "patients": disclosed.groups.members})
    hidden = np.full(len(table), np.nan)
    return table.assign(
        **{name: whole_numbers(hidden if held is None else held.astype(float)) for name, held in totals.items()}
    )


def _medians(curve: pd.DataFrame) -> list[float]:
    """Return the first disclosed times at which curve and limits are at most 1/2; missing where they never are."""
    return [curve.loc[curve[name] <= 0.5, "months"].min() for name in ("survival", "lower", "upper")]


def _summed_up_to(own: pd.DataFrame, name: str, time: float) -> float:
    """Return a count up to a time; missing unless it is disclosed then, or the same at disclosed times around it."""
    disclosed = own.dropna(subset=[name])
    sums = disclosed[name].cumsum().to_numpy(float)
    before = disclosed["months"].to_numpy(float) <= time + slack(time)
    after = disclosed["months"].to_numpy(float) >= time - slack(time)
    if not before.any() or not after.any() or sums[before][-1] != sums[after][0]:
        return np.nan
    return float(sums[before][-1])


def _between(known: pd.DataFrame, name: str, time: float) -> float:
    """Return the curve at a time by linear interpolation; missing beyond its end."""
    months = known["months"].to_numpy(float)
    if not len(months) or time > months[-1] + slack(time):
        return np.nan
    return float(np.interp(time, months, known[name].to_numpy(float)))
