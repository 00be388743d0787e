"""Restricted mean time up to a chosen month: months without the event; where another competes, those after it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.counts.leaving import Leaving, Steps
from analysis.estimates.common.intervals import normal_quantile, two_sided
from analysis.estimates.common.multiplicity import ADJUSTMENTS, adjusted, check_adjustment
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.survival.kaplan_meier import survival_before, survival_steps
from analysis.estimates.survival.outcome_words import method_of_counts, outcome_name
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint


@dataclass(frozen=True)
class RestrictedMean:
    """Mean months without the event, of the first so many months; where another event competes, months after it.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: how many are in no number.
    table
        group, months, mean, standard_error, lower, upper (all in months), withheld ("" or why something is missing).
    differences
        group_a, group_b, months, difference (mean of `group_b` less that of `group_a`), lower, upper, p, withheld: a
        row a pair of groups.
    time_lost
        Whether the months are those from the event on: the area under the incidence curve.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    differences: pd.DataFrame
    time_lost: bool = False

    @classmethod
    def of(
        cls,
        counts: Leaving,
        *,
        months: float,
        level: float = 0.95,
        adjust: str = "holm",
        limits: SmallNumbers = SmallNumbers(),
    ) -> RestrictedMean:
        """Return the means of counts.

        Parameters
        ----------
        counts
            Who comes and goes.
        months, level, adjust, limits
            As for `restricted_mean`.

        Raises
        ------
        ValueError
            If an argument is not one of those.
        """
        _check(months, adjust)
        counts = counts.shown
        outcome = counts.outcome
        time_lost = bool(outcome.competing_words)
        area = _area_lost if time_lost else _area
        areas = {name: area(steps, months) for name, steps in zip(counts.groups.names, counts.steps(), strict=True)}
        told = (areas, months, normal_quantile(level), _short_reason(areas, months), outcome.events_noun)
        differences = _differences(*told, limits, counts.shared)
        differences["p"] = adjusted(differences["p"], adjust)
        name = outcome_name(outcome)
        curve, variance = (
            ("Aalen-Johansen incidence", "a variance by the delta method")
            if time_lost
            else ("Kaplan-Meier", "Greenwood's variance")
        )
        method = method_of_counts(
            counts,
            f"Restricted mean time lost of {name}" if time_lost else f"Restricted mean of {name}",
            f"area under the {curve} curve to month {months:g}",
            f"{100 * level:g} % normal interval from {variance}",
            *([f"p of differences by {ADJUSTMENTS[adjust]}, {limits.words()}"] if len(differences) else []),
            competing="competes",
        )
        question = (
            f"How many of the first {months:g} months come after the event, on average?"
            if time_lost
            else f"How many of the first {months:g} months does a patient spend without the event, on average?"
        )
        return cls(question, method, counts.left_out.table, _table(*told), differences, time_lost)


def restricted_mean(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    months: float,
    level: float = 0.95,
    adjust: str = "holm",
    limits: SmallNumbers = SmallNumbers(),
) -> RestrictedMean:
    """Return the area under the curve up to a month, and its differences between groups.

    The curve is that of Kaplan and Meier; where another event competes the cumulative incidence (Aalen-Johansen), whose
    area is the time lost to the event (Andersen 2013, Statistics in Medicine 32:5278-5285). The standard error is that
    of Greenwood's variance (Klein and Moeschberger 2003, section 4.5), of an incidence by the delta method from the
    multinomial variance of the hazards at each time. The limits and the p of a difference (z test) rest on the normal
    distribution.

    Parameters
    ----------
    cohort, endpoint, by, level
        As for `kaplan_meier`.
    months
        Up to when; beyond the last time of the shortest curve everything is withheld.
    adjust
        "holm", "bonferroni" or "benjamini-hochberg", over the differences that are not withheld.
    limits
        Below which numbers a difference keeps its value and loses limits and p.

    Raises
    ------
    ValueError
        If an argument is not one of those above.

    Returns
    -------
    RestrictedMean, with a row a group in ``table`` and a row a pair of groups in ``differences``.

    References
    ----------
    Klein JP, Moeschberger ML (2003), Survival Analysis, section 4.5. Andersen PK (2013), Statistics in Medicine
    32:5278-5285.

    Examples
    --------
    >>> from analysis import load_sample
    >>> restricted_mean(load_sample(), months=48).table[["months", "mean"]].round(1).to_numpy().tolist()
    [[48.0, 45.6]]
    """
    _check(months, adjust)
    return RestrictedMean.of(Leaving.of(cohort, endpoint, by), months=months, level=level, adjust=adjust, limits=limits)


def _check(months: float, adjust: str) -> None:
    """Raise a ValueError if an argument is not one of those that there are."""
    check_adjustment(adjust)
    if not 0 < months < np.inf:
        raise ValueError("A restricted mean is taken up to a number of months above 0.")


