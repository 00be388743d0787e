"""Curves as their words need them, the one time at which all groups are told, and the words of a group then."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.cohort.times import slack
from analysis.cohort.wording import HIDDEN, count_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.number_words import months_words, percent
from analysis.figures.common.times_in_common import CommonTime, time_in_common


@dataclass(frozen=True)
class Curves:
    """Curves as the sentence needs them.

    Attributes
    ----------
    what
        What is estimated, for use in a reason: "survival" or "incidence".
    curve
        group, months, share, lower, upper, for groups with patients.
    at
        Returns group, months, at_risk, share, lower, upper at given months.
    patients, events
        Numbers by group, in order; hidden events are NaN.
    with_event
        Whether the share is that of patients with the event.
    time_zero
        The event from which months are counted.
    overlap
        Whether groups have patients in common.
    caution
        A warning about the validity of the curves, or "".
    """

    what: str
    curve: pd.DataFrame
    at: Callable[[Sequence[float]], pd.DataFrame]
    patients: dict[str, int]
    events: dict[str, float]
    with_event: bool
    time_zero: str
    overlap: bool
    caution: str

    @property
    def end(self) -> float:
        """The last time that every curve reaches, in months."""
        return float(self.curve.drop_duplicates("group", keep="last")["months"].min())


def common_time(
    curves: Curves, *, months: Sequence[float] = (), few: int = FEW_AT_RISK, until: float | None = None
) -> CommonTime:
    """Return the last year, or else the last month, with at least `few` at risk in each group.

    If there is none, it is a year that all groups reach, or a month if they reach no year: the last of those with most
    at risk in the smallest group.

    Parameters
    ----------
    curves
        The curves of at least one group.
    months
        Times to consider in addition to whole years.
    few
        The least number at risk in each group; a hidden number is not enough.
    until
        The latest month to consider.
    """
    end = min(curves.end, until or curves.end)

    def reached(times: Sequence[float]) -> list[float]:
        return sorted({float(time) for time in times if 0 < time <= end + slack(end)})

    years = reached([*range(12, int(end + slack(end)) + 1, 12), *months])
    whole_months = reached(range(1, int(end + slack(end)) + 1)) or [end]
    found = []
    for times in filter(None, (years, whole_months)):
        found.append(time_in_common(curves.at(times), times, "months", "at_risk", few))
        if found[-1].enough:
            return found[-1]
    return found[0] if len(curves.patients) > 1 else _last_told(curves, years or whole_months)


def _last_told(curves: Curves, times: Sequence[float]) -> CommonTime:
    """Return the last time of a single group; without events, the last that half of the patients reach."""
    chosen = times[-1]
    if not any(events != 0 for events in curves.events.values()):
        # A limit from the few with the longest follow-up would say nothing about the others.
        at = curves.at(times)
        half = at.loc[at["at_risk"].astype(float) >= sum(curves.patients.values()) / 2, "months"]
        chosen = float(half.max()) if len(half) else times[0]
    return CommonTime(chosen, enough=False, last=chosen == times[-1])


def survival_curves(result: KaplanMeier, failure: bool) -> Curves:
    """Return Kaplan-Meier curves, with `failure` as the share of patients with the event."""

    def shares(table: pd.DataFrame) -> pd.DataFrame:
        told = table.rename(columns={"survival": "share"})
        if not failure:
            return told
        return told.assign(share=1 - told["share"], lower=1 - told["upper"], upper=1 - told["lower"])

    return _curves(result, "the share" if failure else "survival", shares, failure)


def incidence_curves(result: CumulativeIncidence) -> Curves:
    """Return incidence curves."""
    return _curves(result, "incidence", lambda table: table.rename(columns={"incidence": "share"}), with_event=True)


def _curves(
    result: KaplanMeier | CumulativeIncidence,
    what: str,
    shares: Callable[[pd.DataFrame], pd.DataFrame],
    with_event: bool,
) -> Curves:
    """Return the curves of the groups with patients; `shares` names the estimate ``share``."""
    held = result.summary[result.summary["patients"] > 0].astype({"group": str})
    groups = [*held["group"]]

    def of_groups(table: pd.DataFrame) -> pd.DataFrame:
        group = table["group"].cat.rename_categories(str)
        return shares(table).assign(group=group)[group.isin(groups)]

    return Curves(
        what,
        of_groups(result.curve).dropna(subset="share"),
        lambda months: of_groups(result.at(months)),
        dict(zip(groups, held["patients"], strict=True)),
        dict(zip(groups, held["events"], strict=True)),
        with_event,
        result.time_zero,
        result.shared > 0,
        result.caution,
    )


def when_words(curves: Curves, months: float) -> str:
    """Return a time in words, such as "2 years", with what it counts from if that is not transplantation."""
    when = count_words(int(months // 12), "year") if months % 12 == 0 else months_words(months)
    return when if curves.time_zero == TRANSPLANTATION else f"{when} from {curves.time_zero}"


def cell_words(row: pd.Series | Mapping[str, Any], patients: int) -> str:
    """Return share, interval and number at risk, such as "93 % (85–97, 18 at risk)"."""
    limits = (
        ""
        if math.isnan(row["lower"] + row["upper"])
        else "–".join(percent(row[limit], patients) for limit in ("lower", "upper")) + ", "
    )
    return f"{percent(row['share'], patients)} % ({limits}{at_risk_words(row)})"


def at_risk_words(row: pd.Series | Mapping[str, Any]) -> str:
    """Return the number at risk in words."""
    return f"a {HIDDEN} number at risk" if pd.isna(row["at_risk"]) else f"{row['at_risk']:,.0f} at risk"
