"""Kaplan-Meier and incidence curves that may leave the house: estimated again from the counts that are told.

A curve at its full length gives away every single event: each drop is one over the number at risk. So nothing is told
of it but counts at a few times (`analysis.disclosure.masking.told_of_curves`), and the curve is estimated from them
alone, with a constant hazard between two told numbers of events (piecewise exponential; Friedman 1982, Annals of
Statistics 10:101-113). Its limits come from the number of events; until its first one a group has exact ones (Garwood
1936).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.times import slack
from analysis.disclosure.counts_told import counts_or_hidden, without_counts
from analysis.disclosure.masking import LONG, QUARTER, Told, check_sizes, told_of_curves
from analysis.disclosure.refused import NotSharedError
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier

KINDS = ("events", "competing", "censored")
REESTIMATED = (
    "For sharing, the curve is estimated again from counts of at least {least} (piecewise exponential, limits from the "
    "number of events) and ends where fewer would be told."
)
TOO_FEW = (
    "This curve has too few events, or too few patients who are followed on, to be shared with counts below {least} "
    "hidden. Lower the threshold, or share a table of all patients instead."
)
COMPETING = (
    "Too few patients had the competing event for this curve to be shared with counts below {least} hidden: it cannot "
    "be estimated without them. Lower the threshold, or share the Kaplan-Meier curve."
)
LATE = "A curve with patients who come under observation later is not shared with hidden counts."


@dataclass(frozen=True)
class _Level:
    """A group's counts at the times of the grid, and how much of them is told."""

    group: object
    patients: int
    months: Floats
    left: Integers
    told: list[Told]

    def known(self, what: Told) -> Flags:
        return np.array([told >= what for told in self.told])

    @property
    def at_risk(self) -> Integers:
        remaining: Integers = self.patients - self.left.sum(axis=1)
        return remaining


class _ReadAtTold:
    """Read shared curves at any time: counts only at the times at which they are told."""

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
        return table.assign(**{name: counts_or_hidden(table[name]) for name in columns[2 : 3 + len(counted)]})


class SharedKaplanMeier(_ReadAtTold, KaplanMeier):
    """Curves estimated from the counts told.

    The rows of the curve are evenly spaced. The number at risk, and events and censored since they were told last, are
    missing where they are hidden; survival is where the curve has ended. So they are in the result of `at`, whose
    counts are whole numbers or missing.
    """

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times, as `KaplanMeier.at` does; counts are missing where they are hidden."""
        return self._read(months, ["events", "censored"], ["survival", "lower", "upper"])


class SharedIncidence(_ReadAtTold, CumulativeIncidence):
    """Incidence estimated from the counts told; rows and what is missing are as in `SharedKaplanMeier`."""

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the curves at chosen times, as `CumulativeIncidence.at` does; hidden counts are missing."""
        return self._read(months, ["events", "competing"], ["incidence", "lower", "upper"])


def shared_survival(result: KaplanMeier, least: int) -> SharedKaplanMeier:
    """Return Kaplan-Meier curves estimated from counts of at least `least`.

    Raises
    ------
    NotSharedError
        If nothing but the beginning could be told, or patients enter late.
    """
    levels = _levels(result.curve.assign(competing=0), result.summary, least)
    z = normal_quantile(_confidence(result.method))
    tables = [_survival(level, z) for level in levels]
    curve = with_groups(pd.concat(tables, ignore_index=True), result.curve["group"].cat.categories)
    curve = curve.drop(columns="competing")
    medians = [_medians(table) for table in tables]
    summary = result.summary.assign(
        events=_totals(levels, 0, result.summary["events"].tolist(), result.summary.index),
        **dict(zip(["median", "median_lower", "median_upper"], zip(*medians, strict=True), strict=True)),
    )
    return SharedKaplanMeier(
        question=result.question,
        method=_method(result.method, summary, least),
        left_out=result.left_out.head(0),
        curve=curve,
        summary=summary,
        time_zero=result.time_zero,
        shared=result.shared,
    )


def shared_incidence(result: CumulativeIncidence, least: int) -> SharedIncidence:
    """Return incidence curves estimated from counts of at least `least`; they end where competing events are hidden.

    Raises
    ------
    NotSharedError
        If nothing but the beginning could be told, or patients enter late.
    """
    left = result.curve.assign(censored=_others(result.curve, result.summary))
    levels = _levels(left, result.summary, least)
    told = [level.left[level.known(Told.EVERYTHING), 0][-1] for level in levels]
    if result.summary["events"].sum() > 0 and not any(told):
        raise NotSharedError(COMPETING.format(least=least))
    z = normal_quantile(_confidence(result.method))
    both = [_incidence(level, z) for level in levels]
    groups = result.curve["group"].cat.categories
    curve, naive = (with_groups(pd.concat(tables, ignore_index=True), groups) for tables in zip(*both, strict=True))
    totals = {
        name: _totals(levels, kind, result.summary[name].tolist(), result.summary.index)
        for kind, name in enumerate(KINDS[:2])
    }
    summary = result.summary.assign(**totals)
    return SharedIncidence(
        question=result.question,
        method=_method(result.method, summary, least),
        left_out=result.left_out.head(0),
        curve=curve,
        naive=naive,
        summary=summary,
        test=result.test.assign(statistic=result.test["statistic"].round(1), p=result.test["p"].round(2)),
        time_zero=result.time_zero,
        shared=result.shared,
    )


