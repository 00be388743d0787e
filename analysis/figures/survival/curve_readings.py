"""The sentence that states the result of curves: all groups at one time, numbers at risk, and differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.times import slack
from analysis.cohort.wording import HIDDEN, count_words
from analysis.estimates.common.differences import estimate_difference
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.differences import SHARE_PATIENTS, differences_words
from analysis.figures.common.number_words import NO_PATIENTS, months_words, percent


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
    def ends(self) -> pd.Series:
        """The last time of each curve, in months."""
        return self.curve.groupby("group", observed=True)["months"].max()


@dataclass(frozen=True)
class CommonTime:
    """The time at which curves are compared.

    Attributes
    ----------
    months
        From time zero.
    enough
        Whether enough patients are at risk in each group.
    last
        Whether it is the last of the times considered.
    """

    months: float
    enough: bool
    last: bool


def common_time(
    curves: Curves, *, months: Sequence[float] = (), few: int = FEW_AT_RISK, until: float | None = None
) -> CommonTime:
    """Return the last year, or else the last month, with at least `few` at risk in each group.

    If there is none, it is the last year that all groups reach, or the last month if they reach no year.

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
    end = min([float(curves.ends.min()), *([until] if until else [])])

    def reached(times: Sequence[float]) -> list[float]:
        return sorted({float(time) for time in times if 0 < time <= end + slack(end)})

    years = reached([*range(12, int(end + slack(end)) + 1, 12), *months])
    whole_months = reached(range(1, int(end + slack(end)) + 1)) or [end]
    for times in filter(None, (years, whole_months)):
        fewest = curves.at(times).groupby("months")["at_risk"].agg(_fewest)
        enough = [time for time in times if fewest[time] >= few]
        if enough:
            return CommonTime(enough[-1], enough=True, last=enough[-1] == times[-1])
    times = years or whole_months
    chosen = _last_told(curves, curves.at(times), times)
    return CommonTime(chosen, enough=False, last=chosen == times[-1])


def _fewest(numbers: pd.Series) -> float:
    """Return the least number; NaN if one of them is hidden."""
    return float(numbers.astype(float).min(skipna=False))


def _last_told(curves: Curves, at: pd.DataFrame, times: Sequence[float]) -> float:
    """Return the last time; for a single group without events, the last that half of the patients reach."""
    if len(curves.events) > 1 or any(events != 0 for events in curves.events.values()):
        return times[-1]
    # A limit from the few with the longest follow-up would say nothing about the others.
    half = at.loc[at["at_risk"].astype(float) >= sum(curves.patients.values()) / 2, "months"]
    return float(half.max()) if len(half) else times[0]