@dataclass(frozen=True)
class _Area:
    """The area under one curve, its variance, and what they are known from."""

    mean: float
    variance: float
    patients: int
    events: int
    known_to: float  # months up to which the curve is known


def _area_lost(counts: Steps, months: float) -> _Area:
    """Return the area under the cumulative incidence; its variance is a sum over the times, as that of the incidence.

    A hazard of the event at s moves the area by S(s-) (months - s) - c A, one of the competing event by -c A, where A
    is what events after s add to the area and c = 1 / (1 - both hazards at s).
    """
    inside = counts["months"] <= months + slack(months)
    at_risk, events, competing = (counts[name][inside].astype(float) for name in ("at_risk", "events", "competing"))
    n = np.maximum(at_risk, 1)
    event, other = events / n, competing / n
    gain = survival_before(at_risk, events + competing) * np.maximum(months - counts["months"][inside], 0)
    added = gain * event
    after = added[::-1].cumsum()[::-1] - added
    left = 1 - event - other
    loss = np.where(left > 0, after / np.where(left > 0, left, 1), 0.0)
    mean = (gain - loss) * event - loss * other
    variance = ((gain - loss) ** 2 * event + loss**2 * other - mean**2) / n
    decided = survival_steps(at_risk, events + competing)[-1] == 0
    return _Area(
        mean=float(added.sum()),
        variance=float(np.maximum(variance, 0).sum()),
        patients=int(sum(counts[name].sum() for name in ("events", "competing", "censored"))),
        events=int(events.sum()),
        known_to=np.inf if decided else float(counts["months"][-1]),
    )


def _area(counts: Steps, months: float) -> _Area:
    inside = counts["months"] <= months + slack(months)
    at_risk, events = (counts[name][inside].astype(float) for name in ("at_risk", "events"))
    survival = survival_steps(at_risk, events)
    steps = survival * np.diff(np.append(np.minimum(counts["months"][inside], months), months))
    ahead = np.cumsum(steps[::-1])[::-1]  # area from each time on
    # An event weighs by the area behind it; where the last patient at risk has it there is none.
    weighing = (events > 0) & (ahead > 0)
    n, d = at_risk[weighing], events[weighing]
    return _Area(
        mean=float(ahead[0]),
        variance=float(np.sum(ahead[weighing] ** 2 * d / (n * (n - d)))),
        patients=int(sum(counts[name].sum() for name in ("events", "competing", "censored"))),
        events=int(events.sum()),
        known_to=np.inf if survival[-1] == 0 else float(counts["months"][-1]),
    )


def _short_reason(areas: dict[str, _Area], months: float) -> str:
    """Return which group is not at risk long enough, or ""."""
    held = {group: area.known_to for group, area in areas.items() if area.patients}
    group = min(held, key=lambda name: held[name], default="")
    if not held or held[group] >= months - slack(months):
        return ""
    return f"{'' if group == 'All' else f'{group} is '}at risk to month {held[group]:g} only"


def _error_reason(area: _Area, months: float, events_noun: str) -> str:
    """Return why a mean has no standard error, or "": a zero one would promise certainty."""
    if area.variance:
        return ""
    return f"no standard error: {'too few' if area.events else 'no'} {events_noun} by month {months:g}"


def _table(areas: dict[str, _Area], months: float, z: float, reason: str, events_noun: str) -> pd.DataFrame:
    rows = []
    for group, area in areas.items():
        unknown = reason if area.patients else "no patients"
        withheld = unknown or _error_reason(area, months, events_noun)
        mean = np.nan if unknown else area.mean
        error = np.nan if withheld else np.sqrt(area.variance)
        limits = np.clip([mean - z * error, mean + z * error], 0, months)
        rows.append((group, months, mean, error, *limits, withheld))
    columns = ["group", "months", "mean", "standard_error", "lower", "upper", "withheld"]
    return with_groups(pd.DataFrame(rows, columns=columns), [*areas])


def _differences(
    areas: dict[str, _Area],
    months: float,
    z: float,
    reason: str,
    events_noun: str,
    limits: SmallNumbers,
    shared: int,
) -> pd.DataFrame:
    rows = []
    for first, second in combinations([group for group, area in areas.items() if area.patients], 2):
        pair = {first: areas[first], second: areas[second]}
        errors = [f"{group}: {words}" for group in pair if (words := _error_reason(pair[group], months, events_noun))]
        small = limits.reason(
            {group: area.events for group, area in pair.items()},
            {group: area.patients for group, area in pair.items()},
            shared,
        )
        withheld = reason or small or "; ".join(errors)
        difference = np.nan if reason else areas[second].mean - areas[first].mean
        error = np.nan if withheld else np.sqrt(areas[first].variance + areas[second].variance)
        p = two_sided(difference / error)
        rows.append((first, second, months, difference, difference - z * error, difference + z * error, p, withheld))
    columns = ["group_a", "group_b", "months", "difference", "lower", "upper", "p", "withheld"]
    return pd.DataFrame(rows, columns=columns)
