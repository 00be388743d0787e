"""Rules made narrower: the same state with a limit to prednisone, or sustained for some months."""

from __future__ import annotations

from dataclasses import replace

from analysis.facts.criteria import AtMost
from analysis.facts.remission import RECORDED, RemissionRule


def with_prednisone_at_most(rule: RemissionRule, mg_per_day: float) -> RemissionRule:
    """Return a rule that also asks for prednisone at or below a dose, at the same visit.

    Parameters
    ----------
    rule
        The rule.
    mg_per_day
        The highest dose, in mg/day; 0 for none.

    Raises
    ------
    ValueError
        If the dose is below 0.

    Examples
    --------
    >>> from analysis import doris_2021, with_prednisone_at_most
    >>> with_prednisone_at_most(doris_2021(), 2.5).name
    'DORIS 2021 with prednisone at most 2.5 mg/day'
    """
    if not mg_per_day >= 0:
        raise ValueError("A dose is a number from 0.")
    words = f"with prednisone at most {mg_per_day:g} mg/day" if mg_per_day else "without prednisone"
    cap = AtMost("prednisone_mg_per_day", mg_per_day)
    return replace(
        rule,
        name=f"{_by_name(rule)} {words}",
        words=f"{rule.words} {words}",
        criteria=(*rule.criteria, cap),
        partial=(*rule.partial, cap) if rule.partial else (),
    )


def without_steroids(rule: RemissionRule) -> RemissionRule:
    """Return a rule that also asks for a prednisone of 0 mg/day at the same visit.

    Other steroids count only as far as the column of doses includes them.

    Parameters
    ----------
    rule
        The rule.

    Examples
    --------
    >>> from analysis import lldas, without_steroids
    >>> without_steroids(lldas()).name
    'LLDAS without prednisone'
    """
    return with_prednisone_at_most(rule, 0)


def sustained(rule: RemissionRule, months: float, visits: int = 2) -> RemissionRule:
    """Return a rule that asks for the same state at every visit over some months.

    The state is reached at the visit at which it has been held for so many months, at every visit with a known state
    and at no fewer visits than asked; it is kept until the first visit without it. Between visits nothing is known: two
    visits far apart, both in the state, count. A complete state is sustained by complete ones alone, a partial state by
    partial and complete ones.

    Parameters
    ----------
    rule
        The rule.
    months
        For how long, in months from the first visit in the state.
    visits
        The least number of visits in the state, the first and the last among them.

    Raises
    ------
    ValueError
        If the months are not above 0, the visits below 1, or the rule is one of a sustained state already.

    Examples
    --------
    >>> from analysis import doris_2021, sustained
    >>> sustained(doris_2021(), 12).name
    'DORIS 2021 for 12 months'
    """
    if not 0 < months < float("inf") or not visits >= 1:
        raise ValueError("A state is sustained for a number of months above 0, at 1 visit or more.")
    if rule.months:
        raise ValueError(f"{rule.name} is sustained already.")
    how_long = f"at every visit for at least {months:g} months, at {visits} visits or more"
    return replace(
        rule,
        name=f"{_by_name(rule)} for {months:g} months",
        words=f"{rule.words}, {how_long}, reached when it has lasted so long",
        state=f"sustained {rule.state}",
        months=float(months),
        visits=int(visits),
    )


def _by_name(rule: RemissionRule) -> str:
    """Return the name of a rule, to follow "by"."""
    return "the recorded state" if rule == RECORDED else rule.name