def survival_reading(
    result: KaplanMeier,
    outcome: str,
    events_noun: str = "events",
    *,
    failure: bool = False,
    months: Sequence[float] = (),
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> str:
    """Return the shares at one time common to all groups, with the numbers at risk and the differences.

    Parameters
    ----------
    result
        The curves.
    outcome
        The state whose share is given, such as "alive".
    events_noun
        The events in the plural, such as "deaths".
    failure
        Whether the share is that of patients with the event.
    months, few, until
        As for `common_time`.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> survival_reading(kaplan_meier(load_sample()), "alive", "deaths")
    'Alive at 3 years (the last with at least 10 at risk): 93 % (82–98, 23 at risk).'
    """

    def shares(table: pd.DataFrame) -> pd.DataFrame:
        told = table.rename(columns={"survival": "share"})
        if not failure:
            return told
        return told.assign(share=1 - told["share"], lower=1 - told["upper"], upper=1 - told["lower"])

    curves = _curves(result, "the share" if failure else "survival", shares, failure)
    return _reading(curves, outcome, events_noun, months, few, until)


def incidence_reading(
    result: CumulativeIncidence,
    outcome: str,
    events_noun: str = "events",
    *,
    months: Sequence[float] = (),
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> str:
    """Return the same for incidences; `outcome` is the event, such as "relapsed"."""
    curves = _curves(result, "incidence", lambda table: table.rename(columns={"incidence": "share"}), with_event=True)
    return _reading(curves, outcome, events_noun, months, few, until)


def _curves(
    result: KaplanMeier | CumulativeIncidence,
    what: str,
    shares: Callable[[pd.DataFrame], pd.DataFrame],
    with_event: bool,
) -> Curves:
    held = result.summary[result.summary["patients"] > 0].astype({"group": str})
    groups = [*held["group"]]

    def of_groups(table: pd.DataFrame) -> pd.DataFrame:
        named = shares(table.assign(group=table["group"].cat.rename_categories(str)))
        return named[named["group"].isin(groups)]

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


def _reading(
    curves: Curves, outcome: str, events_noun: str, months: Sequence[float], few: int, until: float | None
) -> str:
    if not curves.patients:
        return NO_PATIENTS
    time = common_time(curves, months=months, few=few, until=until)
    at = curves.at([time.months]).set_index("group")
    when = count_words(int(time.months // 12), "year", ",") if time.months % 12 == 0 else months_words(time.months)
    when = when if curves.time_zero == TRANSPLANTATION else f"{when} from {curves.time_zero}"
    quiet = [f"{group}: {_quiet(curves, group, time, events_noun)}." for group in curves.events if _none(curves, group)]
    if len(curves.patients) > 1:
        cells = ", ".join(f"{group} {_cell(at.loc[group], curves.patients[group])}" for group in curves.patients)
        why = (
            f"the last with at least {few} at risk in each group"
            if time.enough
            else f"the last that all groups reach; at no month are {few} at risk in each"
        )
        parts = [f"{_capital(outcome)} at {when} ({why}): {cells}; {_differences(curves, at)}.", *quiet]
    else:
        (group,) = curves.patients
        why = "" if time.enough and time.last else f"the last with at least {few} at risk"
        why = why if time.enough else f"at no month are {few} at risk"
        when = f"{when} ({why})" if why else when
        if quiet:
            words = f"{_quiet(curves, group, time, events_noun, when)}, {_at_risk(at.loc[group])}"
        else:
            words = f"{outcome} at {when}: {_cell(at.loc[group], curves.patients[group])}"
        parts = [f"{_capital(words)}." if group == "All" else f"{group}: {words}."]
    return " ".join([*parts, *([curves.caution] if curves.caution else [])])


def _none(curves: Curves, group: str) -> bool:
    return curves.events[group] == 0


def _quiet(curves: Curves, group: str, time: CommonTime, events_noun: str, when: str = "then") -> str:
    """Return that a group has no events, and the largest share with the event compatible with the data."""
    words = f"0 {events_noun} among {count_words(curves.patients[group], 'patient', ',')}"
    own = curves.curve[curves.curve["group"] == group]
    # The limit just before that time: patients censored at it count as followed until then.
    before = own[(own["months"] < time.months) | (own["months"] == 0)].iloc[-1]
    worst = before["upper"] if curves.with_event else 1 - before["lower"]
    allowed = "" if math.isnan(worst) else f" the data are compatible with up to {100 * worst:.0f} %"
    return f"{words}; by {when}{allowed}"


def _cell(row: pd.Series, patients: int) -> str:
    """Return share, interval and number at risk, such as "93 % (85–97, 18 at risk)"."""
    limits = (
        ""
        if math.isnan(row["lower"] + row["upper"])
        else "–".join(percent(row[limit], patients) for limit in ("lower", "upper")) + ", "
    )
    return f"{percent(row['share'], patients)} % ({limits}{_at_risk(row)})"


def _at_risk(row: pd.Series) -> str:
    return f"a {HIDDEN} number at risk" if pd.isna(row["at_risk"]) else f"{row['at_risk']:,.0f} at risk"


def _differences(curves: Curves, at: pd.DataFrame) -> str:
    """Return the difference of each group from the first in percentage points, with interval or why none."""
    first, *others = curves.patients
    told = {}
    for other in others:
        pair = {group: (*at.loc[group, ["share", "lower", "upper"]],) for group in (first, other)}
        told[other] = estimate_difference(pair, curves.what, SHARE_PATIENTS if curves.overlap else "")
    return differences_words(first, told, "points")


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
