"""The sentence that states the result of one curve: the share at one time, and the number at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.cohort.wording import count_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.number_words import NO_PATIENTS, of_group
from analysis.figures.common.times_in_common import CommonTime
from analysis.figures.survival.told_curves import (
    Curves,
    at_risk_words,
    cell_words,
    common_time,
    incidence_curves,
    survival_curves,
    when_words,
)


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
    """Return the share of a single group at one time, with the number at risk; "" for several, which have a verdict.

    Parameters
    ----------
    result
        The curve.
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
    return _reading(survival_curves(result, failure), outcome, events_noun, months, few, until)


def incidence_reading(
    result: CumulativeIncidence,
    outcome: str,
    events_noun: str = "events",
    *,
    months: Sequence[float] = (),
    few: int = FEW_AT_RISK,
    until: float | None = None,
) -> str:
    """Return the same for an incidence; `outcome` is the event, such as "relapsed"."""
    return _reading(incidence_curves(result), outcome, events_noun, months, few, until)


def _reading(
    curves: Curves, outcome: str, events_noun: str, months: Sequence[float], few: int, until: float | None
) -> str:
    if len(curves.patients) != 1:
        return "" if curves.patients else NO_PATIENTS
    (group,) = curves.patients
    time = common_time(curves, months=months, few=few, until=until)
    at = curves.at([time.at]).iloc[0]
    why = "" if time.enough and time.last else f"the last with at least {few} at risk"
    why = why if time.enough else f"at no month are {few} at risk"
    when = when_words(curves, time.at)
    when = f"{when} ({why})" if why else when
    if curves.events[group] == 0:
        words = f"{_quiet(curves, group, time, events_noun, when)}, {at_risk_words(at)}"
    else:
        words = f"{outcome} at {when}: {cell_words(at, curves.patients[group])}"
    return " ".join(filter(None, [of_group(group, words), curves.caution]))


def _quiet(curves: Curves, group: str, time: CommonTime, events_noun: str, when: str) -> str:
    """Return that a group has no events, and the largest share with the event compatible with the data."""
    words = f"0 {events_noun} among {count_words(curves.patients[group], 'patient')}"
    own = curves.curve[curves.curve["group"] == group]
    # The limit just before that time: patients censored at it count as followed until then.
    before = own[(own["months"] < time.at) | (own["months"] == 0)].iloc[-1]
    worst = before["upper"] if curves.with_event else 1 - before["lower"]
    allowed = "" if math.isnan(worst) else f" the data are compatible with up to {100 * worst:.0f} %"
    return f"{words}; by {when}{allowed}"