def _levels(curve: pd.DataFrame, summary: pd.DataFrame, least: int) -> list[_Level]:
    """Return the counts of each group that has patients at common times, and how much of them is told."""
    check_sizes(_sizes(summary), least)
    held = summary[summary["patients"] > 0]
    last = float(curve["months"].max()) if len(held) else 0.0
    step = QUARTER if last >= LONG else 1
    months = np.arange(0, last + slack(last), step)
    lefts = [_left(curve[curve["group"] == group], int(size), months) for group, size in _sizes(summary)]
    patients = held["patients"].to_numpy(int)
    present = np.array([left for left, (_, size) in zip(lefts, _sizes(summary), strict=True) if size])
    told = told_of_curves(present, patients, least) if len(held) else []
    with_events = [place for place, each in enumerate(told) if each >= Told.EVENTS]
    happened = summary["events"].sum() > 0
    if len(with_events) < 2 or (happened and not present[:, with_events[-1], 0].any()):
        raise NotSharedError(TOO_FEW.format(least=least))
    return [
        _Level(group, int(size), months, left, told) for left, (group, size) in zip(lefts, _sizes(summary), strict=True)
    ]


def _sizes(summary: pd.DataFrame) -> list[tuple[object, int]]:
    return list(zip(summary["group"], summary["patients"], strict=True))


def _left(own: pd.DataFrame, patients: int, months: Floats) -> Integers:
    """Return how many of a group have left before each time, by kind; who leaves at a time is at risk at it."""
    leaving = own[list(KINDS)].to_numpy(int)
    remaining = patients - np.concatenate([[0], leaving.sum(axis=1).cumsum()[:-1]])
    if (remaining != own["at_risk"].to_numpy(int)).any():
        raise NotSharedError(LATE)
    times = own["months"].to_numpy(float)
    return np.array([leaving[times < month - slack(month)].sum(axis=0) for month in months], dtype=int)


def _others(curve: pd.DataFrame, summary: pd.DataFrame) -> pd.Series:
    """Return who leaves at each time without an event of any kind."""
    after = curve.groupby("group", observed=True)["at_risk"].shift(-1, fill_value=0)
    others = curve["at_risk"] - after - curve["events"] - curve["competing"]
    if (others < 0).any() or (curve.drop_duplicates("group")["at_risk"].sum() != summary["patients"].sum()):
        raise NotSharedError(LATE)
    return others


def _told_rows(level: _Level) -> pd.DataFrame:
    """Return group, months, at_risk and what left since it was told last, missing where hidden, up to the last told."""
    needed = {"events": Told.EVENTS, "competing": Told.EVERYTHING, "censored": Told.EVERYTHING}
    at_risk = level.known(Told.AT_RISK)
    rows = pd.DataFrame({"group": level.group, "months": level.months, "at_risk": level.at_risk})
    rows["at_risk"] = rows["at_risk"].astype(float).where(at_risk)
    for kind, (name, told) in enumerate(needed.items()):
        known = level.known(told)
        rows.loc[known, name] = np.diff(level.left[known, kind], prepend=0)
    return rows[: 1 + int(np.flatnonzero(at_risk)[-1])] if at_risk.any() else rows


def _hazard(rows: pd.DataFrame, name: str) -> tuple[Floats, Floats]:
    """Return the hazard up to each row since the one before, and how many events it rests on; missing where hidden."""
    stretch = rows[name].notna()[::-1].cumsum()[::-1]  # of one told number, from behind
    events = rows[name].groupby(stretch).transform("last").where(stretch > 0)
    time = _exposure(rows).groupby(stretch).transform("sum")
    hazard = (events / time.where(time > 0)).to_numpy(float)
    hazard[0] = 0.0
    return hazard, events.to_numpy(float)


def _exposure(rows: pd.DataFrame) -> pd.Series:
    """Return the months that patients were followed up to each row since the one before."""
    at_risk = rows["at_risk"].interpolate(limit_area="inside")
    between = (at_risk + at_risk.shift()) / 2
    return (between * rows["months"].diff()).fillna(0.0)


def _survival(level: _Level, z: float) -> pd.DataFrame:
    rows = _told_rows(level)
    if not level.patients:
        return rows.assign(survival=np.nan, lower=np.nan, upper=np.nan)
    hazard, events = _hazard(rows, "events")
    length = np.diff(rows["months"].to_numpy(float), prepend=0.0)
    survival = np.exp(-np.cumsum(hazard * length))
    error = _error(rows["events"], hazard * length, events)
    lower, upper = _log_log(survival, error / -np.log(np.where(survival < 1, survival, np.nan)), z)
    none_yet = survival == 1
    lower[none_yet], upper[none_yet] = _lowest_without_events(rows[none_yet], z), 1.0
    return rows.assign(survival=survival, lower=lower, upper=upper)


def _incidence(level: _Level, z: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the incidence of a group and one minus the curve in which competing events censor."""
    rows = _told_rows(level)
    if not level.patients:
        empty = rows.assign(incidence=np.nan, lower=np.nan, upper=np.nan)
        return empty, empty[["group", "months", "incidence"]]
    (own, events), (other, _) = _hazard(rows, "events"), _hazard(rows, "competing")
    months = rows["months"].to_numpy(float)
    length = np.diff(months, prepend=0.0)
    both = own + other
    free = np.exp(-np.cumsum(both * length))  # of either event
    before = np.append(1.0, free[:-1])
    added = np.where(both > 0, own / np.where(both > 0, both, 1), 0.0) * (before - free) + 0 * both
    incidence = np.cumsum(added)
    share = np.where(incidence > 0, incidence, np.nan)
    lower, upper = _log_log(share, _error(rows["events"], added, events) / (share * np.abs(np.log(share))), z)
    none_yet = incidence == 0
    lower[none_yet], upper[none_yet] = 0.0, 1 - _lowest_without_events(rows[none_yet], z)
    table = rows.assign(incidence=incidence, lower=lower, upper=upper)
    naive = np.where(np.isnan(incidence), np.nan, 1 - np.exp(-np.cumsum(own * length)))
    return table, rows[["group", "months"]].assign(incidence=naive)


def _error(told: pd.Series, added: Floats, events: Floats) -> Floats:
    """Return the standard error of a sum up to each row: what one number of events gave varies as that number does."""
    stretch = told.notna()[::-1].cumsum()[::-1].to_numpy(int)
    variance = np.zeros(len(added))
    for each in np.unique(stretch[events > 0]):
        part = np.cumsum(np.where(stretch == each, added, 0.0))
        variance += part**2 / events[stretch == each][0]
    return np.sqrt(variance)


def _log_log(share: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    """Return limits on the log-log scale, on which `error` is the standard error; missing where there are none."""
    with np.errstate(over="ignore", invalid="ignore"):
        limits = share ** np.exp(z * error), share ** np.exp(-z * error)
    defined = (share > 0) & (share < 1)
    lower, upper = (np.where(defined, limit, np.nan) for limit in limits)
    return lower, upper


def _lowest_without_events(rows: pd.DataFrame, z: float) -> Floats:
    """Return the exact lower limit of a curve at the first rows, up to the last of which no event is told."""
    from scipy.special import ndtr

    exposure = float(_exposure(rows).sum())
    largest_hazard = -np.log(ndtr(-z)) / exposure if exposure else 0.0
    limits: Floats = np.exp(-largest_hazard * rows["months"].to_numpy(float))
    return limits


def _medians(curve: pd.DataFrame) -> list[float]:
    """Return the first told times at which the curve and its limits are at most 1/2; missing where they never are."""
    return [curve.loc[curve[name] <= 0.5, "months"].min() for name in ("survival", "lower", "upper")]


def _totals(levels: Sequence[_Level], kind: int, told: Sequence[int], index: pd.Index) -> pd.Series:
    """Return the events of each group, where all of them, in every group, are within the times told."""
    needed = Told.EVENTS if kind == 0 else Told.EVERYTHING
    within = [int(level.left[level.known(needed), kind][-1]) for level in levels]
    return counts_or_hidden(pd.Series(told if within == list(told) else [np.nan] * len(levels), index=index))


def _summed_up_to(own: pd.DataFrame, name: str, time: float) -> float:
    """Return what happened up to a time: at a told time, or where it is the same before and after."""
    told = own.dropna(subset=[name])
    sums = told[name].cumsum().to_numpy(float)
    before = told["months"].to_numpy(float) <= time + slack(time)
    after = told["months"].to_numpy(float) >= time - slack(time)
    if not before.any() or not after.any() or sums[before][-1] != sums[after][0]:
        return np.nan
    return float(sums[before][-1])


def _between(known: pd.DataFrame, name: str, time: float) -> float:
    """Return the curve at a time between two of its own."""
    months = known["months"].to_numpy(float)
    if not len(months) or time > months[-1] + slack(time):
        return np.nan
    return float(np.interp(time, months, known[name].to_numpy(float)))


def _confidence(method: str) -> float:
    """Return the confidence level that a method names."""
    found = re.search(r"(\d+(?:\.\d+)?) % (?:log|plain|exact)", method)
    return float(found.group(1)) / 100 if found else 0.95


def _method(method: str, summary: pd.DataFrame, least: int) -> str:
    """Return how the curves were made, with the patients and events of all groups where they are told."""
    told = [(int(summary["patients"].sum()), "patient")]
    if summary["events"].notna().all():
        told.append((int(summary["events"].sum()), "event"))
    return without_counts(f"{method} {REESTIMATED.format(least=least)}", *told)
